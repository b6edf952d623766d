"""Orders that shops confirm first, beside others in one payment: any steps, and a bank that lets go.

Nothing is taken that a shop didn't confirm, and what was taken is what stands. Silence ends every order.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from catalog.models import Stock
from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from orders import cancellation, confirming
from orders.models import Order, OrderLine
from orders.states import OrderState
from outbox import platform_clock, relay
from payments.models import Charge, Payment
from payments.sandbox_models import SandboxHold
from tests.builders.reserved import made_to_order
from tests.builders.shops import a_listing, a_merchant
from tests.machines.test_orders_machine import EXAMPLES, OrdersMachine

SHOP = Actor.member(new_id(), new_id())


class ConfirmingMachine(OrdersMachine):
    """While the provider is `away`, its calls wait, and between word and money everything may happen."""

    away = False
    # What follows the money is looked at by the machine before.
    confirm: Any = None
    scan: Any = None
    cancel: Any = None
    ask: Any = None
    move_return: Any = None
    hold: Any = None
    refund_part: Any = None
    settle: Any = None

    def hand_on(self) -> None:
        if not self.away:
            return super().hand_on()
        with clock.frozen(self.now):
            relay.drain_all()
        return None

    @rule(away=st.booleans())
    def provider(self, away: bool) -> None:
        self.away = away
        self.hand_on()

    @rule(data=st.data())
    def give_word(self, data: st.DataObject) -> None:
        if order := self.an_order(data):
            self.do(confirming.confirm, order_id=order.pk, actor=SHOP)

    @rule(data=st.data(), reason=st.sampled_from([*map(str, confirming.Decline), "because"]))
    def refuse_word(self, data: st.DataObject, reason: str) -> None:
        if order := self.an_order(data):
            self.do(confirming.decline, order_id=order.pk, reason=reason, actor=SHOP)

    @rule(data=st.data())
    def change_mind(self, data: st.DataObject) -> None:
        if order := self.an_order(data):
            self.do(cancellation.cancel, order_id=order.pk)

    @rule(data=st.data())
    def the_bank_lets_go(self, data: st.DataObject) -> None:
        """Without a word to us: what is asked for later is turned down."""
        held = list(SandboxHold.objects.filter(state="held").order_by("id"))
        if held:
            one = data.draw(st.sampled_from(held))
            SandboxHold.objects.filter(pk=one.pk).update(state="released")

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def nothing_is_taken_that_no_shop_confirmed(self) -> None:
        for payment in Payment.objects.filter(authorise_first=True, state="captured"):
            orders = Order.objects.filter(payment_id=payment.pk)
            for order in orders.filter(paid_at__isnull=False):
                assert not order.is_unconfirmed, order
            taken = sum(order.total_minor for order in orders if order.paid_at)
            kept = Charge.objects.get(payment=payment, extra=False).amount_minor
            assert payment.taken.minor == kept and taken <= kept

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def goods_are_neither_made_nor_lost(self) -> None:
        """Reserved at the bank, they are off the shelf already."""
        for listing in self.listings:
            row = Stock.objects.get(pk=listing.pk)
            sold = sum(
                line.quantity - line.cancelled_quantity
                for line in OrderLine.objects.filter(listing_id=listing.pk).select_related("order")
                if (line.order.paid_at or line.order.reserved_at) and line.order.state != OrderState.CANCELLED
            )
            assert 0 <= row.reserved <= row.on_hand and row.on_hand + sold == 8

    def everybody_falls_silent(self) -> None:
        self.away = False
        super().everybody_falls_silent()
        assert not SandboxHold.objects.filter(state="held").exists()


@pytest.mark.django_db
def test_reserved_confirmed_or_let_go_under_any_steps(db: None) -> None:
    platform_clock.allow_shifting(allowed=True)
    listings: list[Any] = [
        made_to_order(hours=24, price="33.33", freight="10.00", stock=8),
        made_to_order(hours=6, merchant=a_merchant(), price="0.07", stock=8),
        a_listing(merchant=a_merchant(), price="100.01", freight="0.01", stock=8),
    ]
    ConfirmingMachine.listings = listings
    run_state_machine_as_test(
        ConfirmingMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
