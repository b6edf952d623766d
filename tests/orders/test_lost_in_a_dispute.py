"""What carriers, promises and rulings say while the payer's bank asks the money back is done afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from complaints import answering
from complaints.models import Complaint, Outcome
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.money import Money
from orders import parcels
from orders.invariants import all_offences
from orders.models import Order, PromiseRecord, Scan, Shipment
from outbox.models import Message
from payments.gateways.protocol import DisputeIs
from payments.invariants import all_offences as of_money
from tests.builders.cases import OPENED, a_complaint, a_complaint_to_decide, a_ruling, member_of, rule
from tests.builders.invoices import an_issued_invoice, due_paper
from tests.builders.orders import ORDERED, an_order, drain
from tests.builders.rulebook import the_rulebook
from tests.orders.test_disputes_and_clocks import told
from tests.orders.test_promises import promising

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CARRIER = Actor.provider("carriers")


@pytest.fixture(autouse=True)
def law(db: None) -> None:
    the_rulebook()


def scanned(order: Order, kind: str, *, at: Any) -> None:
    parcel = Shipment.objects.get(order=order)
    parcels.record_scan(
        carrier=parcel.carrier, event_id=f"e-{kind}", tracking_number=parcel.tracking_number, kind=kind,
        happened_at=at, actor=CARRIER, at=at,
    )  # fmt: skip
    drain(at=at)
    order.refresh_from_db()


def sound() -> bool:
    return (all_offences(), of_money(), Message.objects.filter(handled_at=None).count()) == ([], [], 0)


@pytest.mark.parametrize("kind", ["lost", "damaged", "returned_to_sender"])
def test_a_parcel_lost_meanwhile_is_refunded_when_the_dispute_is_won(kind: str) -> None:
    order = an_order(shipped=True)
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + DAY)
    scanned(order, kind, at=ORDERED + 2 * DAY)
    assert (order.state, order.refunded_minor, Scan.objects.count()) == ("shipped", 0, 1)
    assert Shipment.objects.get(order=order).lost_at is None
    told(order, DisputeIs.WON, at=ORDERED + 3 * DAY)
    assert (order.state, order.refunded) == ("refunded", order.total)
    assert Shipment.objects.get(order=order).lost_at == ORDERED + 3 * DAY
    assert sound()


def test_it_is_not_paid_twice_when_the_dispute_is_lost() -> None:
    order = an_order(shipped=True)
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + DAY)
    scanned(order, "lost", at=ORDERED + 2 * DAY)
    told(order, DisputeIs.LOST, at=ORDERED + 3 * DAY)
    assert (order.state, order.refunded) == ("refunded", order.total)
    assert sound()


def test_delivered_after_all_it_goes_on() -> None:
    order = an_order(shipped=True)
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + DAY)
    scanned(order, "lost", at=ORDERED + 2 * DAY)
    scanned(order, "delivered", at=ORDERED + 3 * DAY)
    told(order, DisputeIs.WON, at=ORDERED + 4 * DAY)
    assert (order.state, order.refunded_minor) == ("delivered", 0)
    assert sound()


class TestRulings:
    def test_it_stands_and_is_carried_out_when_the_dispute_is_won(self) -> None:
        case = a_complaint_to_decide()
        told(case.order, DisputeIs.TO_ANSWER, at=OPENED + 3 * DAY)
        rule(case, a_ruling(case, Outcome.PARTLY, Money(700)), at=OPENED + 4 * DAY)
        case.refresh_from_db()
        assert (case.state, case.granted_minor, case.remedy_waits) == ("decided", 700, True)
        order = Order.objects.get(pk=case.order_id)
        assert (order.refunded_minor, order.holds.filter(lifted_at=None).count()) == (0, 2)
        told(order, DisputeIs.WON, at=OPENED + 9 * DAY)
        case.refresh_from_db()
        assert (order.refunded_minor, case.remedy_waits) == (700, False)
        assert not order.holds.filter(lifted_at=None).exists()
        assert sound()

    def test_lost_the_buyer_has_it_from_the_bank_and_not_twice(self) -> None:
        case = a_complaint_to_decide()
        an_issued_invoice(case.order, at=OPENED + 2 * DAY)
        told(case.order, DisputeIs.TO_ANSWER, at=OPENED + 3 * DAY)
        rule(case, a_ruling(case), at=OPENED + 4 * DAY)
        order = Order.objects.get(pk=case.order_id)
        told(order, DisputeIs.LOST, at=OPENED + 9 * DAY)
        case.refresh_from_db()
        assert (order.state, order.refunded, case.remedy_waits) == ("refunded", order.total, False)
        assert not order.holds.filter(lifted_at=None).exists()
        assert due_paper(order).amount_minor == order.total_minor
        assert sound()

    def test_an_agreement_waits_the_same_way(self) -> None:
        case = a_complaint()
        told(case.order, DisputeIs.TO_ANSWER, at=OPENED + DAY / 2)
        answering.answer(
            complaint_id=case.pk, kind=answering.Answer.ACCEPT, text="同意退款。", offered=None,
            actor=member_of(case), at=OPENED + DAY,
        )  # fmt: skip
        case.refresh_from_db()
        assert (case.state, case.remedy_waits) == ("agreed", True)
        order = Order.objects.get(pk=case.order_id)
        told(order, DisputeIs.WON, at=OPENED + 2 * DAY)
        assert (order.state, order.refunded) == ("refunded", order.total)
        assert sound()

    def test_the_database_lets_nothing_wait_that_was_not_granted(self) -> None:
        case = a_complaint()
        waits = Complaint.objects.filter(pk=case.pk)
        with pytest.raises(IntegrityError, match="only_what_was_granted"), transaction.atomic():
            waits.update(remedy_waits=True)
        assert not Complaint.objects.get(pk=case.pk).remedy_waits


def test_a_broken_promise_is_paid_when_the_dispute_has_ended(platform_at: Any) -> None:
    order = an_order(listing=promising("dispatch_24h"))  # type: ignore[no-untyped-call]
    told(order, DisputeIs.TO_ANSWER, at=ORDERED + timedelta(hours=1))
    late = platform_at(ORDERED + 2 * DAY)
    sweep_all()
    drain(at=late)
    record = PromiseRecord.objects.get(order=order)
    assert (record.outcome, record.paid_minor, record.owed_minor > 0) == ("broken", 0, True)
    told(order, DisputeIs.WON, at=late + DAY)
    record.refresh_from_db()
    assert (record.paid_minor, order.refunded_minor) == (record.owed_minor, record.owed_minor)
    assert sound()
