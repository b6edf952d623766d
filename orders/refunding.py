"""Money back from an order's escrow: the one way for returns, cancellations and decided complaints."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from orders import deadlines, dealing, earning, import_duties, rewarding
from orders.campaigns import funding
from orders.events import OrderRefunded
from orders.invoices import crediting
from orders.lifecycle import ORDER, move, prove
from orders.models import Order
from payments import escrow, refunds
from payments.models import Refund

MOST_ATTEMPTS = 5


class RefundExceedsEscrow(DomainError):
    code = "refund_exceeds_escrow"
    message = N_("Only %(left)s of this order is still in escrow. Choose a sum up to that.")


def in_escrow(*, order_id: UUID) -> Money:
    """What is held for this order now."""
    return escrow.balance(order_id)


@transaction.atomic
def refund_part(
    *, order_id: UUID, amount: Money, purpose: str, actor: Actor, at: datetime, line_id: UUID | None = None
) -> Refund:
    """Send `amount` from the order's escrow back to the buyer; the last fen ends the order.

    `purpose` names the cause ("complaint:<id>") and is unique per order: a repetition moves nothing twice.
    With `line_id` it is written to that line, so that a return of the same goods can't pay it again.
    :raises RefundExceedsEscrow: for more than is held
    """
    order = Order.objects.locked(order_id)
    known = order.refunded_minor
    refund = give_back(order, amount=amount, purpose=purpose, actor=actor, at=at)
    if line_id is not None and order.refunded_minor > known:
        line = order.lines.get(pk=line_id)
        line.refunded_minor += min(amount, line.left).minor
        line.save(update_fields=["refunded_minor"])
        funding.follow(order, at=at)
    end_if_empty(order, actor=actor, at=at)
    return refund


def give_back(order: Order, *, amount: Money, purpose: str, actor: Actor, at: datetime) -> Refund:
    """Refund from a locked order without touching its state.

    :raises RefundExceedsEscrow: for more than is held
    """
    known = Refund.objects.filter(reference=order.pk, purpose=purpose).first()
    if known is not None:
        return known
    held = min(escrow.balance(order.pk), order.left)
    if amount > held:
        raise RefundExceedsEscrow(left=held)
    refund = refunds.refund(reference=order.pk, amount=amount, purpose=purpose, actor=actor, at=at)
    order.refunded_minor += amount.minor
    order.save(update_fields=["refunded_minor"])
    crediting.follow(order, amount=amount, cause=purpose, at=at)
    funding.follow(order, at=at)
    earning.follow(order, at=at)
    rewarding.follow(order, at=at)
    import_duties.follow(order, at=at)
    prove(order, "orders.order.give_back", {"amount_minor": amount.minor, "purpose": purpose}, at=at)
    return refund


@transaction.atomic
def try_again(*, order_id: UUID, amount: Money, purpose: str, actor: Actor, at: datetime) -> Refund | None:
    """The provider couldn't pay, the money is back in escrow: ask again a few times, then staff must look."""
    cause, _mark, attempt = purpose.partition("~")
    number = int(attempt or 1)
    if number >= MOST_ATTEMPTS:
        return None
    order = Order.objects.locked(order_id)
    again = f"{cause}~{number + 1}"
    refund = refunds.refund(reference=order.pk, amount=amount, purpose=again, actor=actor, at=at)
    prove(order, "orders.refund.again", {"amount_minor": amount.minor, "purpose": again}, at=at)
    return refund


def end_if_empty(order: Order, *, actor: Actor, at: datetime) -> None:
    """Nothing of what was paid is left: the order is over."""
    if not order.left.is_zero or not ORDER.allows(order.state, "refund"):
        return
    deadlines.end_order(order, at=at)
    dealing.void(order, cause="refunded", at=at)
    move(
        order,
        "refund",
        actor=actor,
        at=at,
        fact=OrderRefunded(order.pk, order.merchant_id, order.subject_id, order.refunded_minor),
        proof={"refunded_minor": order.refunded_minor},
    )
