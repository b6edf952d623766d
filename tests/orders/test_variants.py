"""Buying one of several: the cart, the order and what comes back name exactly that one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from catalog import drafting, publishing, variants
from catalog.models import Reservation, Stock
from kernel import clock
from kernel.actor import Actor
from orders import cancellation, cart, checkout
from orders.models import CartLine, Order
from tests.builders.orders import LIN_WEI, ORDERED, a_checkout, a_subject, an_order, pay
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing
from tests.builders.variants import a_draft_of_variants, a_listing_with_variants, variant_id
from tests.journeys import shopping

pytestmark = pytest.mark.django_db


def put(subject, listing, key="", quantity=1):
    chosen = variant_id(listing, key) if key else None
    return cart.put(
        subject_id=subject, listing_id=listing.pk, variant_id=chosen, quantity=quantity,
        actor=Actor.buyer(subject), at=ORDERED,
    )  # fmt: skip


def order_of(subject, **answers):
    return checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations=answers, actor=Actor.buyer(subject), at=ORDERED
    )


def held(listing, key):
    row = Stock.objects.get(pk=variant_id(listing, key))
    return row.on_hand, row.reserved, row.sold


class TestPut:
    def test_two_of_one_listing_are_two_lines_with_their_prices(self):
        subject, listing = a_subject(), a_listing_with_variants(black_large={"price_minor": 4900})
        put(subject, listing, "white_small", 2), put(subject, listing, "black_large")
        found = cart.contents(subject_id=subject, at=ORDERED)
        assert [(item.quantity, item.unit.minor) for item in found.items] == [(2, 3900), (1, 4900)]
        assert len(found.groups) == 1

    def test_without_a_choice_nothing_is_put_in(self):
        subject, listing = a_subject(), a_listing_with_variants()
        with pytest.raises(cart.ChoiceNeeded):
            put(subject, listing)
        assert not CartLine.objects.exists()

    def test_another_listings_variant_is_not_on_sale_here(self):
        subject, listing, other = a_subject(), a_listing_with_variants(), a_listing()
        with pytest.raises(cart.NotOnSale):
            cart.put(
                subject_id=subject, listing_id=other.pk, variant_id=variant_id(listing, "white_small"),
                actor=Actor.buyer(subject), at=ORDERED,
            )  # fmt: skip

    def test_no_more_than_there_is_of_that_one(self):
        subject, listing = a_subject(), a_listing_with_variants(stocks={"white_small": 2})
        with pytest.raises(cart.CartQuantityOutOfRange):
            put(subject, listing, "white_small", 3)
        assert put(subject, listing, "white_large", 3).quantity == 3


class TestRetired:
    def test_can_t_be_bought_any_more(self):
        subject, listing = a_subject(), a_listing_with_variants()
        put(subject, listing, "white_small")
        variants.retire(variant_id=variant_id(listing, "white_small"), actor=Actor.system(), at=ORDERED)
        found = cart.contents(subject_id=subject, at=ORDERED)
        assert [item.problem for item in found.blocked] == ["withdrawn"]
        with pytest.raises(checkout.CartChanged):
            order_of(subject)
        with pytest.raises(cart.NotOnSale):
            put(a_subject(), listing, "white_small")
        assert not Order.objects.exists()

    def test_orders_keep_it(self):
        listing = a_listing_with_variants()
        subject = a_subject()
        put(subject, listing, "white_small")
        order = order_of(subject).orders[0]
        variants.retire(variant_id=variant_id(listing, "white_small"), actor=Actor.system(), at=ORDERED)
        line = order.lines.get()
        assert line.title("zh-hans").endswith("（颜色：月白；容量：200 ml）")
        assert line.title("en").endswith("(Colour: Moon white; Size: 200 ml)")

    def test_a_new_version_at_another_price_is_shown_before_paying(self):
        subject, listing = a_subject(), a_listing_with_variants()
        put(subject, listing, "white_small"), put(subject, listing, "white_large")
        changes = {"variants": a_draft_of_variants(white_small={"price_minor": 4400})}
        drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=Actor.system(), at=ORDERED)
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=ORDERED)
        small, large = cart.contents(subject_id=subject, at=ORDERED).items
        assert (small.was.minor, small.unit.minor, large.was) == (3900, 4400, None)


class TestOrder:
    def test_takes_pieces_of_that_one_and_gives_them_back_to_it(self):
        listing, subject = a_listing_with_variants(stocks={"white_small": 3}), a_subject()
        put(subject, listing, "white_small", 2)
        done = order_of(subject)
        assert held(listing, "white_small") == (3, 2, 0)
        assert held(listing, "white_large") == (10, 0, 0)
        assert Reservation.objects.get().variant_id == variant_id(listing, "white_small")
        pay(done, at=ORDERED)
        assert held(listing, "white_small") == (1, 0, 2)
        cancellation.cancel(order_id=done.orders[0].pk, actor=Actor.buyer(subject), at=ORDERED)
        assert held(listing, "white_small") == (3, 0, 2)

    def test_merging_carts_adds_up_variant_by_variant(self):
        guest, account, listing = a_subject(), a_subject(), a_listing_with_variants()
        put(guest, listing, "white_small"), put(guest, listing, "black_small")
        put(account, listing, "white_small", 2)
        cart.merge(from_subject_id=guest, into_subject_id=account, at=ORDERED)
        found = {line.variant_id: line.quantity for line in CartLine.objects.of_subject(account)}
        assert found == {variant_id(listing, "white_small"): 3, variant_id(listing, "black_small"): 1}


class TestPages:
    def test_every_page_says_what_was_chosen_in_the_reader_s_language(self):
        buyer, listing = a_buyer(), a_listing_with_variants()
        wanted = {"listing": listing.pk, "variant": variant_id(listing, "black_large"), "quantity": 1}
        with clock.frozen(ORDERED):
            assert buyer.client.post(reverse("orders:cart-lines"), wanted).status_code == 303
            for address in (reverse("orders:cart"), reverse("orders:checkout")):
                said = buyer.client.get(address).content.decode()
                assert "颜色：墨黑；容量：480 ml" in said, address
            (order,) = shopping.buy(buyer.client, ORDERED)
            for name in ("order", "contract"):
                address = reverse(f"orders:{name}", args=[order.number])
                assert "颜色：墨黑；容量：480 ml" in buyer.client.get(address).content.decode()
                english = buyer.client.get(address, headers={"accept-language": "en"}).content.decode()
                assert "Colour: Ink black; Size: 480 ml" in english, name

    def test_buying_now_takes_only_that_one(self):
        buyer, listing = a_buyer(), a_listing_with_variants()
        wanted = {"listing": listing.pk, "quantity": 1}
        with clock.frozen(ORDERED):
            for key, go in (("white_small", ""), ("black_small", "checkout")):
                chosen = {**wanted, "variant": variant_id(listing, key), "go": go}
                answer = buyer.client.post(reverse("orders:cart-lines"), chosen)
            assert answer["Location"].endswith(f"?variant={variant_id(listing, 'black_small')}")
            said = buyer.client.get(answer["Location"]).content.decode()
            assert "墨黑" in said and "月白；" not in said

    @pytest.mark.parametrize("given", ["", "x", "00000000-0000-0000-0000-000000000001"])
    def test_a_choice_that_isn_t_one_is_refused_in_words(self, given):
        buyer, listing = a_buyer(), a_listing_with_variants()
        wanted = {"listing": listing.pk, "quantity": 1, "variant": given}
        answer = buyer.client.post(reverse("orders:cart-lines"), wanted)
        assert answer.status_code == 422
        assert not CartLine.objects.exists()


@pytest.mark.parametrize("table", ["orders_cartline", "orders_orderline", "catalog_reservation"])
def test_database_refuses_another_listings_variant(table):
    other = a_listing_with_variants()
    an_order(paid=False)
    a_checkout()
    subject = a_subject()
    put(subject, a_listing())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET variant_id = %s", [variant_id(other, "white_small")])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
