"""Orders and money under any sequence of steps, legal or not, with time passing between them.

Rules are the use cases; a refusal must leave no trace. After every step the books balance, escrow holds what
the states say, nothing is refunded above what was captured, and stock is never below zero. At the end
everybody falls silent: every order still reaches an ending by time alone.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from catalog.models import Stock
from deadlines.models import Deadline
from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.money import Money
from orders import cancellation, cart, checkout, fulfilment, holds, parcels, refunding, returns, settlement
from orders import invariants as order_rules
from orders.models import Order, OrderHold, OrderLine, Return, Shipment
from orders.states import HELD_STATES, ORDER, OrderState
from outbox import platform_clock, relay
from payments import invariants as money_rules
from payments.models import Payment
from payments.sandbox import straight
from tests.builders.orders import LIN_WEI, a_subject, a_tracking_number
from tests.builders.shops import a_listing

STARTED = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
EXAMPLES = int(os.environ.get("ANXIN_MACHINE_EXAMPLES", "8"))
SYSTEM = Actor.system()


class OrdersMachine(RuleBasedStateMachine):
    listings: list[Any] = []
    # How often each use case was taken and not refused, over all examples.
    taken: ClassVar[Counter[str]] = Counter()
    # What goes between the platform and its provider; machines with faults put their own here.
    wire: Any = staticmethod(straight.unspoilt)

    @initialize()
    def begin(self) -> None:
        self.now = STARTED
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.buyer = a_subject(at=self.now)
        self.actor = Actor.buyer(self.buyer)

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            try:
                self.everybody_falls_silent()
            finally:
                transaction.set_rollback(True)
                self.savepoint.__exit__(None, None, None)

    def do(self, step: Any, **facts: Any) -> Any:
        """Take a step; a refusal is an answer, anything else is a bug."""
        with suppress(DomainError), transaction.atomic():
            step(actor=facts.pop("actor", self.actor), at=self.now, **facts)
            self.taken[f"{step.__module__}.{step.__name__}"] += 1
        self.hand_on()

    def hand_on(self) -> None:
        with clock.frozen(self.now):
            relay.drain_all()
            straight.run(at=self.now, wire=self.wire)
            relay.drain_all()

    def an_order(self, data: st.DataObject) -> Order | None:
        orders = list(Order.objects.order_by("id"))
        return data.draw(st.sampled_from(orders)) if orders else None

    def a_return(self, data: st.DataObject) -> Return | None:
        found = list(Return.objects.order_by("id"))
        return data.draw(st.sampled_from(found)) if found else None

    @rule(
        picks=st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3)), min_size=1, max_size=3),
        pay=st.booleans(),
    )
    def buy(self, picks: list[tuple[int, int]], pay: bool) -> None:
        for number, quantity in picks:
            listing = self.listings[number]
            self.do(cart.put, subject_id=self.buyer, listing_id=listing.pk, quantity=quantity)
        self.do(checkout.place_orders, subject_id=self.buyer, recipient=LIN_WEI, confirmations={})
        if pay:
            self.pay_with("pay")

    @rule(choice=st.sampled_from(["pay", "decline", "late", "twice", "refunds_fail"]))
    def pay_with(self, choice: str) -> None:
        payment = Payment.objects.order_by("-opened_at", "-id").first()
        if payment is None or payment.due.is_zero:
            return
        if payment.state in ("open", "failed") or choice in ("late", "twice"):
            straight.pay(payment.number, at=self.now, choice=choice, wire=self.wire)
            self.hand_on()

    @rule(hours=st.sampled_from([1, 12, 47, 49, 24 * 4, 24 * 8, 24 * 15]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.time_passes()

    def time_passes(self) -> None:
        with platform_clock.frozen(self.now):
            while sweep_all():
                relay.drain_all()
        self.hand_on()

    @rule(data=st.data(), part=st.sampled_from([None, 1, 2]))
    def ship(self, data: st.DataObject, part: int | None) -> None:
        if order := self.an_order(data):
            lines = OrderLine.objects.of_order(order.pk)
            pieces = {line.pk: min(part, line.to_send) for line in lines} if part else None
            number = a_tracking_number()
            self.do(fulfilment.ship, order_id=order.pk, tracking_number=number, pieces=pieces)

    @rule(data=st.data(), whole=st.booleans())
    def confirm(self, data: st.DataObject, whole: bool) -> None:
        if order := self.an_order(data):
            parcel = None if whole else order.shipments.filter(returning=None).first()
            self.do(fulfilment.confirm_delivery, order_id=order.pk, parcel_id=parcel and parcel.pk)

    @rule(data=st.data(), kind=st.sampled_from(parcels.KINDS))
    def scan(self, data: st.DataObject, kind: str) -> None:
        found = list(Shipment.objects.order_by("id"))
        if found:
            parcel = data.draw(st.sampled_from(found))
            number, carrier = parcel.tracking_number, parcel.carrier
            facts = {"carrier": carrier, "tracking_number": number, "kind": kind, "happened_at": self.now}
            self.do(parcels.record_scan, event_id=uuid4().hex, **facts)

    @rule(data=st.data(), by=st.sampled_from([SYSTEM, Actor.member(uuid4(), uuid4())]))
    def cancel(self, data: st.DataObject, by: Actor) -> None:
        if order := self.an_order(data):
            self.do(cancellation.cancel, order_id=order.pk, actor=by, cause="changed_mind")

    @rule(data=st.data(), quantity=st.integers(1, 3), kind=st.sampled_from(["no_reason", "quality"]))
    def ask(self, data: st.DataObject, quantity: int, kind: str) -> None:
        if order := self.an_order(data):
            lines = [(line.pk, quantity) for line in OrderLine.objects.of_order(order.pk)]
            self.do(returns.ask, order_id=order.pk, lines=lines, kind=kind)

    @rule(
        data=st.data(),
        step=st.sampled_from(["accept", "post", "receive", "refund", "refuse", "close", "reopen"]),
    )
    def move_return(self, data: st.DataObject, step: str) -> None:
        extra = {
            "post": {"tracking_number": a_tracking_number()},
            "refuse": {"reason": "少了盖子"},
            "close": {"cause": "withdrawn"},
        }
        if found := self.a_return(data):
            self.do(getattr(returns, step), return_id=found.pk, **extra.get(step, {}))

    @rule(data=st.data(), case=st.sampled_from([uuid4(), uuid4()]), lift=st.booleans())
    def hold(self, data: st.DataObject, case: Any, lift: bool) -> None:
        if order := self.an_order(data):
            self.do(
                holds.lift if lift else holds.place, order_id=order.pk, reason="complaint", reference=case
            )

    @rule(data=st.data(), share=st.integers(1, 4))
    def refund_part(self, data: st.DataObject, share: int) -> None:
        if order := self.an_order(data):
            amount = Money(max(order.total_minor * share // 4, 1))
            self.do(refunding.refund_part, order_id=order.pk, amount=amount, purpose=f"complaint:{uuid4()}")

    @rule(data=st.data())
    def settle(self, data: st.DataObject) -> None:
        if order := self.an_order(data):
            self.do(settlement.settle, order_id=order.pk)

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def the_rules_hold(self) -> None:
        money_rules.settle_constraints()
        assert money_rules.all_offences() == []
        assert order_rules.all_offences() == []

    @precondition(lambda self: hasattr(self, "now"))
    @invariant()
    def goods_are_neither_made_nor_lost(self) -> None:
        for listing in self.listings:
            row = Stock.objects.get(pk=listing.pk)
            assert 0 <= row.reserved <= row.on_hand
            sold = sum(
                line.quantity - line.cancelled_quantity
                for line in OrderLine.objects.filter(listing_id=listing.pk).select_related("order")
                if line.order.paid_at and line.order.state != OrderState.CANCELLED
            )
            assert row.on_hand + sold == 8

    def everybody_falls_silent(self) -> None:
        """Cases are closed, then nobody acts for months: no order may be left in between."""
        for hold in OrderHold.objects.filter(lifted_at=None):
            self.do(holds.lift, order_id=hold.order_id, reason=hold.reason, reference=hold.reference)
        for _ in range(5):
            self.now += timedelta(days=30)
            self.time_passes()
            for refused in Return.objects.filter(state="refused"):
                self.do(returns.close, return_id=refused.pk, cause="complaint")
        left = Order.objects.exclude(state__in=[*map(str, ORDER.terminal), "expired"])
        assert list(left) == []
        assert not Order.objects.filter(state__in=list(HELD_STATES)).exists()
        assert not Deadline.objects.filter(state="open", due_at__lt=self.now).exists()
        self.the_rules_hold()


@pytest.mark.django_db
def test_orders_and_money_under_any_steps(db: None) -> None:
    platform_clock.allow_shifting(allowed=True)
    first = a_listing(price="33.33", freight="10.00", stock=8)
    second = a_listing(merchant=first.merchant, price="0.07", stock=8)
    third = a_listing(price="100.01", freight="0.01", stock=8)
    OrdersMachine.listings = [first, second, third]
    assert connection.in_atomic_block
    run_state_machine_as_test(
        OrdersMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
