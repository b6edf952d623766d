"""Rules of the orders' machine: whole stories in one step, with waits in between, so that endings come.

Single steps in any order seldom reach the third of a return; here each story goes as far as it is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from orders import fulfilment, holds, parcels, refunding, returns
from orders.aftercare import claims
from orders.models import FaultClaim, Order, OrderLine, Return, Shipment
from orders.states import OrderState
from payments import disputes
from payments.models import Dispute
from payments.sandbox import bank
from payments.sandbox_models import SandboxCharge
from tests.builders.orders import a_tracking_number
from tests.machines.test_claims_machine import STEPS, ClaimsMachine
from tests.machines.test_orders_machine import SYSTEM

HOURS = st.sampled_from([0, 0, 1, 24, 24 * 3, 24 * 8])
SCANS = st.sampled_from(["delivered", "in_transit", "lost", "refused", "signed_by_other", "", ""])
GOING = [OrderState.PAID, OrderState.SHIPPED, OrderState.DELIVERED]


class Stories(ClaimsMachine):
    def later(self, hours: int) -> None:
        if hours:
            self.now += timedelta(hours=hours)
            self.time_passes()

    def scanned(self, parcel: Shipment | None, kind: str) -> None:
        if parcel is not None and kind:
            facts = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number, "kind": kind}
            self.do(parcels.record_scan, event_id=uuid4().hex, happened_at=self.now, **facts)

    def a_going_order(self, data: st.DataObject) -> Order | None:
        found = list(Order.objects.filter(state__in=GOING).order_by("placed_at", "id"))
        return data.draw(st.sampled_from(found)) if found else None

    @rule(
        data=st.data(),
        pieces=st.lists(st.sampled_from([1, 2, None]), min_size=1, max_size=3),
        scans=st.lists(SCANS, max_size=4),
        hours=HOURS,
    )
    def an_order_travels(
        self, data: st.DataObject, pieces: Sequence[int | None], scans: list[str], hours: int
    ) -> None:
        """In one parcel or several, each of them reported on."""
        order = self.a_going_order(data)
        for most in pieces if order else ():
            assert order is not None
            lines = OrderLine.objects.of_order(order.pk)
            inside = {line.pk: min(most, line.to_send) for line in lines} if most else None
            self.do(fulfilment.ship, order_id=order.pk, tracking_number=a_tracking_number(), pieces=inside)
            self.later(hours)
        if order:
            outward = order.shipments.filter(returning=None, claim=None).order_by("id")
            for parcel, kind in zip(outward, scans, strict=False):
                self.scanned(parcel, kind)

    @rule(
        data=st.data(),
        kind=st.sampled_from(["no_reason", "no_reason", "quality"]),
        quantities=st.lists(st.integers(0, 2), min_size=1, max_size=4),
        steps=st.lists(st.sampled_from(["accept", "receive", "refund", "refuse", "close"]), max_size=3),
        scan=SCANS,
        hours=HOURS,
    )
    def a_return_goes(
        self,
        data: st.DataObject,
        kind: str,
        quantities: list[int],
        steps: list[str],
        scan: str,
        hours: int,
    ) -> None:
        """A part of an order comes back; the shop agrees, inspects, refuses, or says nothing."""
        order = self.a_going_order(data)
        if order is None:
            return
        found = [line.pk for line in OrderLine.objects.of_order(order.pk)]
        lines = [(pk, number) for pk, number in zip(found, quantities, strict=False) if number]
        self.do(returns.ask, order_id=order.pk, lines=lines, kind=kind)
        made = Return.objects.of_order(order.pk).order_by("-asked_at", "-id").first()
        if made is None:
            return
        newest = made.pk
        if kind == "quality":
            self.do(returns.accept, return_id=newest)
        self.do(returns.post, return_id=newest, tracking_number=a_tracking_number())
        self.later(hours)
        self.scanned(Shipment.objects.filter(returning=newest).first(), scan)
        extra = {"refuse": {"reason": "少了盖子"}, "close": {"cause": "withdrawn"}}
        for step in steps:
            self.do(getattr(returns, step), return_id=newest, **extra.get(step, {}))
            self.later(hours)

    @rule(
        data=st.data(),
        remedy=st.sampled_from(["repair", "exchange"]),
        steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=4),
        straight=st.integers(0, 8),
        hours=HOURS,
    )
    def a_claim_goes(
        self, data: st.DataObject, remedy: str, steps: list[str], straight: int, hours: int
    ) -> None:
        """The first so many steps as they should be, then whatever anybody does."""
        order = self.a_going_order(data)
        lines = list(OrderLine.objects.of_order(order.pk)) if order else []
        if not lines or order is None:
            return
        line = data.draw(st.sampled_from(lines))
        told = {"quantity": 1, "remedy": remedy, "fault": "不开机"}
        self.do(claims.ask, order_id=order.pk, line_id=line.pk, **told)
        claim = FaultClaim.objects.of_order(order.pk).order_by("-asked_at", "-id").first()
        way = ["accept", "post", "receive", "take_on", "send", "arrive", "confirm"][:straight]
        for step in [*way, *steps] if claim else ():
            assert claim is not None
            run, facts = STEPS[step]
            numbered = {key: value or a_tracking_number() for key, value in facts.items()}
            self.do(run, claim_id=claim.pk, **numbered)
            self.later(hours if step in steps else 0)

    @rule(data=st.data(), share=st.integers(1, 4), answer=st.integers(0, 2), won=st.booleans(), hours=HOURS)
    def a_dispute_goes(self, data: st.DataObject, share: int, answer: int, won: bool, hours: int) -> None:
        """Of a part or all of a charge; clocks go on running while the money waits apart."""
        charges = list(SandboxCharge.objects.order_by("taken_at", "id"))
        if not charges:
            return
        charge = data.draw(st.sampled_from(charges))
        asked = bank.dispute(charge, max(charge.amount_minor * share // 4, 1), at=self.now)
        self.hand_on()
        held = Dispute.objects.order_by("-opened_at", "-id").first()
        if held and answer:
            step = disputes.accept if answer == 1 else disputes.send_evidence
            self.do(step, dispute_id=held.pk, **({"evidence": "签收证明"} if answer == 2 else {}))
        self.later(hours)
        bank.decide(asked.pk, won=won, at=self.now)
        self.hand_on()

    @rule(data=st.data(), share=st.integers(1, 4), hours=HOURS, step=st.sampled_from(["refund", "nothing"]))
    def a_case_goes(self, data: st.DataObject, share: int, hours: int, step: str) -> None:
        """A complaint holds the money, perhaps for long, and gives some of it back."""
        order, case = self.a_going_order(data), uuid4()
        if order is None:
            return
        named = {"order_id": order.pk, "reason": "complaint", "reference": case}
        self.do(holds.place, **named)
        self.later(hours)
        if step == "refund":
            amount = order.total.permille(250 * share)
            self.do(refunding.refund_part, order_id=order.pk, amount=amount, purpose=f"complaint:{case}")
        self.do(holds.lift, **named, actor=SYSTEM)
        self.later(hours)
