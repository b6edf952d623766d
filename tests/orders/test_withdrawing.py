"""Keeping the goods after all: until they are on their way back, by page and by program."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from kernel.errors import IllegalMove
from orders import returns, withdrawing
from orders.models import Return
from orders.states import ReturnState
from tests.builders.orders import ORDERED, a_return, an_order
from tests.builders.people import a_buyer
from tests.builders.programs import Program
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
AT = ORDERED + timedelta(days=3)


@pytest.fixture
def buyer():
    return a_buyer(at=ORDERED - timedelta(days=1))


@pytest.fixture
def back(buyer):
    order = an_order(subject_id=buyer.subject_id, delivered_at=ORDERED + timedelta(days=2))
    return a_return(order, at=AT)


def post(back, buyer):
    returns.post(return_id=back.pk, tracking_number="SB123456789", actor=buyer.actor, at=AT)


def withdraw(buyer, back):
    url = reverse("orders:return-withdrawal", args=[back.number])
    with clock.frozen(AT):
        return buyer.client.post(url, {"idempotency_key": shopping.key()})


def test_ends_it_while_the_goods_are_with_the_buyer(buyer, back):
    assert withdraw(buyer, back).status_code == 303
    back.refresh_from_db()
    assert back.state == ReturnState.CLOSED
    with pytest.raises(IllegalMove):
        withdrawing.withdraw(return_id=back.pk, actor=buyer.actor, at=AT)


def test_is_refused_once_they_are_posted(buyer, back):
    post(back, buyer)
    assert withdraw(buyer, back).status_code == 409
    told = Program(buyer, at=AT).step(f"/returns/{back.number}/withdrawal/")
    assert (told.status_code, told.json()["code"]) == (409, "return_on_its_way")
    assert Return.objects.get().state == ReturnState.POSTED


def test_is_refused_once_the_shop_has_them(buyer, back):
    post(back, buyer)
    returns.receive(return_id=back.pk, actor=buyer.actor, at=AT)
    with pytest.raises(withdrawing.OnItsWayBack):
        withdrawing.withdraw(return_id=back.pk, actor=buyer.actor, at=AT)
    assert Return.objects.get().state == ReturnState.RECEIVED
