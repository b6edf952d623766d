"""Placing orders: one payment, one order per merchant, everything frozen, or nothing at all."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import drafting, publishing
from catalog.models import Stock
from deadlines import booking
from evidence.models import Leaf
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from orders import cart, checkout
from orders.models import CartLine, Order, OrderLine
from orders.recipients import PhoneInvalid, RecipientIncomplete
from orders.states import OrderState
from tests.builders.orders import LIN_WEI, ORDERED, a_checkout, a_subject, pay
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


def put(subject: UUID, listing, quantity: int = 1) -> None:  # type: ignore[no-untyped-def]
    cart.put(
        subject_id=subject, listing_id=listing.pk, quantity=quantity, actor=Actor.buyer(subject), at=ORDERED
    )


def place(subject: UUID, **changes) -> checkout.Checkout:  # type: ignore[no-untyped-def]
    facts = {
        "recipient": LIN_WEI,
        "confirmations": {},
        "actor": Actor.buyer(subject),
        "at": ORDERED,
        **changes,
    }
    return checkout.place_orders(subject_id=subject, **facts)


class TestPlaceOrders:
    def test_one_order_per_merchant_under_one_payment(self) -> None:
        first, second = a_listing(price="39.00", freight="6.00"), a_listing(price="12.50")
        third = a_listing(merchant=first.merchant, price="5.00")
        done = a_checkout(listings=[(first, 2), (second, 1), (third, 1)])
        assert sorted(order.total for order in done.orders) == [Money(1250), Money(7800 + 600 + 500)]
        assert done.payment.amount == Money(1250 + 8900)
        assert {order.merchant_id for order in done.orders} == {first.merchant_id, second.merchant_id}
        assert {part.reference for part in done.payment.parts.all()} == {order.pk for order in done.orders}

    def test_freezes_revision_price_and_the_law_of_the_day(self) -> None:
        listing = a_listing(price="39.00")
        order = a_checkout(listings=[(listing, 1)]).orders[0]
        actor = Actor.member(new_id(), listing.merchant_id)
        drafting.edit_draft(listing_id=listing.pk, changes={"price_minor": 9900}, actor=actor, at=ORDERED)
        publishing.publish(listing_id=listing.pk, actor=actor, at=ORDERED + timedelta(hours=1))
        line = OrderLine.objects.get(order=order)
        assert (line.unit_minor, line.revision_id) == (3900, listing.live_revision_id)
        assert order.pack_version and order.calendar_version

    def test_sets_the_goods_aside_and_starts_the_clock_of_half_an_hour(self) -> None:
        listing = a_listing(stock=3)
        order = a_checkout(listings=[(listing, 2)]).orders[0]
        held = Stock.objects.get(pk=listing.pk)
        assert (held.on_hand, held.reserved) == (3, 2)
        clock = booking.find(kind="orders.payment_expiry", reference=order.purchase_id)
        assert clock is not None and clock.due_at == ORDERED + timedelta(minutes=30)

    def test_commits_the_contract_to_evidence_and_empties_the_cart(self) -> None:
        done = a_checkout()
        order = done.orders[0]
        assert Leaf.objects.filter(reference=order.pk, label="orders.order.place").count() == 1
        assert not CartLine.objects.of_subject(order.subject_id).exists()

    def test_stores_the_address_only_sealed(self) -> None:
        order = a_checkout().orders[0]
        with connection.cursor() as cursor:
            cursor.execute("SELECT recipient, phone, address FROM orders_order WHERE id = %s", [order.pk])
            row = cursor.fetchone()
        assert all("林未".encode() not in bytes(cell) for cell in row)
        assert Order.objects.get(pk=order.pk).recipient == "林未"

    def test_takes_the_same_statements_for_any_number_of_lines_and_shops(self) -> None:
        merchant = a_merchant()
        listings = [a_listing(merchant=merchant) for _ in range(20)]
        elsewhere = [a_listing(), a_listing()]
        counts = []
        for wanted in (listings[:1], listings, [listings[0], *elsewhere], [*listings, *elsewhere]):
            subject = a_subject()
            for listing in wanted:
                put(subject, listing)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                place(subject)
            counts.append(len(queries))
        assert len(set(counts)) == 1, counts


class TestRefusals:
    @pytest.mark.parametrize(
        ("recipient", "error", "field"),
        [
            (replace(LIN_WEI, name=" "), RecipientIncomplete, "name"),
            (replace(LIN_WEI, address=""), RecipientIncomplete, "address"),
            (replace(LIN_WEI, phone="not a number"), PhoneInvalid, "phone"),
        ],
    )
    def test_refuses_an_incomplete_recipient(self, recipient, error, field) -> None:  # type: ignore[no-untyped-def]
        subject = a_subject()
        put(subject, a_listing())
        with pytest.raises(error) as refusal:
            place(subject, recipient=recipient)
        assert refusal.value.params["field"] == field
        assert not Order.objects.exists()

    def test_refuses_an_empty_cart(self) -> None:
        with pytest.raises(checkout.NothingToBuy):
            place(a_subject())

    def test_refuses_when_the_sum_is_not_what_was_shown(self) -> None:
        subject = a_subject()
        put(subject, a_listing(price="39.00"))
        with pytest.raises(checkout.CartChanged):
            place(subject, seen_total=Money(3800))
        assert not Order.objects.exists()

    def test_refuses_when_the_stock_went_meanwhile_and_reserves_nothing(self) -> None:
        listing, other = a_listing(stock=1), a_listing(stock=5)
        subject = a_subject()
        put(subject, other), put(subject, listing)
        a_checkout(listings=[(listing, 1)])
        with pytest.raises(checkout.CartChanged):
            place(subject)
        assert Stock.objects.get(pk=other.pk).reserved == 0


class TestConfirmation:
    @pytest.fixture
    def tea(self):  # type: ignore[no-untyped-def]
        return a_listing(category="food", terms={"promises": [], "excludes_return": "confirm"})

    def test_asks_for_each_excludable_good(self, tea) -> None:  # type: ignore[no-untyped-def]
        subject = a_subject()
        put(subject, tea)
        with pytest.raises(checkout.ConfirmationMissing) as refusal:
            place(subject)
        assert refusal.value.params["field"] == f"confirm_{tea.pk.hex}"

    def test_yes_is_kept_with_its_wording(self, tea) -> None:  # type: ignore[no-untyped-def]
        line = OrderLine.objects.get(
            order=a_checkout(listings=[(tea, 1)], confirmations={tea.pk: True}).orders[0]
        )
        assert line.confirmed and "seal is broken" in line.confirmed_wording

    def test_no_leaves_it_in_the_cart_and_buys_the_rest(self, tea) -> None:  # type: ignore[no-untyped-def]
        subject, cup = a_subject(), a_listing(price="12.00")
        done = a_checkout(listings=[(tea, 1), (cup, 1)], subject_id=subject, confirmations={tea.pk: False})
        assert done.payment.amount == Money(1200)
        assert [line.listing_id for line in CartLine.objects.of_subject(subject)] == [tea.pk]

    def test_no_to_everything_buys_nothing(self, tea) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(checkout.NothingToBuy):
            a_checkout(listings=[(tea, 1)], confirmations={tea.pk: False})


def test_paying_takes_the_goods_off_the_shelf_and_starts_the_promise() -> None:
    listing = a_listing(stock=3)
    done = a_checkout(listings=[(listing, 2)])
    pay(done, at=ORDERED + timedelta(minutes=5))
    order = Order.objects.get(pk=done.orders[0].pk)
    shelf = Stock.objects.get(pk=listing.pk)
    assert (order.state, shelf.on_hand, shelf.reserved) == (OrderState.PAID, 1, 0)
    assert order.dispatch_by == ORDERED + timedelta(minutes=5, hours=48)
    assert booking.find(kind="orders.payment_expiry", reference=order.purchase_id) is None


class TestHeldCart:
    """What the page has read under lock is ordered as it stands; stock is looked at again all the same."""

    def test_is_not_read_again(self) -> None:
        subject = a_subject()
        put(subject, a_listing(price="39.00"), 2)
        found = cart.hold(subject_id=subject, at=ORDERED)
        with CaptureQueriesContext(connection) as queries:
            done = place(subject, found=found, seen_total=Money(7800))
        assert not [each for each in queries if 'FROM "orders_cartline"' in each["sql"]]
        assert done.payment.amount == Money(7800)

    def test_one_that_was_only_looked_at_is_read_again(self) -> None:
        subject, listing = a_subject(), a_listing(price="39.00")
        put(subject, listing)
        found = cart.contents(subject_id=subject, at=ORDERED)
        put(subject, listing)
        assert place(subject, found=found).payment.amount == Money(7800)

    def test_stock_that_went_meanwhile_is_refused(self) -> None:
        listing = a_listing(stock=1)
        subject = a_subject()
        put(subject, listing)
        found = cart.hold(subject_id=subject, at=ORDERED)
        a_checkout(listings=[(listing, 1)])
        with pytest.raises(checkout.CartChanged):
            place(subject, found=found)
        assert Stock.objects.get(pk=listing.pk).reserved == 1
        assert Order.objects.of_person(subject).count() == 0

    def test_counts_all_pieces_and_reckons_only_what_is_named(self) -> None:
        subject, wanted, other = a_subject(), a_listing(price="5.00"), a_listing(price="7.00")
        put(subject, wanted, 2), put(subject, other, 3)
        found = cart.hold(subject_id=subject, at=ORDERED, variant_ids=[wanted.pk])
        assert (found.pieces, found.bought_pieces, found.total) == (5, 2, Money(1000))
        place(subject, found=found, variant_ids=[wanted.pk])
        assert [line.variant_id for line in CartLine.objects.of_subject(subject)] == [other.pk]
