"""Refused returns become cases whatever else runs; a return is reopened only where it can be paid back."""

from datetime import timedelta

import pytest

from complaints import handlers, limits
from complaints.models import Complaint
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders import returns
from orders.events import ReturnRefusalUnanswered
from orders.models import Order, Return
from orders.returns import CantReopen
from outbox.models import Message
from tests.attack.test_paid_twice import first_line, two_lines
from tests.builders.cases import DELIVERED, OPENED, a_complaint
from tests.builders.orders import a_return, an_order, drain, member_of, scan


def refused(order: Order, *, at) -> Return:
    made = a_return(order, at=at, received=True)
    returns.refuse(
        return_id=made.pk, reason="有使用痕迹", actor=member_of(order), at=at + timedelta(days=1, hours=1)
    )
    drain(at=at + timedelta(days=1, hours=1))
    return Return.objects.get(pk=made.pk)


def let_it_pass(returning: Return, *, platform_at) -> None:
    late = returning.received_at + timedelta(days=9)
    platform_at(late)
    sweep_all()
    drain(at=late)


class TestASilentRefusal:
    def test_becomes_a_case_although_one_about_another_line_runs(self, platform_at):
        order = two_lines()
        other = order.lines.get(position=2)
        returning = refused(order, at=OPENED)
        a_complaint(order=order, line_id=other.pk, at=OPENED + timedelta(days=2))
        let_it_pass(returning, platform_at=platform_at)
        opened = Complaint.objects.get(order=order, category="return_refused")
        assert (opened.line_id, opened.claimed_minor) == (first_line(order).pk, 3900)
        assert Return.objects.get(pk=returning.pk).state == "closed"

    def test_claims_only_what_the_return_was_worth(self, platform_at):
        order = two_lines()
        returning = refused(order, at=OPENED)
        let_it_pass(returning, platform_at=platform_at)
        assert Complaint.objects.get(order=order).claimed_minor == returning.amount_minor == 3900

    def test_that_the_buyer_has_taken_back_meanwhile_leaves_no_message_stuck(self, platform_at):
        order = two_lines()
        returning = refused(order, at=OPENED)
        late = returning.received_at + timedelta(days=9)
        platform_at(late)
        sweep_all()
        drain_one_deadline_then_withdraw(returning, at=late)
        assert not Complaint.objects.filter(order=order).exists()
        assert not Message.objects.filter(handled_at__isnull=True).exists()


def drain_one_deadline_then_withdraw(returning, *, at):
    returns.close(return_id=returning.pk, cause="withdrawn", actor=Actor.system(), at=at)
    order = returning.order
    event = ReturnRefusalUnanswered(order.pk, order.merchant_id, order.subject_id, returning.pk, 1)
    handlers.on_return_refusal_unanswered(event, at=at)
    drain(at=at)


class TestReopening:
    def test_is_refused_on_a_settled_order_although_a_case_holds_it(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=OPENED)
        late = DELIVERED + timedelta(days=40)
        platform_at(late)
        sweep_all()
        drain(at=late)
        assert Order.objects.get(pk=order.pk).state == "settled"
        a_complaint(order=order, at=late)
        with pytest.raises(CantReopen):
            returns.reopen(return_id=made.pk, actor=Actor.buyer(order.subject_id), at=late)

    def test_is_no_way_around_a_refusal(self):
        order = an_order(delivered_at=DELIVERED)
        returning = refused(order, at=OPENED)
        at = OPENED + timedelta(days=2)
        returns.close(return_id=returning.pk, cause="withdrawn", actor=Actor.buyer(order.subject_id), at=at)
        with pytest.raises(CantReopen):
            returns.reopen(return_id=returning.pk, actor=Actor.buyer(order.subject_id), at=at)


class TestAParcelThatCountedAsNeverSent:
    def test_and_arrives_after_all_is_refunded_by_silence(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=OPENED, posted=True)
        parcel = made.shipments.get()
        lost = OPENED + timedelta(days=8)
        platform_at(lost)
        sweep_all()
        drain(at=lost)
        assert Return.objects.get(pk=made.pk).state == "closed"
        scan(parcel, "delivered", at=lost + timedelta(hours=1))
        made.refresh_from_db()
        assert made.state == "received"
        platform_at(made.inspect_by)
        sweep_all()
        drain(at=made.inspect_by)
        order.refresh_from_db()
        assert (order.state, order.refunded_minor) == ("refunded", order.total_minor)

    def test_and_arrives_once_the_goods_go_back_again_changes_nothing(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=OPENED, posted=True)
        parcel = made.shipments.get()
        returns.close(return_id=made.pk, cause="never_scanned", actor=Actor.system(), at=OPENED)
        again = a_return(order, at=OPENED + timedelta(hours=1))
        scan(parcel, "delivered", at=OPENED + timedelta(hours=2))
        states = Return.objects.in_bulk([made.pk, again.pk])
        assert (states[made.pk].state, states[again.pk].state) == ("closed", "accepted")


class TestARefusalLongAfterTheTimeToComplain:
    def test_finds_a_case_all_the_same(self, platform_at, monkeypatch):
        order = an_order(delivered_at=DELIVERED)
        returning = refused(order, at=OPENED)
        # A shop may promise hundreds of days; a short time to complain stands for that here.
        monkeypatch.setattr(limits, "last_instant", lambda order: DELIVERED)
        let_it_pass(returning, platform_at=platform_at)
        assert Complaint.objects.get(order=order).category == "return_refused"
