"""Of several parcels one has come: what was in it can go back before the rest is there."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from orders import asking, fulfilment, returns
from orders.models import Order
from orders.states import OrderState, ReturnState
from tests.builders.orders import ORDERED, a_tracking_number, an_order, drain, member_of, scan
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
CAME = ORDERED + timedelta(days=2)


def sent(order, pieces, at=ORDERED + timedelta(hours=1)):
    line = order.lines.get()
    parcel = fulfilment.ship(
        order_id=order.pk,
        tracking_number=a_tracking_number(),
        pieces={line.pk: pieces},
        actor=member_of(order),
        at=at,
    )
    drain(at=at)
    return parcel


@pytest.fixture
def buyer():
    return a_buyer()


@pytest.fixture
def order(buyer):
    """Three at 30.00 and 5.00 to send them; two have come, one is still to be sent."""
    listing = a_listing(price="30.00", freight="5.00")
    order = an_order(listing=listing, quantity=3, subject_id=buyer.subject_id)
    scan(sent(order, 2), "delivered", at=CAME)
    return order


def pick(buyer, order, units, kind="no_reason"):
    told = {"kind": kind, "note": "", f"line_{order.lines.get().pk.hex}": units}
    return buyer.client.post(reverse("orders:return-check", args=[order.number]), told)


def test_from_the_order_page_to_the_refund_while_the_rest_waits(buyer, order):
    with clock.frozen(CAME + timedelta(days=20)):
        page = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
        assert "退已收到的" in page
        said = buyer.client.get(reverse("orders:return", args=[order.number])).content.decode()
        assert "已收到的现在就可以退" in said and "最多 2 件" in said
        back = shopping.return_goods(buyer.client, order, 2)
    # Two of three: 60.00 of the goods, 3.33 of the freight.
    assert (back.state, back.goods_minor, back.freight_minor) == (ReturnState.ACCEPTED, 6000, 333)


def test_only_what_has_come_goes_back(buyer, order):
    with clock.frozen(CAME):
        answer = pick(buyer, order, 3)
    assert answer.status_code == 422 and not order.returns.exists()
    with pytest.raises(asking.QuantityOutOfRange) as refused:
        lines = [(order.lines.get().pk, 3)]
        returns.ask(order_id=order.pk, lines=lines, actor=buyer.actor, at=CAME)
    assert refused.value.params["most"] == 2


def test_nothing_before_the_first_parcel(buyer):
    order = an_order(listing=a_listing(), quantity=2, subject_id=buyer.subject_id)
    sent(order, 1)
    with pytest.raises(asking.NotDelivered):
        returns.ask(order_id=order.pk, lines=[(order.lines.get().pk, 1)], actor=buyer.actor, at=CAME)


@pytest.mark.parametrize("kind", ["quality", "not_as_described"])
def test_faulty_goods_go_back_early_too(buyer, order, kind):
    with clock.frozen(CAME):
        assert pick(buyer, order, 1, kind).status_code == 200


def refunded(back, at):
    parcel = returns.post(
        return_id=back.pk, tracking_number=a_tracking_number(), actor=member_of(back.order), at=at
    )
    scan(parcel, "delivered", at=at)
    returns.refund(return_id=back.pk, actor=member_of(back.order), at=at)
    drain(at=at)


def test_the_window_begins_with_the_last_piece_and_the_sums_add_up(buyer, order):
    line = order.lines.get()
    first = returns.ask(order_id=order.pk, lines=[(line.pk, 2)], actor=buyer.actor, at=CAME)
    refunded(first, CAME)
    order.refresh_from_db()
    assert (order.state, order.refunded_minor, order.window_ends_at) == (OrderState.PAID, 6333, None)
    with pytest.raises(asking.QuantityOutOfRange):
        returns.ask(order_id=order.pk, lines=[(line.pk, 1)], actor=buyer.actor, at=CAME)
    last = CAME + timedelta(days=3)
    scan(sent(order, 1, at=CAME), "delivered", at=last)
    order.refresh_from_db()
    assert order.state == OrderState.DELIVERED and order.delivered_at == last
    second = returns.ask(order_id=order.pk, lines=[(line.pk, 1)], actor=buyer.actor, at=last)
    refunded(second, last)
    order.refresh_from_db()
    assert (order.state, order.refunded_minor) == (OrderState.REFUNDED, 9500)


def test_the_rest_cancelled_after_a_part_came_back_ends_the_order(buyer, order):
    from orders import cancellation

    back = returns.ask(order_id=order.pk, lines=[(order.lines.get().pk, 2)], actor=buyer.actor, at=CAME)
    refunded(back, CAME)
    cancellation.cancel(order_id=order.pk, actor=buyer.actor, at=CAME)
    found = Order.objects.get(pk=order.pk)
    assert (found.state, found.refunded_minor) == (OrderState.REFUNDED, 9500)
