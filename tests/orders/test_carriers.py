"""What carriers report, plain and otherwise: each kind has its effect, once, and never against the buyer."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from deadlines import booking
from deadlines.sweep import sweep_all
from kernel import clock
from kernel.actor import Actor
from orders import asking_receipt, fulfilment, invariants
from orders.asking_receipt import NotAsked
from orders.carriers import sandbox
from orders.models import Order, Return, Scan, Shipment
from orders.parcels import KINDS
from orders.scan_kinds import Fate
from outbox.models import Message
from outbox.relay import drain_all
from tests.builders.orders import ORDERED, a_return, an_order, drain, scan
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIGNED = ORDERED + 2 * DAY


def parcel_of(order):
    return order.shipments.get(returning=None)


def state(order):
    return Order.objects.get(pk=order.pk).state


def facts(name):
    return Message.objects.filter(name=f"orders.{name}").count()


@pytest.fixture
def sent(db):
    return an_order(shipped=True)


class TestSignedByOther:
    def test_no_clock_runs_before_the_buyer_says_yes(self, sent):
        scan(parcel_of(sent), "signed_by_other", at=SIGNED)
        assert (state(sent), facts("ParcelAsked")) == ("shipped", 1)
        question = booking.find(kind="orders.parcel_answer", reference=parcel_of(sent).pk)
        assert question.due_at > SIGNED + 6 * DAY
        assert booking.find(kind="orders.parcel_silence", reference=parcel_of(sent).pk) is None
        assert booking.find(kind="orders.return_window", reference=sent.pk) is None
        buyer = Actor.buyer(sent.subject_id)
        fulfilment.confirm_delivery(
            order_id=sent.pk, parcel_id=parcel_of(sent).pk, actor=buyer, at=SIGNED + 3 * DAY
        )
        assert Order.objects.get(pk=sent.pk).delivered_at == SIGNED + 3 * DAY
        assert booking.find(kind="orders.parcel_answer", reference=parcel_of(sent).pk) is None

    def test_no_makes_the_carrier_look_and_then_pays(self, sent, platform_at):
        parcel, buyer = parcel_of(sent), Actor.buyer(sent.subject_id)
        scan(parcel, "signed_by_other", at=SIGNED)
        asking_receipt.deny(order_id=sent.pk, parcel_id=parcel.pk, actor=buyer, at=SIGNED + DAY)
        drain(at=SIGNED + DAY)
        with pytest.raises(NotAsked):
            asking_receipt.deny(order_id=sent.pk, parcel_id=parcel.pk, actor=buyer, at=SIGNED + DAY)
        # The carrier says the same again: nobody is asked twice.
        scan(parcel, "signed_by_other", at=SIGNED + DAY + HOUR)
        assert (facts("ParcelAsked"), facts("ParcelDenied"), state(sent)) == (1, 1, "shipped")
        platform_at(SIGNED + 10 * DAY)
        sweep_all(), drain_all()
        found = Order.objects.get(pk=sent.pk)
        assert (found.state, found.refunded) == ("refunded", found.total)
        assert parcel_of(sent).fate == Fate.SILENT

    def test_silence_counts_as_received_from_then_on_only(self, sent, platform_at):
        scan(parcel_of(sent), "signed_by_other", at=SIGNED)
        due = booking.find(kind="orders.parcel_answer", reference=parcel_of(sent).pk).due_at
        platform_at(due)
        sweep_all(), drain_all()
        found = Order.objects.get(pk=sent.pk)
        assert found.state == "delivered" and found.delivered_at >= due
        assert found.window_ends_at > due + 6 * DAY

    def test_nobody_is_asked_about_what_was_handed_over(self, sent):
        scan(parcel_of(sent), "delivered", at=SIGNED)
        scan(parcel_of(sent), "signed_by_other", at=SIGNED + HOUR)
        assert facts("ParcelAsked") == 0
        with pytest.raises(NotAsked):
            asking_receipt.deny(
                order_id=sent.pk, parcel_id=parcel_of(sent).pk, actor=Actor.system(), at=SIGNED + DAY
            )


class TestNotArriving:
    @pytest.mark.parametrize("kind", ["lost", "damaged", "returned_to_sender"])
    def test_the_money_goes_back_at_once_and_once(self, sent, kind):
        scan(parcel_of(sent), kind, at=SIGNED)
        scan(parcel_of(sent), kind, at=SIGNED + HOUR)
        found = Order.objects.get(pk=sent.pk)
        assert (found.state, found.refunded) == ("refunded", found.total)
        assert facts("ParcelCameBack" if kind == "returned_to_sender" else "ParcelLost") == 1
        assert invariants.all_offences() == []

    def test_refused_is_refunded_when_it_is_back(self, sent):
        scan(parcel_of(sent), "refused", at=SIGNED)
        assert (state(sent), facts("ParcelRefused")) == ("shipped", 1)
        scan(parcel_of(sent), "returned_to_sender", at=SIGNED + 2 * DAY)
        assert state(sent) == "refunded" and parcel_of(sent).fate == Fate.CAME_BACK

    def test_refused_and_then_silent_is_refunded_too(self, sent, platform_at):
        scan(parcel_of(sent), "refused", at=SIGNED)
        platform_at(SIGNED + 9 * DAY)
        sweep_all(), drain_all()
        assert state(sent) == "refunded"

    def test_refused_and_then_signed_by_another_is_still_refunded(self, sent, platform_at):
        """The buyer has answered at the door: nobody asks them again, and the carrier's silence pays."""
        scan(parcel_of(sent), "refused", at=SIGNED)
        scan(parcel_of(sent), "signed_by_other", at=SIGNED + HOUR)
        assert facts("ParcelAsked") == 0 and invariants.all_offences() == []
        platform_at(SIGNED + 20 * DAY)
        sweep_all(), drain_all()
        found = Order.objects.get(pk=sent.pk)
        assert (found.state, found.refunded) == ("refunded", found.total)

    def test_a_return_that_the_carrier_loses_is_refunded(self):
        order = an_order(delivered_at=SIGNED)
        back = a_return(order, at=SIGNED + DAY, posted=True).shipments.get()
        scan(back, "damaged", at=SIGNED + 2 * DAY)
        assert Return.objects.get(order=order).state == "refunded"

    def test_a_shop_that_refuses_a_return_has_received_it(self):
        order = an_order(delivered_at=SIGNED)
        back = a_return(order, at=SIGNED + DAY, posted=True).shipments.get()
        scan(back, "refused", at=SIGNED + 2 * DAY)
        assert Return.objects.get(order=order).state == "received"


class TestOrderOfEvents:
    def test_what_happened_earlier_only_stands_in_the_record(self, sent):
        scan(parcel_of(sent), "in_transit", at=SIGNED)
        parcel = parcel_of(sent)
        with clock.frozen(SIGNED + HOUR):
            Program.says(parcel, "lost", at=SIGNED + HOUR, happened_at=SIGNED - HOUR)
        assert (state(sent), Scan.objects.filter(shipment=parcel).count()) == ("shipped", 2)
        assert parcel_of(sent).lost_at is None

    def test_a_lost_parcel_that_turns_up_moves_no_money(self, sent):
        scan(parcel_of(sent), "lost", at=SIGNED)
        before = Order.objects.get(pk=sent.pk).refunded_minor
        scan(parcel_of(sent), "delivered", at=SIGNED + DAY)
        found = Order.objects.get(pk=sent.pk)
        assert (found.state, found.refunded_minor) == ("refunded", before)


class Program:
    """The carrier's program at our webhook."""

    @staticmethod
    def says(parcel, kind, *, at, happened_at=None, event_id="", spoilt=None):
        headers, body = sandbox.write(
            tracking_number=parcel.tracking_number,
            kind=kind,
            at=at,
            event_id=event_id,
            happened_at=happened_at,
        )
        headers, body = spoilt(headers, body) if spoilt else (headers, body)
        address = reverse("orders:carrier-webhook")
        answer = Client().generic("POST", address, body, "application/json", headers=headers)
        drain(at=at)
        return answer


class TestWebhook:
    @pytest.mark.parametrize(
        "spoilt",
        [
            lambda headers, body: (headers, body.replace(b"delivered", b"returned_to_sender")),
            lambda headers, body: ({}, body),
            lambda headers, body: ({**headers, "anxin-sandbox-signature": "v1=" + "0" * 64}, body),
            lambda headers, body: ({**headers, "anxin-sandbox-timestamp": "1"}, body),
        ],
        ids=["another body", "unsigned", "a stranger's signature", "another instant"],
    )
    def test_what_is_forged_changes_nothing(self, sent, spoilt):
        with clock.frozen(SIGNED):
            answer = Program.says(parcel_of(sent), "delivered", at=SIGNED, spoilt=spoilt)
        assert answer.status_code == 400 and not Scan.objects.exists() and state(sent) == "shipped"

    def test_a_replay_outside_its_minutes_changes_nothing(self, sent):
        with clock.frozen(SIGNED + timedelta(seconds=301)):
            assert Program.says(parcel_of(sent), "delivered", at=SIGNED).status_code == 400
        assert not Scan.objects.exists() and state(sent) == "shipped"

    def test_a_replay_within_them_counts_once(self, sent):
        with clock.frozen(SIGNED):
            for _ in range(3):
                answer = Program.says(parcel_of(sent), "delivered", at=SIGNED, event_id="e-1")
                assert answer.status_code == 200
        assert Scan.objects.count() == 1 and facts("OrderDelivered") == 1

    def test_unknown_kinds_and_parcels_change_nothing(self, sent):
        other = Shipment(tracking_number="SF00NOBODY", carrier="sandbox")
        with clock.frozen(SIGNED):
            assert Program.says(parcel_of(sent), "teleported", at=SIGNED).status_code == 422
            assert Program.says(other, "delivered", at=SIGNED).status_code == 404
        assert not Scan.objects.exists()


class TestPages:
    def test_the_buyer_is_asked_and_says_no(self):
        buyer = a_buyer()
        order = an_order(subject_id=buyer.subject_id, shipped=True)
        parcel = parcel_of(order)
        page, deny = (
            reverse("orders:order", args=[order.number]),
            reverse("orders:parcel-denial", args=[order.number, parcel.pk]),
        )
        assert deny not in buyer.client.get(page).content.decode()
        scan(parcel, "signed_by_other", at=SIGNED)
        with clock.frozen(SIGNED + HOUR):
            words = buyer.client.get(page).content.decode()
            assert "由他人代签" in words and deny in words
            assert a_buyer().client.post(deny, {"idempotency_key": uuid4().hex}).status_code == 404
            assert buyer.client.get(deny).status_code == 200
            assert buyer.client.post(deny, {"idempotency_key": uuid4().hex}).status_code == 303
            assert "正在查找" in buyer.client.get(page).content.decode()
        assert parcel_of(order).denied_at == SIGNED + HOUR

    def test_every_kind_can_be_played(self, sent):
        address = reverse("orders:sandbox-carrier", args=[parcel_of(sent).tracking_number])
        words = Client().get(address).content.decode()
        assert all(f'value="{kind}"' in words for kind in KINDS)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("fate = 'vanished', lost_at = now()", "what_became_of_a_parcel_is_known"),
        ("fate = 'lost'", "what_became_of_a_parcel_is_known"),
        ("denied_at = now()", "only_who_was_asked_denies"),
    ],
    ids=["unknown", "without an instant", "not asked"],
)
def test_the_database_refuses(sent, change, says):
    with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE orders_shipment SET {change} WHERE order_id = %s", [sent.pk])
