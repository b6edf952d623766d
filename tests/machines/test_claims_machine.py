"""Repairs and exchanges among everything else that happens to orders: any steps, legal or not, any waiting.

All rules of the orders' machine hold on; beside them no order is settled with an open claim, a claim's piece
is on the shelf, with the buyer or paid back, and by time alone every claim reaches an ending.
"""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from catalog.models import Stock
from orders import cart, checkout, fulfilment, holds, returns
from orders.aftercare import claims, mending
from orders.models import FaultClaim, Order, OrderHold, OrderLine, Return
from orders.states import HELD_STATES, OrderState
from outbox import platform_clock
from tests.builders.orders import LIN_WEI, a_tracking_number
from tests.builders.shops import a_listing
from tests.machines.test_orders_machine import SYSTEM, OrdersMachine

EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "6"))
MONTH_HOURS = 24 * 31
STEPS: dict[str, tuple[Any, dict[str, str]]] = {
    "accept": (claims.accept, {}),
    "post": (claims.post, {"tracking_number": ""}),
    "receive": (claims.receive, {}),
    "take_on": (claims.take_on, {}),
    "refuse": (claims.refuse, {"reason": "没坏"}),
    "withdraw": (claims.withdraw, {}),
    "send": (mending.send, {"tracking_number": ""}),
    "arrive": (mending.arrive, {}),
    "confirm": (mending.confirm, {}),
    "demand": (mending.demand_exchange, {}),
    "refund": (mending.refund, {"cause": "merchant"}),
}


class ClaimsMachine(OrdersMachine):
    @rule(quantity=st.integers(1, 3), number=st.integers(0, 2))
    def have(self, quantity: int, number: int) -> None:
        """Bought, paid, sent and received at once: where claims begin."""
        self.do(cart.put, subject_id=self.buyer, listing_id=self.listings[number].pk, quantity=quantity)
        self.do(checkout.place_orders, subject_id=self.buyer, recipient=LIN_WEI, confirmations={})
        self.pay_with("pay")
        for order in Order.objects.filter(state=OrderState.PAID):
            self.do(fulfilment.ship, order_id=order.pk, tracking_number=a_tracking_number(), actor=SYSTEM)
            self.do(fulfilment.confirm_delivery, order_id=order.pk)

    @rule(data=st.data(), quantity=st.integers(0, 2), remedy=st.sampled_from(["repair", "exchange"]))
    def claim(self, data: st.DataObject, quantity: int, remedy: str) -> None:
        lines = list(OrderLine.objects.order_by("id"))
        if not lines:
            return
        line = data.draw(st.sampled_from(lines))
        done = [None, *FaultClaim.objects.of_line(line.pk)]
        repeats = data.draw(st.sampled_from(done))
        facts = {"quantity": quantity, "remedy": remedy, "fault": "不开机"}
        again = repeats.pk if repeats else None
        self.do(claims.ask, order_id=line.order_id, line_id=line.pk, repeats_id=again, **facts)

    @rule(data=st.data(), step=st.sampled_from(sorted(STEPS)))
    def move_claim(self, data: st.DataObject, step: str) -> None:
        found = list(FaultClaim.objects.order_by("id"))
        if found:
            run, facts = STEPS[step]
            numbered = {key: value or a_tracking_number() for key, value in facts.items()}
            self.do(run, claim_id=data.draw(st.sampled_from(found)).pk, **numbered)

    @rule()
    def a_month_passes(self) -> None:
        self.wait_hours(MONTH_HOURS)

    def wait_hours(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.time_passes()

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def goods_are_neither_made_nor_lost(self) -> None:
        for listing in self.listings:
            row = Stock.objects.get(pk=listing.pk)
            assert 0 <= row.reserved <= row.on_hand
            lines = OrderLine.objects.filter(listing_id=listing.pk).select_related("order")
            sold = sum(
                line.quantity - line.cancelled_quantity
                for line in lines
                if line.order.paid_at and line.order.state != OrderState.CANCELLED
            )
            taken = sum(each.stock_taken for each in FaultClaim.objects.filter(line__in=lines))
            assert row.on_hand + sold + taken == 8

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def no_money_leaves_beside_an_open_claim(self) -> None:
        """An order that was settled while a claim ran was settled before it was asked."""
        for claim in FaultClaim.objects.unfinished().select_related("order"):
            settled = claim.order.settled_at
            assert settled is None or settled <= claim.asked_at

    def everybody_falls_silent(self) -> None:
        for _ in range(8):
            for hold in OrderHold.objects.filter(lifted_at=None):
                self.do(holds.lift, order_id=hold.order_id, reason=hold.reason, reference=hold.reference)
            self.wait_hours(MONTH_HOURS)
            for refused in Return.objects.filter(state="refused"):
                self.do(returns.close, return_id=refused.pk, cause="complaint")
        assert list(FaultClaim.objects.unfinished()) == []
        assert not Order.objects.filter(state__in=list(HELD_STATES)).exists()
        self.the_rules_hold()


@pytest.mark.django_db
def test_claims_under_any_steps(db: None) -> None:
    platform_clock.allow_shifting(allowed=True)
    first = a_listing(category="electronics", price="33.33", freight="10.00", stock=8)
    second = a_listing(merchant=first.merchant, price="0.07", stock=8)
    third = a_listing(category="electronics", price="100.01", stock=8)
    ClaimsMachine.listings = [first, second, third]
    run_state_machine_as_test(
        ClaimsMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
