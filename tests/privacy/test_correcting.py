"""A correction reaches all that is still used; the record of older trades stays, and it is said why."""

from datetime import timedelta

import pytest

from accounts.models import User
from kernel.actor import Actor
from kernel.errors import NotFound
from orders.models import Order
from orders.recipients import PhoneInvalid
from privacy import correcting
from privacy.models import Request
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, an_order
from tests.builders.people import a_buyer
from tests.builders.requests import ASKED

pytestmark = pytest.mark.django_db


def test_it_reaches_the_account_and_open_orders_and_says_what_stays():
    buyer = a_buyer("林末")
    old = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + timedelta(days=2))
    new = an_order(subject_id=buyer.subject_id)
    request, found = correcting.correct(
        subject_id=buyer.subject_id,
        values={"display_name": " 林未 ", "address": "上海市徐汇区漕溪北路 90 号"},
        actor=buyer.actor,
        at=ASKED,
    )
    assert User.objects.get(subject_id=buyer.subject_id).display_name == "林未"
    assert Order.objects.get(pk=new.pk).address.endswith("90 号")
    assert Order.objects.get(pk=old.pk).address == LIN_WEI.address
    assert found.kept == {old.number: "cn.trade.retention"}
    answer = Request.objects.get(pk=request.pk).answer
    assert old.number in answer and "改正了 1 个订单" in answer and "林" not in answer
    assert Order.objects.get(pk=new.pk).moves.filter(name="correct").count() == 1


def test_what_can_t_be_right_changes_nothing():
    order = an_order()
    actor = Actor.buyer(order.subject_id)
    for values, refusal in (({"phone": "12"}, PhoneInvalid), ({"shoe": "42"}, correcting.NothingToCorrect)):
        with pytest.raises(refusal):
            correcting.correct(subject_id=order.subject_id, values=values, actor=actor, at=ASKED)
    assert Order.objects.get(pk=order.pk).phone == LIN_WEI.phone
    assert not Request.objects.exists()
    with pytest.raises(NotFound):
        correcting.correct(
            subject_id=order.subject_id,
            values={"phone": "13800138001"},
            actor=Actor.buyer(a_subject()),
            at=ASKED,
        )
