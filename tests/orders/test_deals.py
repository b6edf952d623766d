"""What an order tells the catalogue about prices: a deal when it is paid, void when nothing stays."""

from datetime import timedelta

import pytest

from catalog.models import Deal, DealVoid
from kernel.actor import Actor
from kernel.money import Money
from orders import cancellation, refunding, returns
from tests.builders.orders import ORDERED, a_return, an_order, member_of
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def causes():
    return list(DealVoid.objects.values_list("cause", flat=True))


def test_a_paid_line_is_a_deal_with_its_freight_and_nobody_s_name():
    listing = a_listing(price="39.00", freight="6.00")
    order = an_order(listing=listing, quantity=3)
    deal = Deal.objects.get()
    assert (deal.listing_id, deal.variant_id, deal.price_minor, deal.at) == (
        listing.pk,
        listing.pk,
        4500,
        ORDERED + timedelta(minutes=5),
    )
    assert deal.reference == order.lines.get().pk


def test_an_unpaid_order_is_none():
    an_order(paid=False)
    assert not Deal.objects.exists()


def test_cancelled_by_either_side_it_is_void():
    for actor in (None, "member"):
        order = an_order()
        who = member_of(order) if actor else Actor.buyer(order.subject_id)
        cancellation.cancel(order_id=order.pk, actor=who, at=ORDERED + DAY)
    assert causes() == ["cancelled", "cancelled"]


def test_all_of_it_returned_it_is_void_and_a_part_is_not():
    listing = a_listing()
    whole, part = (
        an_order(listing=listing, quantity=2, delivered_at=ORDERED + DAY, at=ORDERED) for _ in range(2)
    )
    for order, quantity in ((whole, 2), (part, 1)):
        back = a_return(order, at=ORDERED + 2 * DAY, quantity=quantity, received=True)
        returns.refund(return_id=back.pk, actor=member_of(order), at=ORDERED + 4 * DAY)
    assert causes() == ["returned"]
    assert DealVoid.objects.get().deal.reference == whole.lines.get().pk


def test_paid_back_in_full_it_is_void():
    order = an_order(delivered_at=ORDERED + DAY)
    for minor in (900, order.total_minor - 900):
        assert causes() == []
        refunding.refund_part(
            order_id=order.pk,
            amount=Money(minor),
            purpose=f"t:{minor}",
            actor=Actor.system(),
            at=ORDERED + DAY,
        )
    assert causes() == ["refunded"]
