"""Orders whose shop confirms first, for tests: reserved at the sandbox, whose calls are made in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from orders import confirming, invariants
from orders.checkout import Checkout
from orders.models import Order
from outbox.models import Message
from payments import invariants as money_invariants
from payments.models import LedgerEntry, Payment, Refund
from payments.sandbox import straight
from payments.sandbox_models import SandboxCharge, SandboxHold
from tests.builders.orders import ORDERED, a_checkout, drain, member_of, pay
from tests.builders.shops import a_listing

AT = ORDERED + timedelta(minutes=5)
LATER = AT + timedelta(hours=2)


def made_to_order(hours: int = 24, **more: Any) -> Any:
    """A live listing whose shop confirms each order first."""
    return a_listing(terms={"confirm_hours": hours}, **more)


def a_reserved_order(*listings: Any, quantity: int = 1) -> Checkout:
    """Ordered, and the sum reserved at the sandbox; one order per listing's shop."""
    wanted = [(each, quantity) for each in listings or (made_to_order(),)]
    done = a_checkout(listings=wanted)
    pay(done, at=AT)
    return done


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def work(at: datetime) -> None:
    """The provider is called, and what it says is handed on."""
    straight.run(at=at)
    drain(at=at)


def confirm(order: Order, at: datetime = LATER) -> None:
    confirming.confirm(order_id=order.pk, actor=member_of(order), at=at)
    work(at)


def decline(order: Order, reason: str = "sold_out", at: datetime = LATER) -> None:
    confirming.decline(order_id=order.pk, reason=reason, actor=member_of(order), at=at)
    work(at)


def settled() -> None:
    money_invariants.settle_constraints()
    assert not money_invariants.all_offences() and not invariants.all_offences()


def facts(name: str) -> list[dict[str, Any]]:
    return [each.payload for each in Message.objects.filter(name=f"orders.{name}").order_by("id")]


def payment_of(done: Checkout) -> Payment:
    return Payment.objects.get(pk=done.payment.pk)


def nothing_taken(done: Checkout) -> None:
    assert not SandboxCharge.objects.exists() and not LedgerEntry.objects.exists()
    assert not Refund.objects.exists()
    assert payment_of(done).state == "released"
    assert SandboxHold.objects.get().state == "released"
