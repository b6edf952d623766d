"""What becomes of covers as their orders and payments go their way."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from kernel.money import Money
from orders.cover import following
from orders.events import OrderFact
from orders.models import OrderCover
from payments import ledger, refunds, stuck_refunds
from payments.events import PaymentCaptured, RefundFailed


def on_order_moved(event: OrderFact, *, at: datetime) -> None:
    following.follow(order_id=event.order_id, at=at)


def on_payment_captured(event: PaymentCaptured, *, at: datetime) -> None:
    """Late money for an order that is over: its covers go back, too."""
    following.follow_payment(payment_id=event.payment_id, at=at)


def on_refund_failed(event: RefundFailed, *, at: datetime) -> None:
    """A premium that the provider couldn't give back is tried again; after that the money desk looks."""
    if not OrderCover.objects.filter(pk=event.reference).exists():
        return
    again = None
    amount = Money(event.amount_minor, event.currency)
    # What a dispute has taken meanwhile isn't there to be sent; the desk sees how that ends.
    with suppress(refunds.RefundExceedsCaptured, ledger.NotEnoughMoney):
        again = following.try_again(cover_id=event.reference, amount=amount, purpose=event.purpose, at=at)
    if again is None:
        stuck_refunds.put_before_staff(refund=event.refund_id, at=at)
