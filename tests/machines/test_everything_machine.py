"""Everything that anybody can do to orders and money at once, while everything around it fails.

All use cases of buying, carrying, returning, mending and papers, the bank's disputes and payouts, with waits
and faults. The rules of money and orders hold after every step; at the end no fen waits for nobody.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, run_state_machine_as_test

from catalog.models import Stock
from kernel import clock
from orders import fulfilment, returns
from orders import invariants as order_rules
from orders.models import FaultClaim, Order, OrderLine, Return
from orders.states import OrderState
from outbox import platform_clock
from outbox.models import Message
from payments import invariants as money_rules
from payments.paying_out import runs
from payments.sandbox import bank
from payments.sandbox_models import SandboxDispute
from tests.builders.orders import a_tracking_number
from tests.machines import ending
from tests.machines.buying import PIECES, Buying, lay_out
from tests.machines.carrying import Carrying
from tests.machines.faults import Faults
from tests.machines.papering import Papering
from tests.machines.stories import Stories
from tests.machines.test_orders_machine import SYSTEM

EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "20"))
STEPS = int(os.environ.get("ANXIN_MACHINE_STEPS", "30"))


class EverythingMachine(Faults, Buying, Carrying, Papering, Stories):
    @initialize(sent=st.integers(0, 2), choice=st.sampled_from(["pay", "refunds_fail", "twice"]))
    def begin(self, sent: int, choice: str) -> None:
        """Two shops' goods bought at once, by card and gift card, with a set, a coupon and a gift.

        `sent`: not yet, under way, or with the buyer; so that every example has something to go wrong.
        """
        super().begin()
        self.claim_a_coupon(campaign=False)
        picks, means = [(0, 2), (1, 1), (2, 2)], {"cards": 777, "coupon": True, "gifts": True}
        self.buy_with(picks=picks, sets=1, **means, pay=False)
        self.pay_with(choice)
        for order in Order.objects.filter(state=OrderState.PAID) if sent else ():
            self.do(fulfilment.ship, order_id=order.pk, tracking_number=a_tracking_number(), actor=SYSTEM)
            if sent > 1:
                self.do(fulfilment.confirm_delivery, order_id=order.pk)

    @precondition(lambda self: hasattr(self, "fault"))
    @invariant()
    def the_rules_hold(self) -> None:
        money_rules.settle_constraints()
        assert money_rules.all_offences() == []
        if not self.waiting:
            assert order_rules.all_offences() == []
            assert list(Message.objects.exclude(error="").values_list("name", "error")) == []

    @precondition(lambda self: hasattr(self, "fault"))
    @invariant()
    def goods_are_neither_made_nor_lost(self) -> None:
        """Gifts and what was sent in place of broken goods are goods, too."""
        lines = OrderLine.objects.filter(order__paid_at__isnull=False)
        bought = lines.exclude(order__state=OrderState.CANCELLED).values_list("listing_id")
        sold = dict(bought.annotate(left=Sum("quantity") - Sum("cancelled_quantity")))
        claims = list(FaultClaim.objects.select_related("line"))
        for listing in self.listings:
            row = Stock.objects.get(pk=listing.pk)
            assert 0 <= row.reserved <= row.on_hand
            taken = sum(each.stock_taken for each in claims if each.line.listing_id == listing.pk)
            assert row.on_hand + sold.get(listing.pk, 0) + taken == PIECES

    def everybody_falls_silent(self) -> None:
        if not hasattr(self, "fault"):
            return
        self.fault, self.waiting = "sound", False
        for _ in range(2):
            self.now += timedelta(days=20)
            self.time_passes()
        for one in SandboxDispute.objects.exclude(state__in=map(str, bank.ENDED)).order_by("id"):
            bank.decide(one.pk, won=one.pk.int % 2 == 0, at=self.now)
        self.hand_on()
        super().everybody_falls_silent()
        for refused in Return.objects.filter(state="refused"):
            self.do(returns.close, return_id=refused.pk, cause="complaint")
        self.now += timedelta(days=31)
        self.time_passes()
        with clock.frozen(self.now):
            runs.run_due(at=self.now)
        self.hand_on()
        assert ending.silence_cost_a_buyer() == []
        assert ending.nothing_runs_any_more() == []
        assert ending.waits_for_nothing() == []
        assert ending.every_fen_has_ended_with_somebody() == []


@pytest.mark.django_db
def test_everything_at_once(db: None) -> None:
    platform_clock.allow_shifting(allowed=True)
    Buying.bazaar = lay_out()
    EverythingMachine.listings = Buying.bazaar.listings
    run_state_machine_as_test(
        EverythingMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # What fails is told as it was found: to shorten it takes longer than to read it.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
