"""A case and a return about the same goods: a line is paid back once, and no case gets stuck."""

from datetime import UTC, datetime, timedelta

from complaints import answering, deadlines
from complaints.answering import Answer
from complaints.models import Complaint, Outcome
from kernel.actor import Actor
from kernel.money import Money
from orders import cancellation, returns
from orders.models import Order
from payments import invariants
from tests.builders.cases import (
    DELIVERED,
    OPENED,
    a_complaint,
    a_complaint_to_decide,
    a_ruling,
    member_of,
    rule,
)
from tests.builders.orders import ORDERED, a_checkout, a_return, an_order, deliver, drain, pay, ship
from tests.builders.shops import a_listing, a_merchant

AT = OPENED + timedelta(days=3)


def two_lines() -> Order:
    """Delivered: 39.00 and 39.00 of one shop."""
    shop = a_merchant()
    listings = [(a_listing(merchant=shop), 1), (a_listing(merchant=shop), 1)]
    done = a_checkout(listings=listings)
    pay(done, at=ORDERED + timedelta(minutes=5))
    order = done.orders[0]
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=DELIVERED)
    return Order.objects.get(pk=order.pk)


def first_line(order):
    return order.lines.get(position=1)


def accept(complaint, *, at):
    answering.answer(
        complaint_id=complaint.pk, kind=Answer.ACCEPT, text="同意。", actor=member_of(complaint), at=at
    )
    drain(at=at)


def returned(order, *, at):
    returning = a_return(order, at=at, received=True)
    returns.refund(return_id=returning.pk, actor=Actor.system(), at=at + timedelta(days=2))
    drain(at=at + timedelta(days=2))


class TestACaseAndAReturnOfTheSameLine:
    def test_accepting_after_the_return_was_refunded_pays_nothing_more(self):
        order = two_lines()
        complaint = a_complaint(order=order, line_id=first_line(order).pk)
        returned(order, at=OPENED + timedelta(hours=1))
        accept(complaint, at=OPENED + timedelta(hours=47))
        order.refresh_from_db()
        complaint.refresh_from_db()
        assert order.refunded_minor == first_line(order).total_minor == 3900
        assert (complaint.state, complaint.granted_minor) == ("agreed", 0)
        assert invariants.all_offences() == []

    def test_accepting_a_claim_for_the_whole_order_pays_what_is_left_of_it(self):
        order = two_lines()
        complaint = a_complaint(order=order)
        returned(order, at=OPENED + timedelta(hours=1))
        accept(complaint, at=OPENED + timedelta(hours=47))
        order.refresh_from_db()
        complaint.refresh_from_db()
        assert (complaint.claimed_minor, complaint.granted_minor) == (7800, 3900)
        assert (order.state, order.left) == ("refunded", Money.zero())
        assert invariants.all_offences() == []

    def test_upheld_after_all_of_it_went_back_ends_the_case(self):
        order = an_order(delivered_at=DELIVERED)
        complaint = a_complaint_to_decide(order=order)
        returned(order, at=OPENED + timedelta(hours=1))
        rule(complaint, a_ruling(complaint), at=AT + timedelta(days=1))
        complaint.refresh_from_db()
        assert (complaint.state, complaint.granted_minor) == ("decided", 0)
        assert not complaint.order.holds.filter(lifted_at__isnull=True).exists()

    def test_a_line_is_not_paid_by_two_cases(self):
        order = two_lines()
        line_id = first_line(order).pk
        accept(a_complaint(order=order, line_id=line_id), at=OPENED + timedelta(hours=1))
        again = a_complaint(order=order, line_id=line_id, at=OPENED + timedelta(hours=2))
        assert again.claimed_minor == 0

    def test_a_return_after_a_part_refund_pays_the_rest_of_the_line(self):
        order = two_lines()
        part = a_complaint(order=order, line_id=first_line(order).pk, wish="part_refund", asked=Money(1500))
        accept(part, at=OPENED + timedelta(hours=1))
        returning = a_return(order, at=OPENED + timedelta(hours=2), received=True)
        assert returning.amount_minor == 2400
        returns.refund(return_id=returning.pk, actor=Actor.system(), at=AT)
        order.refresh_from_db()
        assert order.refunded_minor == first_line(order).refunded_minor == 3900

    def test_a_return_asked_before_the_part_refund_pays_the_rest_too(self):
        order = two_lines()
        returning = a_return(order, at=OPENED, received=True)
        part = a_complaint(order=order, line_id=first_line(order).pk, wish="part_refund", asked=Money(1500))
        accept(part, at=OPENED + timedelta(hours=1))
        returns.refund(return_id=returning.pk, actor=Actor.system(), at=AT)
        order.refresh_from_db()
        assert order.refunded_minor == first_line(order).refunded_minor == 3900

    def test_a_case_about_a_cancelled_order_can_still_be_accepted(self):
        order = an_order()
        complaint = a_complaint(order=order, at=ORDERED + timedelta(hours=1), category="not_received")
        buyer = Actor.buyer(order.subject_id)
        cancellation.cancel(order_id=order.pk, actor=buyer, at=ORDERED + timedelta(hours=2))
        accept(complaint, at=ORDERED + timedelta(hours=3))
        order.refresh_from_db()
        assert order.refunded_minor == order.total_minor
        assert Complaint.objects.get(pk=complaint.pk).state == "agreed"

    def test_a_partly_upheld_ruling_above_the_rest_pays_the_rest(self):
        order = two_lines()
        complaint = a_complaint_to_decide(order=order)
        returned(order, at=OPENED + timedelta(hours=1))
        rule(complaint, a_ruling(complaint, Outcome.PARTLY, Money(5000)), at=AT + timedelta(days=1))
        order.refresh_from_db()
        assert (order.refunded_minor, order.state) == (7800, "refunded")


class TestNegotiation:
    def test_a_row_of_answers_never_keeps_a_silent_buyer_from_the_ruling(self):
        complaint = a_complaint()
        at = OPENED + timedelta(hours=5)
        for day in range(7):
            answering.answer(
                complaint_id=complaint.pk,
                kind=Answer.CONTEST,
                text="请再等等。",
                actor=member_of(complaint),
                at=at + timedelta(days=day),
            )
        shown = deadlines.shown(complaint)
        assert (shown.due_at, shown.owner) == (datetime(2026, 11, 14, 16, tzinfo=UTC), "buyer")
