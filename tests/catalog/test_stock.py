"""Stock: all or none, never negative, said once per reference."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import stock
from catalog.models import Reservation, Stock, StockChange
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant

SOON = LISTED + timedelta(minutes=30)


def numbers(*listings):
    rows = {row.pk: row for row in Stock.objects.all()}
    return [(rows[each.pk].on_hand, rows[each.pk].reserved) for each in listings]


@pytest.mark.django_db
class TestReserve:
    def test_one_short_line_takes_nothing_from_the_others(self):
        shop = a_merchant()
        first, empty, last = (a_listing(merchant=shop, stock=pieces) for pieces in (10, 0, 10))
        with pytest.raises(stock.OutOfStock) as refused:
            lines = [(each.pk, 1) for each in (first, empty, last)]
            stock.reserve(lines=lines, reference=new_id(), expires_at=SOON, at=LISTED)
        assert refused.value.variant_ids == [empty.pk]
        assert numbers(first, empty, last) == [(10, 0), (0, 0), (10, 0)]
        assert not Reservation.objects.exists()

    def test_asked_twice_for_one_order_holds_once(self):
        listing, order = a_listing(stock=3), new_id()
        for _ in range(2):
            stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=SOON, at=LISTED)
        assert numbers(listing) == [(3, 2)]

    def test_asked_again_once_nothing_is_left_changes_nothing(self):
        listing, order = a_listing(stock=2), new_id()
        for _ in range(2):
            stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=SOON, at=LISTED)
        assert numbers(listing) == [(2, 2)] and Reservation.objects.count() == 1

    def test_takes_one_statement(self, django_assert_num_queries):
        listings = [a_listing(stock=3), a_listing(stock=1)]
        with django_assert_num_queries(1):
            lines = [(each.pk, 1) for each in listings]
            stock.reserve(lines=lines, reference=new_id(), expires_at=SOON, at=LISTED)
        assert numbers(*listings) == [(3, 1), (1, 1)]

    def test_two_lines_of_one_listing_count_together(self):
        listing = a_listing(stock=3)
        with pytest.raises(stock.OutOfStock):
            stock.reserve(
                lines=[(listing.pk, 2), (listing.pk, 2)], reference=new_id(), expires_at=SOON, at=LISTED
            )

    @pytest.mark.parametrize("quantity", [0, -1, 1_000_001, True])
    def test_quantities_out_of_range(self, quantity):
        listing = a_listing()
        with pytest.raises(stock.QuantityRefused):
            stock.reserve(lines=[(listing.pk, quantity)], reference=new_id(), expires_at=SOON, at=LISTED)


@pytest.mark.django_db
class TestCommitAndRelease:
    def test_sold_pieces_leave_the_shelf_once(self):
        listing, order = a_listing(stock=3), new_id()
        stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=SOON, at=LISTED)
        for _ in range(2):
            stock.commit(reference=order, at=LISTED)
        assert numbers(listing) == [(1, 0)]
        assert Stock.objects.get(pk=listing.pk).sold == 2

    def test_released_pieces_come_back_once(self):
        listing, order = a_listing(stock=3), new_id()
        stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=SOON, at=LISTED)
        for _ in range(2):
            stock.release(reference=order, at=LISTED)
        assert numbers(listing) == [(3, 0)]
        with pytest.raises(stock.ReservationGone):
            stock.commit(reference=order, at=LISTED)

    def test_sold_pieces_are_not_released(self):
        listing, order = a_listing(stock=3), new_id()
        stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=SOON, at=LISTED)
        stock.commit(reference=order, at=LISTED)
        stock.release(reference=order, at=LISTED)
        assert numbers(listing) == [(1, 0)]

    def test_what_nobody_released_comes_back_after_its_grace(self):
        listing = a_listing(stock=3)
        stock.reserve(lines=[(listing.pk, 2)], reference=new_id(), expires_at=SOON, at=LISTED)
        assert stock.release_orphans(at=SOON) == 0
        assert stock.release_orphans(at=SOON + stock.ORPHAN_GRACE) == 1
        assert numbers(listing) == [(3, 0)]


@pytest.mark.django_db
class TestCounting:
    def test_count_and_add_leave_a_trace(self):
        listing = a_listing(stock=3)
        stock.count(variant_id=listing.pk, on_hand=7, actor=Actor.system(), at=LISTED)
        stock.add(variant_id=listing.pk, quantity=-2, actor=Actor.system(), at=LISTED, reason="lost")
        rows = StockChange.objects.filter(listing=listing).order_by("id")
        assert [(row.quantity, row.on_hand_after, row.reason) for row in rows] == [
            (3, 3, "added"),
            (4, 7, "counted"),
            (-2, 5, "lost"),
        ]

    def test_count_never_below_what_buyers_hold(self):
        listing = a_listing(stock=3)
        stock.reserve(lines=[(listing.pk, 2)], reference=new_id(), expires_at=SOON, at=LISTED)
        with pytest.raises(stock.CountTooLow):
            stock.count(variant_id=listing.pk, on_hand=1, actor=Actor.system(), at=LISTED)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE catalog_stock SET reserved = on_hand + 1",
        "UPDATE catalog_stock SET on_hand = -1, reserved = -1",
        "UPDATE catalog_stock SET reserved = -1",
    ],
)
def test_database_refuses_more_promised_than_there_is(sql):
    a_listing(stock=3)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["quantity = 0", "state = 'sold'", "state = 'released'"])
def test_database_refuses_reservations_that_cannot_be(change):
    listing = a_listing(stock=3)
    stock.reserve(lines=[(listing.pk, 2)], reference=new_id(), expires_at=SOON, at=LISTED)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE catalog_reservation SET {change}")


@pytest.mark.django_db(transaction=True)
def test_last_pieces_are_sold_once_under_parallel_buyers():
    shop = a_merchant()
    one, other = a_listing(merchant=shop, stock=5), a_listing(merchant=shop, stock=5)
    outcomes = []

    def buy(turn):
        lines = [(one.pk, 1), (other.pk, 1)]
        try:
            stock.reserve(
                lines=lines if turn % 2 else lines[::-1], reference=new_id(), expires_at=SOON, at=LISTED
            )
            outcomes.append("held")
        except stock.OutOfStock:
            outcomes.append("refused")
        finally:
            connection.close()

    buyers = [threading.Thread(target=buy, args=(turn,)) for turn in range(16)]
    for each in buyers:
        each.start()
    for each in buyers:
        each.join()
    assert sorted(outcomes) == ["held"] * 5 + ["refused"] * 11
    assert numbers(one, other) == [(5, 5), (5, 5)]
