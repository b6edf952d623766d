"""The cart: what changed since it was seen, and what happens to it at sign-in."""

from datetime import timedelta

import pytest

from accounts.guests import claim_guest
from catalog import drafting, publishing, stock, suspension
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from orders import cart
from tests.builders.orders import ORDERED, a_subject, drain
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


def put(subject, listing, quantity=1) -> None:  # type: ignore[no-untyped-def]
    cart.put(
        subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=Actor.buyer(subject), at=ORDERED
    )


class TestContents:
    def test_groups_by_merchant_with_freight_once_per_line(self) -> None:
        subject, cup = a_subject(), a_listing(price="10.00", freight="3.00")
        plate, lamp = a_listing(merchant=cup.merchant, price="20.00"), a_listing(price="5.00")
        for listing, quantity in ((cup, 2), (lamp, 1), (plate, 1)):
            put(subject, listing, quantity)
        found = cart.contents(subject_id=subject, at=ORDERED)
        assert [group.total for group in found.groups] == [Money(2000 + 300 + 2000), Money(500)]
        assert (found.total, cart.count(subject_id=subject)) == (Money(4800), 4)

    def test_says_what_a_price_was_until_it_is_seen(self) -> None:
        subject, cup = a_subject(), a_listing(price="10.00")
        put(subject, cup)
        actor = Actor.member(new_id(), cup.merchant_id)
        drafting.edit_draft(listing_id=cup.pk, changes={"price_minor": 1200}, actor=actor, at=ORDERED)
        publishing.publish(listing_id=cup.pk, actor=actor, at=ORDERED + timedelta(hours=1))
        (item,) = cart.contents(subject_id=subject, at=ORDERED).items
        assert (item.was, item.unit) == (Money(1000), Money(1200))
        cart.change(subject_id=subject, variant_id=cup.pk, quantity=1, actor=Actor.buyer(subject), at=ORDERED)
        assert cart.contents(subject_id=subject, at=ORDERED).items[0].was is None

    def test_says_what_ran_short_or_left_the_shelf(self) -> None:
        subject, cup, plate = a_subject(), a_listing(stock=5), a_listing(stock=5)
        put(subject, cup, 3), put(subject, plate)
        actor = Actor.member(new_id(), cup.merchant_id)
        stock.count(variant_id=cup.pk, on_hand=1, actor=actor, at=ORDERED)
        suspension.suspend(
            listing_id=plate.pk,
            reason="标签不实",
            rule_id="cn.price.display",
            actor=Actor.staff(new_id()),
            at=ORDERED,
        )
        found = cart.contents(subject_id=subject, at=ORDERED)
        assert [item.problem for item in found.items] == ["short"]
        assert [item.problem for item in found.blocked] == ["withdrawn"]


class TestPut:
    def test_adds_to_what_is_there(self) -> None:
        subject, cup = a_subject(), a_listing(stock=5)
        put(subject, cup, 2), put(subject, cup)
        assert cart.count(subject_id=subject) == 3

    @pytest.mark.parametrize("quantity", [0, -1, 6])
    def test_refuses_more_than_there_is_or_nothing(self, quantity: int) -> None:
        subject, cup = a_subject(), a_listing(stock=5)
        with pytest.raises(cart.CartQuantityOutOfRange) as refusal:
            put(subject, cup, quantity)
        assert refusal.value.params["most"] == 5 and cart.count(subject_id=subject) == 0

    def test_refuses_what_is_not_on_sale(self) -> None:
        with pytest.raises(cart.NotOnSale):
            put(a_subject(), a_listing(live=False))


def test_signing_in_brings_the_guests_cart_along() -> None:
    guest, member = a_subject(), a_subject()
    cup, plate = a_listing(stock=5), a_listing(stock=5)
    put(guest, cup, 2), put(guest, plate), put(member, cup)
    claim_guest(subject_id=member, guest_subject_id=guest, at=ORDERED)
    drain(at=ORDERED)
    found = {item.listing.pk: item.quantity for item in cart.contents(subject_id=member, at=ORDERED).items}
    assert found == {cup.pk: 3, plate.pk: 1}
    assert cart.count(subject_id=guest) == 0
