"""What lists know of stock is what the stock says, whoever writes, and in whatever order they commit."""

import random
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import stock, variants
from catalog.models import Availability, Stock
from catalog.search import Wish, find
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants

SYSTEM = Actor.system()
WRONG = """
SELECT l.id FROM catalog_listing l
  LEFT JOIN catalog_availability a ON a.listing_id = l.id
  LEFT JOIN LATERAL (
    SELECT coalesce(bool_or(v.state = 'active' AND s.on_hand > s.reserved), false) AS in_stock,
           coalesce(sum(s.sold), 0) AS sold
      FROM catalog_stock s JOIN catalog_variant v ON v.id = s.variant_id WHERE s.listing_id = l.id
  ) says ON true
 WHERE (a.in_stock, a.sold) IS DISTINCT FROM (says.in_stock, says.sold)
"""


def wrong():
    """The listings whose row says something else than their stock."""
    with connection.cursor() as cursor:
        cursor.execute(WRONG)
        return cursor.fetchall()


def said(listing):
    row = Availability.objects.get(pk=listing.pk)
    return row.in_stock, row.sold


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.django_db
class TestFollows:
    def test_a_listing_through_its_life(self):
        draft = a_listing(live=False, stock=5)
        assert said(draft) == (False, 0)
        listing = a_listing(stock=2)
        assert said(listing) == (True, 0)
        order = new_id()
        stock.reserve(lines=[(listing.pk, 2)], reference=order, expires_at=LISTED, at=LISTED)
        assert said(listing) == (False, 0)
        stock.release(reference=order, at=LISTED)
        assert said(listing) == (True, 0)
        again = new_id()
        stock.reserve(lines=[(listing.pk, 1)], reference=again, expires_at=LISTED, at=LISTED)
        stock.commit(reference=again, at=LISTED)
        assert said(listing) == (True, 1)
        stock.count(variant_id=listing.pk, on_hand=0, actor=SYSTEM, at=LISTED)
        assert said(listing) == (False, 1)
        assert wrong() == []

    def test_a_variant_that_is_retired(self):
        listing = a_listing_with_variants()
        rows = list(Stock.objects.filter(listing=listing, variant__state="active").order_by("pk"))
        Stock.objects.filter(listing=listing).update(on_hand=0, reserved=0)
        Stock.objects.filter(pk=rows[0].pk).update(on_hand=3, sold=4)
        assert said(listing) == (True, 4)
        variants.retire(variant_id=rows[0].pk, actor=SYSTEM, at=LISTED)
        assert said(listing) == (False, 4)
        assert wrong() == []

    @pytest.mark.parametrize("seed", range(3))
    def test_whatever_is_written_by_sql(self, seed):
        shop, chance = a_merchant(), random.Random(seed)
        for number in range(4):
            a_listing(merchant=shop, title=f"盘 {number}", stock=number)
        a_listing_with_variants(merchant=shop)
        changes = (
            "UPDATE catalog_stock SET on_hand = {n}, reserved = 0 WHERE random_pick % 2 = {odd}",
            "UPDATE catalog_stock SET reserved = on_hand WHERE random_pick % 3 = {odd}",
            "UPDATE catalog_stock SET sold = sold + {n} WHERE random_pick % 2 = {odd}",
            "UPDATE catalog_variant SET state = 'retired' WHERE random_pick % 3 = {odd}",
            "UPDATE catalog_variant SET state = 'active' WHERE random_pick % 2 = {odd}",
            "UPDATE catalog_stock SET on_hand = on_hand",
        )
        for _ in range(25):
            change = chance.choice(changes).format(n=chance.randint(0, 3), odd=chance.randint(0, 1))
            key = "variant_id" if "catalog_stock" in change else "id"
            sql(change.replace("random_pick", f"get_byte(uuid_send({key}), 15)").replace("%", "%%"))
            assert wrong() == [], change

    def test_stock_that_goes_away(self):
        listing = a_listing(stock=2)
        sql("DELETE FROM catalog_stock WHERE listing_id = %s", listing.pk)
        assert said(listing) == (False, 0)

    def test_no_statement_of_its_own_for_a_held_piece_while_another_is_left(self):
        listing = a_listing(stock=5)
        before = rows_version(listing)
        stock.reserve(lines=[(listing.pk, 2)], reference=new_id(), expires_at=LISTED, at=LISTED)
        assert rows_version(listing) == before


def rows_version(listing):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin, xmax, ctid FROM catalog_availability WHERE listing_id = %s", [listing.pk]
        )
        return cursor.fetchone()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE catalog_availability SET in_stock = NOT in_stock",
        "UPDATE catalog_availability SET sold = sold + 1",
        "DELETE FROM catalog_availability",
        "UPDATE catalog_availability SET listing_id = gen_random_uuid()",
    ],
)
def test_nothing_but_stock_writes_it(attack):
    listing = a_listing(stock=2)
    with pytest.raises(IntegrityError, match="availability_follows_stock"), transaction.atomic():
        sql(attack)
    assert said(listing) == (True, 0)


@pytest.mark.django_db(transaction=True)
def test_two_variants_that_sell_out_at_once_leave_nothing_in_stock():
    """The second waits for the first and sums up what it committed."""
    listing = a_listing_with_variants()
    rows = list(Stock.objects.filter(listing=listing, variant__state="active").order_by("pk"))
    Stock.objects.filter(listing=listing).update(on_hand=0, reserved=0)
    Stock.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(on_hand=1)
    assert said(listing) == (True, 0)
    written, began = threading.Event(), threading.Event()

    def first():
        try:
            with transaction.atomic():
                sold_out(rows[0])
                written.set()
                began.wait(60)
        finally:
            connection.close()

    def second():
        try:
            written.wait(60)
            began.set()
            with transaction.atomic():
                sold_out(rows[1])
        finally:
            connection.close()

    both = [threading.Thread(target=each) for each in (first, second)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert said(listing) == (False, 2)
    assert wrong() == []


def sold_out(row):
    Stock.objects.filter(pk=row.pk).update(on_hand=0, sold=1)


@pytest.mark.django_db
def test_lists_put_last_what_is_sold_out_and_first_what_sells():
    shop = a_merchant()
    none, some, many = (
        a_listing(merchant=shop, title=f"竹匙 {name}", stock=3) for name in ("甲", "乙", "丙")
    )
    Stock.objects.filter(pk=none.pk).update(on_hand=0, sold=150)
    Stock.objects.filter(pk=many.pk).update(sold=90)
    found = find(Wish.read({"q": "竹匙"}), at=LISTED, part=slice(0, 9))
    assert [row.pk for row in found.opened] == [many.pk, some.pk, none.pk]
    assert (found.counts["in_stock"], found.counts["total"]) == (2, 3)
    most_sold = find(Wish.read({"q": "竹匙", "sort": "sold"}), at=LISTED, part=slice(0, 9))
    assert [row.pk for row in most_sold.opened] == [none.pk, many.pk, some.pk]
    left = find(Wish.read({"q": "竹匙", "stock": "1"}), at=LISTED, part=slice(0, 9))
    assert {row.pk for row in left.opened} == {some.pk, many.pk}
