"""Opening a complaint: money frozen, the merchant's clock running, or nothing at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from complaints import deadlines, limits
from complaints.intake import ComplaintRunning
from complaints.models import Complaint, Statement
from deadlines import booking
from evidence.models import Leaf
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money
from orders import refunding
from tests.builders.cases import DELIVERED, OPENED, a_complaint
from tests.builders.orders import an_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(the_law):
    return an_order(delivered_at=DELIVERED)


class TestOpenComplaint:
    def test_freezes_the_money_and_starts_the_48_hours(self, order):
        complaint = a_complaint(order=order)
        assert complaint.state == "open"
        assert complaint.claimed == order.total
        assert order.holds.filter(lifted_at__isnull=True, reason="complaint").count() == 1
        due = booking.find(kind=deadlines.ANSWER, reference=complaint.pk)
        assert due.due_at == OPENED + timedelta(hours=48)
        assert due.owner == "merchant"
        assert refunding.in_escrow(order_id=order.pk) == order.total

    def test_what_was_said_is_sealed_and_proved(self, order):
        complaint = a_complaint(order=order, text="裂纹CANARY")
        statement = Statement.objects.get(complaint=complaint)
        assert statement.text == "裂纹CANARY"
        with connection.cursor() as cursor:
            cursor.execute("SELECT text FROM complaints_statement")
            assert b"CANARY" not in bytes(cursor.fetchone()[0])
        labels = set(Leaf.objects.filter(reference=complaint.pk).values_list("label", flat=True))
        assert labels == {"complaints.complaint.open", "complaints.complaint.say"}

    def test_a_part_is_asked_for_to_the_fen(self, order):
        complaint = a_complaint(order=order, wish="part_refund", asked=Money(1))
        assert complaint.claimed == Money(1)

    @pytest.mark.parametrize("asked", [None, Money(0), Money(-1), Money(10**9)])
    def test_a_sum_out_of_range_is_refused_and_nothing_changed(self, order, asked):
        with pytest.raises(limits.ClaimOutOfRange):
            a_complaint(order=order, wish="part_refund", asked=asked)
        assert Complaint.objects.count() == 0
        assert order.holds.count() == 0

    @pytest.mark.parametrize(
        ("told", "refusal"),
        [
            ({"text": "  "}, limits.TextMissing),
            ({"text": "\x00"}, limits.TextMissing),
            ({"text": "长" * 4001}, limits.TextTooLong),
            ({"category": "nonsense"}, limits.UnknownChoice),
            ({"wish": "world peace"}, limits.UnknownChoice),
            ({"line_id": new_id()}, NotFound),
        ],
    )
    def test_bad_input_is_named_and_nothing_changed(self, order, told, refusal):
        with pytest.raises(refusal):
            a_complaint(order=order, **told)
        assert Complaint.objects.count() == 0
        assert order.holds.count() == 0

    def test_a_second_one_about_the_same_names_the_first(self, order):
        first = a_complaint(order=order)
        with pytest.raises(ComplaintRunning) as refusal:
            a_complaint(order=order)
        assert refusal.value.params == {"number": first.number}

    def test_an_unpaid_order_has_nothing_to_complain_about(self, the_law):
        with pytest.raises(limits.ComplaintNotPossible):
            a_complaint(order=an_order(paid=False))

    def test_the_window_ends_90_days_after_delivery(self, order):
        # DELIVERED + 90 d is the first instant that is too late.
        a_complaint(order=order, at=DELIVERED + timedelta(days=90) - timedelta(microseconds=1))
        with pytest.raises(limits.ComplaintTooLate):
            a_complaint(order=an_order(delivered_at=DELIVERED), at=DELIVERED + timedelta(days=90))


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE complaints_complaint SET state = 'forgotten'",
            "UPDATE complaints_complaint SET state = 'agreed'",
            "UPDATE complaints_complaint SET granted_minor = claimed_minor + 1",
            "UPDATE complaints_complaint SET claimed_minor = -1, granted_minor = -1",
            "UPDATE complaints_complaint SET category = 'x'",
        ],
    )
    def test_by_sql(self, order, attack):
        a_complaint(order=order)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
