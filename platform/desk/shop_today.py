"""A merchant's day: what is due by whom, what waits for others, where the money is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import licensing
from catalog.completeness import assess
from catalog.contents import working_title
from catalog.lifecycle import ListingState
from catalog.models import Listing
from catalog.schemas_by_version import schema_at
from complaints.models import Complaint
from complaints.states import ComplaintState
from complaints.web.presenting import headline
from deadlines import booking
from deadlines.models import Deadline
from kernel.money import Money
from merchants.models import Merchant
from orders.models import Order, OrderHold, Return
from orders.states import ReturnState
from orders.tabs import MERCHANT_TABS
from payments import accounts, ledger
from payments.deposits import shown as deposits
from payments.models import Posting
from web.formats import money_text

DRAFTS = 3
# What only informs and asks nothing of a merchant.
_SILENT_KINDS = {
    "orders.settlement",
    "orders.return_window",
    "orders.private_return",
    "orders.dispatch_limit",
    "claims.repair_limit",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One thing on the list: the question, what happens if nobody acts, and where to do it.

    `clock` is the row that gives `due_at`, for its rule; none while only the copy on the order is left.
    """

    title: str
    what: str
    outcome: str
    url: str
    action: str
    due_at: datetime | None = None
    clock: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that is somebody else's turn."""

    who: str
    what: str
    then: str
    due_at: datetime | None


class Day:
    """Everything open of one merchant, read with a fixed number of statements."""

    def __init__(self, merchant: Merchant, *, at: datetime) -> None:
        self.merchant, self.at = merchant, at
        self.orders = list(Order.objects.of_merchant(merchant.pk).in_tab("to_ship", MERCHANT_TABS))
        unsaid = Order.objects.of_merchant(merchant.pk).in_tab("to_confirm", MERCHANT_TABS)
        self.unconfirmed = list(unsaid.order_by("confirm_by", "id"))
        open_returns = Return.objects.of_merchant(merchant.pk).unfinished().select_related("order")
        self.returns = list(open_returns)
        cases = Complaint.objects.of_merchant(merchant.pk).running()
        self.cases = list(cases.select_related("order", "line__revision"))
        self.clocks = self._clocks()

    def _clocks(self) -> dict[UUID, Deadline]:
        """The next clock of each open thing that asks somebody to act."""
        references = [one.pk for one in (*self.unconfirmed, *self.orders, *self.returns, *self.cases)]
        found: dict[UUID, Deadline] = {}
        for clock in booking.open_for(references):
            if clock.kind not in _SILENT_KINDS:
                found.setdefault(clock.reference, clock)
        return found

    def due(self, reference: UUID) -> datetime | None:
        clock = self.clocks.get(reference)
        return clock.due_at if clock else None

    def work(self) -> list[Work]:
        """By time left; what has no date comes last."""
        orders = [*self._confirmations(), *self._dispatch()]
        found = [*self._answers(), *orders, *self._return_work(), *self._deposit(), *self._drafts()]
        return sorted(found, key=lambda one: (one.due_at is None, one.due_at or self.at))

    def _answers(self) -> Iterable[Work]:
        wanted: dict[str, tuple[str, str, str]] = {
            ComplaintState.OPEN: (
                _("Answer a complaint: %(about)s"),
                _("If you don't: a ruling on the buyer's evidence, counted as unanswered."),
                _("Answer"),
            ),
            ComplaintState.COUNTERED: (
                _("The buyer asks for something else: %(about)s"),
                _("If you don't answer: our ruling."),
                _("Answer"),
            ),
            ComplaintState.PERFORMING: (
                _("Do what was agreed: %(about)s"),
                _("If you don't: it turns into a refund."),
                _("See what"),
            ),
        }
        for case in self.cases:
            if case.state in wanted:
                title, outcome, action = wanted[case.state]
                yield Work(
                    title=title % {"about": headline(case)},
                    what=_("%(number)s, %(amount)s frozen")
                    % {"number": case.number, "amount": money_text(case.claimed)},
                    outcome=outcome,
                    url=reverse("complaints:shop-case", args=[self.merchant.slug, case.number]),
                    action=action,
                    due_at=self.due(case.pk),
                    clock=self.clocks.get(case.pk),
                )

    def _confirmations(self) -> Iterable[Work]:
        if not self.unconfirmed:
            return
        first, count = self.unconfirmed[0], len(self.unconfirmed)
        yield Work(
            title=ngettext("Confirm %(n)s order", "Confirm %(n)s orders", count) % {"n": count},
            what="、".join(one.number for one in self.unconfirmed[:3]),
            outcome=_("If you don't: the order ends, and nothing stays charged."),
            url=reverse("orders:merchant-orders", args=[self.merchant.slug]) + "?tab=to_confirm",
            action=_("Confirm"),
            due_at=first.confirm_by or self.due(first.pk) or self.at,
            clock=self.clocks.get(first.pk),
        )

    def _dispatch(self) -> Iterable[Work]:
        if not self.orders:
            return
        first = min(self.orders, key=self._promised)
        late = sum(1 for one in self.orders if one.dispatch_by and one.dispatch_by <= self.at)
        count = len(self.orders)
        yield Work(
            title=ngettext("Send %(n)s order", "Send %(n)s orders", count) % {"n": count},
            what=_("%(n)s past their promise: their buyers can cancel with one click.") % {"n": late}
            if late
            else _("The earliest is due first in the list."),
            outcome=_("If you don't: the buyer may cancel; on day 14 it is cancelled and paid back."),
            url=reverse("orders:merchant-orders", args=[self.merchant.slug]) + "?tab=to_ship",
            action=_("Send"),
            due_at=self._promised(first),
            clock=self.clocks.get(first.pk),
        )

    def _promised(self, order: Order) -> datetime:
        return order.dispatch_by or self.due(order.pk) or self.at

    def _return_work(self) -> Iterable[Work]:
        kinds: dict[str, tuple[Callable[[int], str], str, str]] = {
            ReturnState.ASKED: (_answer_returns, _("If you don't: it counts as accepted."), _("Answer")),
            ReturnState.RECEIVED: (_inspect_returns, _("If you don't: paid back in full."), _("Inspect")),
        }
        for state, (title, outcome, action) in kinds.items():
            mine = [one for one in self.returns if one.state == state]
            if mine:
                first = min(mine, key=lambda one: self.due(one.pk) or self.at)
                yield Work(
                    title=title(len(mine)),
                    what="、".join(one.number for one in mine[:3]),
                    outcome=outcome,
                    url=reverse("orders:merchant-returns", args=[self.merchant.slug]),
                    action=action,
                    due_at=self.due(first.pk) or self.at,
                    clock=self.clocks.get(first.pk),
                )

    def _deposit(self) -> Iterable[Work]:
        short = deposits.due(self.merchant.pk)
        if short is not None:
            yield Work(
                title=_("Fill the deposit: %(sum)s") % {"sum": money_text(short.missing)},
                what=_("Sales fill it before anything is paid out."),
                outcome=_("No new goods go on sale until it is whole.")
                if short.overdue
                else _("If you don't: no new goods go on sale until it is whole."),
                url=reverse("payments:merchant-money", args=[self.merchant.slug]) + "#deposit",
                action=_("Fill"),
                due_at=short.due_at,
            )

    def _drafts(self) -> Iterable[Work]:
        drafts = Listing.objects.filter(merchant=self.merchant, state=ListingState.DRAFT)
        papers = licensing.papers_of(self.merchant, at=self.at)
        for listing in drafts.select_related("category").order_by("-draft_saved_at", "id")[:DRAFTS]:
            schema = schema_at(listing.category_id, listing.category.schema_version)
            gaps = [
                *assess(schema, listing.draft).gaps,
                *licensing.missing(schema, listing.draft, papers=papers),
            ]
            missing = len(gaps)
            if missing:
                text = ngettext(
                    "%(n)s thing is missing before it can be published.",
                    "%(n)s things are missing before it can be published.",
                    missing,
                )
                yield Work(
                    title=working_title(listing.draft) or listing.code,
                    what=text % {"n": missing},
                    outcome="",
                    url=reverse("catalog:listing", args=[self.merchant.slug, listing.pk.hex]),
                    action=_("Go on"),
                )

    def waiting(self) -> list[Waiting]:
        """What needs nothing from the merchant now."""
        found = [*self._waiting_cases(), *self._waiting_returns()]
        return sorted(found, key=lambda one: (one.due_at is None, one.due_at or self.at))

    def _waiting_cases(self) -> Iterable[Waiting]:
        whose = {
            ComplaintState.ANSWERED: (_("Buyer"), _("then to the platform's ruling")),
            ComplaintState.PERFORMED: (_("Buyer"), _("then the case ends as agreed")),
            ComplaintState.DECIDING: (_("Platform"), _("late: with a senior, in the public figures")),
        }
        for case in self.cases:
            if case.state in whose:
                who, then = whose[ComplaintState(case.state)]
                yield Waiting(who, headline(case), then, self.due(case.pk))

    def _waiting_returns(self) -> Iterable[Waiting]:
        whose = {
            ReturnState.ACCEPTED: (_("Buyer"), _("not posted: closed")),
            ReturnState.POSTED: (_("Carrier"), _("on arrival your time to inspect starts")),
        }
        for one in self.returns:
            if one.state in whose:
                who, then = whose[ReturnState(one.state)]
                yield Waiting(who, _("Return %(number)s") % {"number": one.number}, then, self.due(one.pk))

    def counts(self) -> dict[str, int]:
        """What stands beside the rail's entries."""
        return {"orders": len(self.orders), "complaints": len(self.cases), "returns": len(self.returns)}

    def due_today(self) -> int:
        end = self.at + timedelta(hours=24)
        return sum(1 for one in self.work() if one.due_at is not None and one.due_at < end)


def _answer_returns(count: int) -> str:
    return ngettext("Answer %(n)s return", "Answer %(n)s returns", count) % {"n": count}


def _inspect_returns(count: int) -> str:
    return ngettext("Inspect %(n)s return", "Inspect %(n)s returns", count) % {"n": count}


def money(merchant: Merchant) -> dict[str, Any]:
    """What may be paid out, what is held and what is frozen, from the ledger."""
    in_escrow = Order.objects.of_merchant(merchant.pk).held()
    in_a_case = OrderHold.objects.filter(lifted_at__isnull=True).values("order_id")
    held = _escrow(in_escrow.exclude(pk__in=in_a_case))
    frozen = _escrow(in_escrow.filter(pk__in=in_a_case))
    available = ledger.balance(accounts.available(merchant.pk))
    return {"available": available, "held": held, "frozen": frozen, "total": available + held + frozen}


def _escrow(orders: Any) -> Money:
    names = [accounts.escrow(pk) for pk in orders.values_list("pk", flat=True)]
    found = Posting.objects.filter(account__in=names).aggregate(minor=Sum("amount_minor"))
    return Money(int(found["minor"] or 0))
