"""Whether goods may be repaired or exchanged on a day, by which rule, on whose cost; writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import N_, DomainError, Invalid, NotFound
from law import aftercare as law
from orders import asking, part_returns
from orders.aftercare import history
from orders.limits import NOTE_LENGTH
from orders.models import FaultClaim, Order, OrderLine
from orders.models.claims import EXCHANGE, REPAIR
from orders.refund_sums import RefundSum
from orders.states import ClaimState, OrderState
from rulebook import current

BOUGHT = (OrderState.DELIVERED, OrderState.SETTLED)


class NothingToClaim(DomainError):
    code = "nothing_to_claim"
    message = N_(
        "Repair and exchange start with delivery, for goods that you still have. "
        "If something else is wrong, open a complaint."
    )


class SoldByAPerson(DomainError):
    code = "no_repair_by_a_person"
    status = 422
    message = N_(
        "A private person sold this and owes no repair. If it isn't as described, return it or complain."
    )


class RemedyNotOpen(Invalid):
    code = "remedy_not_open"
    message = N_("The law and the warranty don't give you this today. Choose one of those shown.")


class FaultMissing(Invalid):
    code = "fault_missing"
    message = N_("Say what is wrong, so that the merchant knows what to look for.")


class FaultTooLong(Invalid):
    code = "fault_too_long"
    message = N_("Say it in at most %(most)s characters.")


class FaultUnknown(Invalid):
    code = "fault_unknown"
    message = N_("Choose an earlier repair of this item, or say that the fault is new.")


@dataclass(frozen=True, slots=True)
class Request:
    """A claim that may be made: the remedy with its rule, and what would go back instead of it."""

    line: OrderLine
    quantity: int
    remedy: law.Open
    sum: RefundSum
    repeats: FaultClaim | None


def line_of(order: Order, line_id: UUID) -> OrderLine:
    """:raises NotFound: for a line of another order"""
    found = OrderLine.objects.of_order(order.pk).filter(pk=line_id).first()
    if found is None:
        raise NotFound()
    return found


def remedies(
    order: Order,
    line: OrderLine,
    claims: Iterable[FaultClaim],
    *,
    at: datetime,
    repeats: FaultClaim | None = None,
) -> tuple[law.Open, ...]:
    """What the buyer may ask for this line now; () where it is nothing. `claims` are all of the line's."""
    if order.state not in BOUGHT or order.by_person or not line.returnable_quantity:
        return ()
    found = history.bought(order, line, claims, repeats=repeats)
    if found is None:
        return ()
    pack, calendar = current.pack(order.place, order.placed_at), current.calendar(order.place)
    return law.remedies(found, pack=pack, calendar=calendar, at=at)


def check(
    order: Order,
    *,
    line_id: UUID,
    quantity: int,
    remedy: str,
    at: datetime,
    repeats_id: UUID | None = None,
) -> Request:
    """Work a claim out.

    :raises NothingToClaim, SoldByAPerson, AlreadyReturning: nothing can be asked for this line now
    :raises RemedyNotOpen, QuantityOutOfRange, FaultUnknown: with the field to change
    """
    line = line_of(order, line_id)
    if order.by_person:
        raise SoldByAPerson()
    if order.state not in BOUGHT or order.delivered_at is None or not line.returnable_quantity:
        raise NothingToClaim()
    if order.is_voucher:
        raise NothingToClaim()
    asking.check_lines_free([line.pk])
    asking.check_units([(line, quantity)])
    repeats = _repeated(line, repeats_id)
    claims = list(FaultClaim.objects.of_line(line.pk))
    opened = {str(one.kind): one for one in remedies(order, line, claims, at=at, repeats=repeats)}
    if remedy not in (REPAIR, EXCHANGE) or remedy not in opened:
        raise RemedyNotOpen(field="remedy")
    return Request(line, quantity, opened[remedy], worth(order, line, quantity), repeats)


def _repeated(line: OrderLine, claim_id: UUID | None) -> FaultClaim | None:
    if claim_id is None:
        return None
    found = FaultClaim.objects.of_line(line.pk).filter(pk=claim_id, state=ClaimState.DONE).first()
    if found is None:
        raise FaultUnknown(field="repeats")
    return found


def worth(order: Order, line: OrderLine, quantity: int) -> RefundSum:
    """What goes back for these pieces of a locked or read order where nothing else helps."""
    return part_returns.parts(order, [(line, quantity)], no_reason=False).sum


def clean_fault(text: str) -> str:
    """:raises FaultMissing, FaultTooLong:"""
    said = text.strip()
    if not said:
        raise FaultMissing(field="fault")
    if len(said) > NOTE_LENGTH:
        raise FaultTooLong(field="fault", most=NOTE_LENGTH)
    return said
