"""A shop's statement of a month: what stood there, every movement, what stands there; it sums to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import N_
from kernel.money import EXPONENTS
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from payments import order_numbers, shop_account
from payments.paying_out.turns import ZONE
from payments.shop_account import AccountLine, AccountSpan
from privacy.access_record import record_export
from web.export import csv_response
from web.http import Request
from web.paging import Fetched, asked_for, paginate
from web.respond import page

MOST_IN_FILE = 100_000
# The beginning of an entry's purpose → what it is to a shop.
WORDS = {
    "settlement": N_("Settled order, less the fee"),
    "payout_failed": N_("Payout that came back"),
    "payout": N_("Payout"),
    "duty_back": N_("Import tax back after a refund"),
    "deposit_freed": N_("Freed from the deposit"),
    "deposit": N_("Paid into the deposit"),
    "reserve_freed": N_("Freed from the reserve"),
    "reserve": N_("Kept in the reserve"),
    "recovery": N_("Paid back to the protection fund"),
    "complaint": N_("Given back after a case"),
    "claim": N_("Given back after a case"),
    "promise": N_("Paid for a broken promise"),
    "award": N_("Compensation to a buyer"),
    "dispute": N_("Dispute of a buyer's bank"),
    "placement": N_("Paid place"),
    "return_label": N_("Carriage of a return, free for its buyer"),
    "fee_relief": N_("Fee paid with merchant points"),
    "correction": N_("Correction of the books"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """By the calendar of Beijing: from the first instant of its first day to that of the next month."""

    first_day: date

    @classmethod
    def read(cls, text: str, *, at: datetime) -> Month:
        """From "2026-11"; anything else, and what lies ahead, is the month of `at`."""
        now = at.astimezone(ZONE).date().replace(day=1)
        try:
            asked = date.fromisoformat(f"{text}-01")
        except ValueError:
            return cls(now)
        return cls(min(max(asked, date(2020, 1, 1)), now))

    def __str__(self) -> str:
        return f"{self.first_day:%Y-%m}"

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first_day, time(), ZONE)

    @property
    def following(self) -> Month:
        return Month((self.first_day + timedelta(days=31)).replace(day=1))

    @property
    def before(self) -> Month:
        return Month((self.first_day - timedelta(days=1)).replace(day=1))


@never_cache
@require_safe
def statement(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    month, asked = Month.read(request.GET.get("month", ""), at=clock.now()), request.GET.get("currency", "")
    currency = asked if asked in EXPONENTS else "CNY"
    span = shop_account.span_of(
        membership.merchant_id, first=month.begins, last=month.following.begins, currency=currency
    )
    if request.GET.get("format") == "csv":
        return _file(membership, month, span)
    return page(request, "payments/shop_statement.html", _shown(request, membership, month, span))


def _shown(request: Request, membership: Membership, month: Month, span: AccountSpan) -> dict[str, object]:
    def fetch(part: slice) -> list[AccountLine]:
        return _lines(membership, month, part, span.opening.currency)

    asked = asked_for(request)
    paged = paginate(request, Fetched(asked.start, fetch(asked), fetch), total=span.count)
    numbers = order_numbers.of(shop_account.references(paged))
    ahead = month.following.first_day <= clock.now().astimezone(ZONE).date()
    return {
        "merchant": membership.merchant,
        "month": month,
        "span": span,
        "paged": paged,
        "rows": [(line, said(line), numbers.get(line.reference, "")) for line in paged],
        "following": month.following if ahead else None,
        "currency": span.opening.currency,
    }


def _lines(membership: Membership, month: Month, part: slice, currency: str) -> list[AccountLine]:
    begin, end = month.begins, month.following.begins
    return shop_account.lines_of(membership.merchant_id, first=begin, last=end, part=part, currency=currency)


def said(line: AccountLine) -> str:
    """What a movement is, in words; one that has none is shown by its purpose."""
    words = WORDS.get(line.purpose.partition(":")[0])
    return _(words) if words else line.purpose


def _file(membership: Membership, month: Month, span: AccountSpan) -> HttpResponse:
    """Opening, each movement with what stood there after it, closing: the last two figures are the same."""
    held = _lines(membership, month, slice(0, MOST_IN_FILE), span.opening.currency)
    number = record_export(
        actor=membership.actor,
        what="payments.statement",
        rows=len(held),
        subject_ids=(),
        fields=(),
        at=clock.now(),
    )
    numbers = order_numbers.of(shop_account.references(held))
    rows: list[list[object]] = [["", _("Opening"), "", "", span.opening.decimal_text]]
    stands = span.opening
    for line in held:
        stands += line.amount
        number_of = numbers.get(line.reference, line.reference)
        rows.append([_instant(line), said(line), number_of, line.amount.decimal_text, stands.decimal_text])
    rows.append(["", _("Closing"), "", (span.came + span.left).decimal_text, span.closing.decimal_text])
    header = [_("Time"), _("What"), _("Number"), f"{_('Sum')} ({span.opening.currency})", _("Stands there")]
    return csv_response(f"statement-{month}-{span.opening.currency}", header, rows, number=number)


def _instant(line: AccountLine) -> str:
    return line.at.astimezone(ZONE).isoformat(timespec="seconds")
