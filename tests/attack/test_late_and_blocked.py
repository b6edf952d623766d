"""Between the sweep and its outcome nobody is in time any more; no shop can bar a cancellation."""

from datetime import timedelta

import pytest

from catalog import stock
from complaints import answering
from complaints.answering import Answer
from deadlines.booking import TooLate
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from orders import cancellation, fulfilment, returns
from orders.models import Order, Return
from tests.builders.cases import DELIVERED, OPENED, a_complaint, member_of
from tests.builders.orders import ORDERED, a_return, a_tracking_number, an_order, drain
from tests.builders.orders import member_of as seller_of


def sweep_only(platform_at, at):
    """The deadline has fired; its message still waits for the relay."""
    platform_at(at)
    sweep_all()


class TestAfterTheSweepAndBeforeItsOutcome:
    def test_a_shop_can_no_longer_refuse_what_came_back(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=OPENED, received=True)
        sweep_only(platform_at, made.inspect_by)
        with pytest.raises(TooLate):
            returns.refuse(return_id=made.pk, reason="晚了", actor=seller_of(order), at=made.inspect_by)
        drain(at=made.inspect_by)
        assert Return.objects.get(pk=made.pk).state == "refunded"

    def test_a_shop_can_no_longer_answer_a_complaint(self, platform_at):
        complaint = a_complaint()
        late = OPENED + timedelta(hours=48)
        sweep_only(platform_at, late)
        with pytest.raises(TooLate):
            answering.answer(
                complaint_id=complaint.pk,
                kind=Answer.CONTEST,
                text="晚了",
                actor=member_of(complaint),
                at=late,
            )
        drain(at=late)
        complaint.refresh_from_db()
        assert (complaint.state, complaint.unanswered) == ("deciding", True)

    def test_it_can_still_give_in_once_the_platform_decides(self, platform_at):
        complaint = a_complaint()
        late = OPENED + timedelta(hours=48)
        sweep_only(platform_at, late)
        drain(at=late)
        answering.answer(
            complaint_id=complaint.pk, kind=Answer.ACCEPT, text="同意", actor=member_of(complaint), at=late
        )
        complaint.refresh_from_db()
        assert complaint.state == "agreed"

    def test_a_shop_can_no_longer_send(self, platform_at):
        order = an_order()
        late = ORDERED + timedelta(days=16)
        sweep_only(platform_at, late)
        with pytest.raises(TooLate):
            fulfilment.ship(
                order_id=order.pk, tracking_number=a_tracking_number(), actor=seller_of(order), at=late
            )
        drain(at=late)
        assert Order.objects.get(pk=order.pk).state == "cancelled"

    def test_a_return_accepted_by_silence_may_be_refused_when_it_came_back(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=OPENED, kind="quality")
        at = OPENED + timedelta(hours=48)
        sweep_only(platform_at, at)
        drain(at=at)
        returns.receive(return_id=made.pk, actor=seller_of(order), at=at)
        returns.refuse(return_id=made.pk, reason="空盒", actor=seller_of(order), at=at)
        assert Return.objects.get(pk=made.pk).state == "refused"


class TestAFullCount:
    def test_bars_no_buyer_from_cancelling(self):
        order = an_order()
        line = order.lines.get()
        stock.count(variant_id=line.listing_id, on_hand=stock.MOST, actor=Actor.system(), at=ORDERED)
        cancellation.cancel(
            order_id=order.pk, actor=Actor.buyer(order.subject_id), at=ORDERED + timedelta(hours=1)
        )
        order.refresh_from_db()
        assert (order.state, order.refunded_minor) == ("cancelled", order.total_minor)
