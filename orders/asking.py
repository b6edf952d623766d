"""Whether goods may go back, on whose cost, and for how much: asked before and while asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog import promises as merchant_promises
from kernel.errors import N_, DomainError, Invalid
from law.returns import PROMISED_DAYS, exclusion_holds
from orders import contract_terms, deadlines, packing, part_returns
from orders.lifecycle import OrderState
from orders.models import FaultClaim, Order, OrderLine, ReturnLine
from orders.part_returns import Parts
from orders.refund_sums import QuantityOutOfRange, RefundSum
from orders.set_refunds import SetShare
from orders.set_returns import paid as paid
from rulebook import current

# Paid, and not all of it has come.
COMING = (OrderState.PAID, OrderState.SHIPPED)
KINDS = ("no_reason", "quality", "not_as_described")


class NotDelivered(DomainError):
    code = "not_delivered"
    message = N_("This order can't be returned now: a return starts after delivery and ends with the order.")


class ReturnWindowClosed(DomainError):
    code = "return_window_closed"
    message = N_("The return window closed on %(ended)s. You can still open a complaint.")


class QualityWindowClosed(DomainError):
    code = "quality_window_closed"
    message = N_("Sending faulty goods straight back was possible until %(ended)s. Open a complaint instead.")


class LineNotReturnable(DomainError):
    code = "line_not_returnable"
    status = 422
    message = N_(
        "This item can't be returned without a reason; the listing said so. If it is faulty, say so instead."
    )


class SoldByAPerson(DomainError):
    code = "sold_by_a_person"
    status = 422
    message = N_(
        "A private person sold this and promised no return without a reason. "
        "If it isn't as described, choose that instead."
    )


class AlreadyReturning(DomainError):
    code = "already_returning"
    status = 422
    message = N_("This item is on its way back already. Finish or withdraw that return first.")


class AlreadyClaimed(DomainError):
    code = "already_claimed"
    status = 422
    message = N_("A repair or exchange of this item is under way. Finish or withdraw that first.")


class NothingPicked(Invalid):
    code = "nothing_picked"
    message = N_("Pick at least one item to send back.")


class KindUnknown(Invalid):
    code = "return_kind_unknown"
    message = N_("Choose why you want to send it back, or no reason.")


@dataclass(frozen=True, slots=True)
class Request:
    """A return that may be asked for; `parts` says how its sum came about. `at_once`: nobody has a say."""

    parts: Parts
    rule_id: str
    postage_payer: str
    at_once: bool

    @property
    def sum(self) -> RefundSum:
        return self.parts.sum

    @property
    def set_shares(self) -> Mapping[UUID, SetShare]:
        """By the revision of a set, what a part of it gives back and the rest counts at."""
        return self.parts.sets


def check(order: Order, *, lines: Sequence[tuple[UUID, int]], kind: str, at: datetime) -> Request:
    """Work the request out without writing anything; the wizard's first page shows it.

    :raises NotDelivered, ReturnWindowClosed, QualityWindowClosed, LineNotReturnable, AlreadyReturning:
    :raises SoldByAPerson: without a reason, against a private person that promised none
    :raises QuantityOutOfRange, NothingPicked, KindUnknown: with the field to change
    """
    if kind not in KINDS:
        raise KindUnknown(field="kind")
    here = returnable(order)
    if not here:
        raise NotDelivered()
    picked = _picked(order, lines)
    rule_id = _check_time(order, kind, at)
    check_lines_free(line.pk for line, _ in picked)
    merchant_decides = kind != "no_reason" or _check_rule(order, [line for line, _ in picked])
    check_units(picked, here)
    found = part_returns.parts(order, picked, no_reason=kind == "no_reason")
    payer = "trader" if kind != "no_reason" or _merchant_pays(picked) else "consumer"
    return Request(found, rule_id, payer, at_once=not merchant_decides)


def without_reason(order: Order) -> bool:
    """Whether it goes back without a reason at all: against a private person only by its promise."""
    if not order.by_person:
        return True
    if order.state in COMING:
        return any(merchant_promises.return_days(line.terms) for line in order.lines.all())
    return deadlines.window_rule(order) == PROMISED_DAYS


def _picked(order: Order, lines: Sequence[tuple[UUID, int]]) -> list[tuple[OrderLine, int]]:
    known = {line.pk: line for line in OrderLine.objects.of_order(order.pk)}
    wanted: dict[UUID, int] = {}
    for line_id, units in lines:
        if line_id not in known:
            raise NothingPicked(field="lines")
        wanted[line_id] = wanted.get(line_id, 0) + units
    if not wanted:
        raise NothingPicked(field="lines")
    return sorted(((known[pk], units) for pk, units in wanted.items()), key=lambda pair: pair[0].position)


def returnable(order: Order) -> dict[UUID, int]:
    """How many pieces of which line can go back now: those the buyer has. {} before any came, and at the end.

    While something is still under way, the window hasn't begun: what has come can go back at any time.
    Services aren't sent back: unused ones are cancelled, and a complaint is about the used ones.
    """
    if order.is_voucher:
        return {}
    lines = OrderLine.objects.of_order(order.pk)
    if order.state == OrderState.DELIVERED:
        return {line.pk: line.returnable_quantity for line in lines}
    if order.state not in COMING:
        return {}
    there = packing.arrived(order)
    return {line.pk: there[line.pk] - line.returned_quantity for line in lines if line.pk in there}


def check_units(picked: Iterable[tuple[OrderLine, int]], here: Mapping[UUID, int] | None = None) -> None:
    """:raises QuantityOutOfRange: for no units, or more than are `here` of a line"""
    for line, units in picked:
        there = line.returnable_quantity if here is None else here.get(line.pk, 0)
        most = max(0, min(there, line.returnable_quantity))
        if not 0 < units <= most:
            raise QuantityOutOfRange(most=most, line_id=line.pk, units=units)


def _check_time(order: Order, kind: str, at: datetime) -> str:
    """The rule that opens this return; acting at the end's instant is late."""
    if order.state in COMING:
        return _rule_before(order, kind, at)
    if kind == "no_reason":
        if not without_reason(order):
            raise SoldByAPerson(field="kind")
        if order.window_ends_at is None or at >= order.window_ends_at:
            raise ReturnWindowClosed(ended=order.window_ends_at)
        return deadlines.window_rule(order)
    window = deadlines.quality_window(order)
    ends = max(window.due_at, order.window_ends_at or window.due_at)
    if at >= ends:
        raise QualityWindowClosed(ended=ends)
    return window.rule_id


def _rule_before(order: Order, kind: str, at: datetime) -> str:
    """The same before all of it came: no clock runs yet, so nothing can be too late."""
    if kind != "no_reason":
        return deadlines.quality_rule(order, at=at)
    if not without_reason(order):
        raise SoldByAPerson(field="kind")
    return deadlines.return_window(order, OrderLine.objects.of_order(order.pk), delivered_at=at).rule_id


def _check_rule(order: Order, lines: Iterable[OrderLine]) -> bool:
    """Whether the merchant has a say, because the buyer confirmed that a broken seal ends the right.

    :raises LineNotReturnable: goods that the law takes out of the right altogether
    """
    pack = current.pack(order.place, order.placed_at)
    has_say = False
    for line in lines:
        if not exclusion_holds(pack=pack, facts=contract_terms.facts_of(line), at=order.placed_at):
            continue
        if not line.confirmed:
            raise LineNotReturnable(field=f"line_{line.pk.hex}")
        has_say = True
    return has_say


def _merchant_pays(picked: Sequence[tuple[OrderLine, int]]) -> bool:
    return all(merchant_promises.return_freight_paid(line.terms) for line, _ in picked)


def check_lines_free(line_ids: Iterable[UUID]) -> None:
    """:raises AlreadyReturning, AlreadyClaimed: when one of them is in an open return or claim"""
    wanted = list(line_ids)
    claimed = FaultClaim.objects.filter(line_id__in=wanted).unfinished().first()
    if claimed is not None:
        raise AlreadyClaimed(field=f"line_{claimed.line_id.hex}")
    busy = ReturnLine.objects.filter(line_id__in=wanted, is_open=True).first()
    if busy is not None:
        raise AlreadyReturning(field=f"line_{busy.line_id.hex}")
