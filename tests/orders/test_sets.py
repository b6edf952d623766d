"""Buying a set: in the cart whole, split over its lines to the last fen, off every member's shelf at once."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from catalog import publishing, sets, stock
from catalog.models import Deal, Reservation, Stock
from kernel.actor import Actor
from orders import cancellation, cart, cart_sets, checkout, invariants
from orders.models import CartLine, LineDiscount, Order
from tests.builders.orders import (
    ORDERED,
    a_checkout,
    a_subject,
    pay,
)
from tests.builders.prices import published
from tests.builders.set_orders import checked_out, put_set
from tests.builders.sets import a_set, teaware, written
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def subject():
    return a_subject()


def held(listing):
    row = Stock.objects.get(pk=listing.pk)
    return row.on_hand, row.reserved, row.sold


def problems(subject):
    found = cart.contents(subject_id=subject, at=ORDERED)
    return {item.problem for item in (*found.items, *found.blocked)}


class TestCart:
    def test_holds_a_line_for_each_member_and_costs_the_set(self, subject):
        pot, cup = teaware()
        put_set(subject, a_set(pot, cup, quantities=(1, 2), price="110.00"), 2)
        found = cart.contents(subject_id=subject, at=ORDERED)
        assert [(item.quantity, item.unit.minor) for item in found.items] == [(2, 8000), (4, 2000)]
        assert (found.groups[0].goods.minor, found.groups[0].discount.minor) == (24000, 2000)
        assert found.total.minor == 22000

    def test_beside_the_same_thing_alone(self, subject):
        pot, cup = teaware()
        put_set(subject, a_set(pot, cup))
        cart.put(subject_id=subject, listing_id=cup.pk, actor=Actor.buyer(subject), at=ORDERED)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 7000 + 2000
        cart.remove(subject_id=subject, variant_id=cup.pk)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 7000

    def test_the_same_shelf_serves_both(self, subject):
        pot, cup = teaware(stock=2)
        put_set(subject, a_set(pot, cup), 2)
        cart.put(subject_id=subject, listing_id=cup.pk, actor=Actor.buyer(subject), at=ORDERED)
        assert problems(subject) == {"short"}
        with pytest.raises(checkout.CartChanged):
            checked_out(subject)
        assert held(cup) == (2, 0, 0) and not Order.objects.exists()

    def test_is_counted_in_sets_and_taken_out_whole(self, subject):
        shop_set = a_set()
        put_set(subject, shop_set), put_set(subject, shop_set, 2)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 21000
        facts = {"subject_id": subject, "set_id": shop_set.pk}
        cart_sets.change(**facts, quantity=2, actor=Actor.buyer(subject), at=ORDERED)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 14000
        with pytest.raises(cart.CartQuantityOutOfRange):
            cart_sets.change(**facts, quantity=11, actor=Actor.buyer(subject), at=ORDERED)
        cart_sets.remove(**facts)
        assert not CartLine.objects.exists()

    def test_no_more_than_the_scarcest_member_lasts_for(self, subject):
        pot, cup = teaware()
        shop_set = a_set(pot, cup, quantities=(1, 3), price="120.00")
        with pytest.raises(cart.CartQuantityOutOfRange) as refused:
            put_set(subject, shop_set, 4)
        assert refused.value.params["most"] == 3 and not CartLine.objects.exists()

    def test_an_older_version_isn_t_taken_and_says_so(self, subject):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        old = shop_set.live_revision_id
        put_set(subject, shop_set)
        told = written([(pot.pk, 1), (cup.pk, 1)], "75.00")
        shop_set = sets.change(set_id=shop_set.pk, written=told, actor=Actor.system(), at=ORDERED)
        assert problems(subject) == {"set_changed"}
        with pytest.raises(cart_sets.SetNotOnSale):
            put_set(subject, shop_set, revision=old)
        with pytest.raises(checkout.CartChanged):
            checked_out(subject)
        put_set(subject, shop_set)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 7500

    @pytest.mark.parametrize(
        ("happens", "problem"),
        [
            (
                lambda pot, cup: publishing.withdraw(listing_id=cup.pk, actor=Actor.system(), at=ORDERED),
                "member_away",
            ),
            (
                lambda pot, cup: stock.count(variant_id=cup.pk, on_hand=0, actor=Actor.system(), at=ORDERED),
                "sold_out",
            ),
            (lambda pot, cup: published(pot, at=ORDERED, price_minor=4000), "set_dearer"),
        ],
        ids=["off sale", "sold out", "cheaper alone"],
    )
    def test_what_stops_a_member_stops_the_set(self, subject, happens, problem):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        put_set(subject, shop_set)
        happens(pot, cup)
        assert problems(subject) == {problem}
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 0
        with pytest.raises(checkout.CartChanged):
            checked_out(subject)
        with pytest.raises(cart_sets.SetNotOnSale) as refused:
            put_set(a_subject(), shop_set)
        assert refused.value.params["problem"] == problem
        assert not Order.objects.exists() and not Reservation.objects.exists()

    def test_withdrawn_it_can_t_be_bought_any_more(self, subject):
        shop_set = a_set()
        put_set(subject, shop_set)
        sets.withdraw(set_id=shop_set.pk, actor=Actor.system(), at=ORDERED)
        assert problems(subject) == {"withdrawn"}

    def test_a_guest_s_set_moves_into_the_account_s_cart(self, subject):
        shop_set, guest = a_set(), a_subject()
        put_set(guest, shop_set, 2)
        cart_sets.merge(from_subject_id=guest, into_subject_id=subject)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 14000
        put_set(guest, shop_set)
        cart_sets.merge(from_subject_id=guest, into_subject_id=subject)
        assert cart.contents(subject_id=subject, at=ORDERED).total.minor == 14000
        assert not CartLine.objects.of_subject(guest).exists()


class TestOrder:
    def test_freezes_the_set_and_its_split(self, subject):
        pot, cup = teaware()
        shop_set = a_set(pot, cup, quantities=(1, 3), price="99.99")
        put_set(subject, shop_set)
        order = checked_out(subject).orders[0]
        first, second = order.lines.order_by("position")
        assert (first.unit_minor, first.total_minor, first.goods_paid.minor) == (8000, 8000, 5714)
        assert (second.unit_minor, second.total_minor, second.goods_paid.minor) == (2000, 6000, 4285)
        assert {line.set_revision_id for line in (first, second)} == {shop_set.live_revision_id}
        assert (order.goods_minor, order.discount_minor, order.total_minor) == (14000, 4001, 9999)
        rows = LineDiscount.objects.filter(line__order=order)
        assert {(row.kind, row.reference) for row in rows} == {("set", shop_set.live_revision_id)}
        assert not invariants.all_offences() and not CartLine.objects.exists()

    def test_at_exactly_the_sum_it_is_still_the_set(self, subject):
        pot, cup = teaware()
        shop_set = a_set(pot, cup, price="100.00")
        put_set(subject, shop_set)
        order = checked_out(subject).orders[0]
        assert order.discount_minor == 0 and not LineDiscount.objects.exists()
        assert order.lines.filter(set_revision=shop_set.live_revision).count() == 2

    def test_takes_every_member_off_its_shelf_and_gives_it_back(self, subject):
        pot, cup = teaware()
        put_set(subject, a_set(pot, cup, quantities=(1, 2), price="110.00"), 2)
        cart.put(subject_id=subject, listing_id=cup.pk, actor=Actor.buyer(subject), at=ORDERED)
        done = checked_out(subject)
        assert (held(pot), held(cup)) == ((10, 2, 0), (10, 5, 0))
        pay(done, at=ORDERED)
        assert (held(pot), held(cup)) == ((8, 0, 2), (5, 0, 5))
        cancellation.cancel(order_id=done.orders[0].pk, actor=Actor.buyer(subject), at=ORDERED)
        assert (held(pot)[0], held(cup)[0]) == (10, 10)
        assert not invariants.all_offences()

    def test_is_no_deal_of_what_is_in_it(self, subject):
        pot, cup = teaware()
        put_set(subject, a_set(pot, cup))
        cart.put(subject_id=subject, listing_id=cup.pk, actor=Actor.buyer(subject), at=ORDERED)
        pay(checked_out(subject), at=ORDERED)
        assert [(deal.variant_id, deal.price_minor) for deal in Deal.objects.all()] == [(cup.pk, 2000)]

    def test_only_the_set_may_be_bought_of_a_cart(self, subject):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        put_set(subject, shop_set)
        cart.put(subject_id=subject, listing_id=cup.pk, actor=Actor.buyer(subject), at=ORDERED)
        order = checked_out(subject, variant_ids=[shop_set.pk]).orders[0]
        assert order.total_minor == 7000
        assert CartLine.objects.get().variant_id == cup.pk

    def test_a_line_says_no_set_that_it_isn_t_in(self, subject):
        shop_set, other = a_set(), a_listing()
        order = a_checkout(listings=[(other, 1)]).orders[0]
        attack = "UPDATE orders_orderline SET set_revision_id = %s WHERE order_id = %s"
        refused = pytest.raises(DatabaseError, match="Cannot update")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack, [shop_set.live_revision_id, order.pk])
        line = order.lines.get()
        line.pk, line.position, line.set_revision = None, 2, shop_set.live_revision
        line._state.adding = True
        with pytest.raises(DatabaseError, match="one of its members"), transaction.atomic():
            line.save(force_insert=True)
