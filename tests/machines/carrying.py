"""Rules of the orders' machine: what carriers, shops and buyers do with parcels, told in any order.

Reports come twice, late and contradicting each other; shops paste numbers, right and wrong ones.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import rule

from kernel.actor import Actor
from kernel.errors import DomainError
from orders import asking_receipt, bulk_shipping, correcting, fulfilment, parcels
from orders.bulk_rows import BulkRow
from orders.models import Order, Scan, Shipment
from orders.states import OrderState
from tests.builders.orders import a_tracking_number
from tests.machines.test_orders_machine import SYSTEM, OrdersMachine


class Carrying(OrdersMachine):
    def a_parcel(self, data: st.DataObject) -> Shipment | None:
        found = list(Shipment.objects.order_by("id"))
        return data.draw(st.sampled_from(found)) if found else None

    @rule(data=st.data(), kind=st.sampled_from(parcels.KINDS), hours=st.sampled_from([-5, 1, 30, 24 * 20]))
    def scan_late(self, data: st.DataObject, kind: str, hours: int) -> None:
        """A report of what happened before, or by a clock that is fast."""
        if parcel := self.a_parcel(data):
            self.report(parcel, kind, uuid4().hex, self.now - timedelta(hours=hours))

    @rule(data=st.data(), kind=st.sampled_from(parcels.KINDS))
    def scan_again(self, data: st.DataObject, kind: str) -> None:
        """The same event once more, or another one under its id: written down once."""
        known = list(Scan.objects.select_related("shipment").order_by("id"))
        if known:
            old = data.draw(st.sampled_from(known))
            self.report(old.shipment, kind, old.event_id, self.now)
            assert Scan.objects.get(pk=old.pk).kind == old.kind

    def report(self, parcel: Shipment, kind: str, event_id: str, happened_at: object) -> None:
        facts = {"carrier": parcel.carrier, "tracking_number": parcel.tracking_number, "kind": kind}
        self.do(parcels.record_scan, event_id=event_id, happened_at=happened_at, **facts)

    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        """Sent if it wasn't, and at the buyer's door: where most after-sales begin."""
        if order := self.an_order(data):
            self.do(fulfilment.ship, order_id=order.pk, tracking_number=a_tracking_number(), actor=SYSTEM)
            self.do(fulfilment.confirm_delivery, order_id=order.pk)

    @rule(data=st.data())
    def ask_and_deny(self, data: st.DataObject) -> None:
        """Somebody else signed, the carrier says; the buyer hasn't got it."""
        if parcel := self.a_parcel(data):
            self.report(parcel, "signed_by_other", uuid4().hex, self.now)
            self.do(asking_receipt.deny, order_id=parcel.order_id, parcel_id=parcel.pk)

    @rule(data=st.data(), pieces=st.sampled_from(["", "1", "2", "0", "-1", "1e3", "９"]), known=st.booleans())
    def paste(self, data: st.DataObject, pieces: str, known: bool) -> None:
        """The shop's whole list: a right row, the same parcel once more, a number that is another's."""
        orders = list(Order.objects.filter(state=OrderState.PAID).order_by("id"))
        taken = Shipment.objects.order_by("id").first()
        for shop in sorted({order.merchant_id for order in orders}):
            number = a_tracking_number() if known or taken is None else taken.tracking_number
            texts = [(order.number, number) for order in orders]
            rows = [BulkRow(n, *each, pieces=pieces) for n, each in enumerate([*texts, *texts], start=1)]
            self.in_time(bulk_shipping.ship_rows, merchant_id=shop, rows=rows)

    def in_time(self, step: object, **facts: object) -> None:
        """Row by row, as the page does: one that is refused takes no other with it."""
        with suppress(DomainError), transaction.atomic():
            step(actor=Actor.system(), at=self.now, **facts)  # type: ignore[operator]
        self.hand_on()

    @rule(address=st.sampled_from(["北京市朝阳区示例路 2 号", "", "\u202e号 1 路例示"]))
    def move_house(self, address: str) -> None:
        self.do(correcting.correct_recipient, subject_id=self.buyer, values={"address": address})
