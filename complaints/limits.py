"""What a complaint may be about and until when; refused with what to do instead."""

from __future__ import annotations

from datetime import datetime, timedelta

from complaints.grounds import MONEY_WISHES, Category, Wish
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money
from orders.models import FaultClaim, Order, OrderLine, Return
from orders.states import OrderState
from rulebook import policies

TEXT_LIMIT = 4000
FILES_LIMIT = 20


class ComplaintNotPossible(DomainError):
    code = "complaint_not_possible"
    message = N_("This order was never paid, so there is nothing to complain about. You can simply leave it.")


class ComplaintTooLate(DomainError):
    code = "complaint_too_late"
    message = N_(
        "The time to complain here ended on %(day)s. You can still turn to 12315 or a court; the order page"
        " has the papers for it."
    )


class TextMissing(Invalid):
    code = "text_missing"
    message = N_("Tell in a sentence or two what happened.")


class TextTooLong(Invalid):
    code = "text_too_long"
    message = N_("That is %(length)s characters; there is room for %(limit)s. Shorten it, or add a file.")


class ClaimOutOfRange(Invalid):
    code = "claim_out_of_range"
    message = N_("Ask for a sum between 0.01 and %(most)s: that is what was paid and not yet given back.")


class TooManyFiles(Invalid):
    code = "too_many_files"
    message = N_("At most %(limit)s files fit into one case. Take out the ones that show the same.")


class UnknownChoice(Invalid):
    code = "unknown_choice"
    message = N_("Choose one of the answers.")


def clean_text(text: str) -> str:
    """The text without null characters and outer blanks.

    :raises TextMissing, TextTooLong:
    """
    cleaned = text.replace("\x00", "").strip()
    if not cleaned:
        raise TextMissing()
    if len(cleaned) > TEXT_LIMIT:
        raise TextTooLong(length=len(cleaned), limit=TEXT_LIMIT)
    return cleaned


def require_choice(category: str, wish: str) -> tuple[Category, Wish]:
    """:raises UnknownChoice:"""
    try:
        return Category(category), Wish(wish)
    except ValueError as error:
        raise UnknownChoice() from error


def require_complainable(order: Order, *, at: datetime) -> None:
    """While a return or a claim runs it is never too late: a refusal must find a case to go to.

    :raises ComplaintNotPossible: never paid; ComplaintTooLate: after the window of the policy
    """
    if order.state in (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED) or order.paid_at is None:
        raise ComplaintNotPossible()
    last = last_instant(order)
    if last is not None and at >= last and not _something_runs(order):
        raise ComplaintTooLate(day=last.date().isoformat())


def _something_runs(order: Order) -> bool:
    return any(rows.objects.of_order(order.pk).unfinished().exists() for rows in (Return, FaultClaim))


def last_instant(order: Order) -> datetime | None:
    """The first instant that is too late; None before delivery, when no clock runs."""
    start = order.delivered_at
    if start is None:
        return None
    return start + timedelta(days=policies.number("complaint.window_days", order.placed_at))


def most_claimable(order: Order, line: OrderLine | None) -> Money:
    """What was paid for the line (or the whole order) and not yet given back."""
    if line is None:
        return order.left
    return min(line.left, order.left)


def claim_of(wish: Wish, asked: Money | None, most: Money) -> Money:
    """What the wish is worth at most; one without a sum holds the whole line's money until it is met.

    :raises ClaimOutOfRange:
    """
    if wish is not Wish.PART_REFUND:
        return min(asked, most) if asked is not None and asked.minor > 0 else most
    if asked is None or asked.minor <= 0 or asked > most:
        raise ClaimOutOfRange(most=most.decimal_text)
    return asked


def is_about_money(wish: str) -> bool:
    return wish in MONEY_WISHES
