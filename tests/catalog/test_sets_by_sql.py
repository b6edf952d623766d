"""What the database itself refuses about sets, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import SetMember
from kernel.ids import new_id
from tests.builders.sets import a_set
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


def refused(constraint, sql, params):
    attack = pytest.raises(DatabaseError, match=constraint)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_a_member_is_the_shop_s_own():
    shop_set, theirs = a_set(), a_listing()
    refused(
        "set_member_is_its_own_shops",
        "INSERT INTO catalog_setmember (id, revision_id, listing_id, variant_id, quantity)"
        " VALUES (%s, %s, %s, %s, 1)",
        [new_id(), shop_set.live_revision_id, theirs.pk, theirs.pk],
    )


def test_a_member_is_of_its_own_listing():
    shop_set = a_set()
    one, two = a_listing(merchant=shop_set.merchant), a_listing(merchant=shop_set.merchant)
    refused(
        "set_member_is_its_own_shops",
        "INSERT INTO catalog_setmember (id, revision_id, listing_id, variant_id, quantity)"
        " VALUES (%s, %s, %s, %s, 1)",
        [new_id(), shop_set.live_revision_id, one.pk, two.pk],
    )


def test_no_set_of_one():
    shop_set = a_set()
    sql = (
        "INSERT INTO catalog_setrevision (id, shop_set_id, number, content, price_minor, currency,"
        " published_at, published_by, commitment) SELECT %s, shop_set_id, 2, content, 1, 'CNY', now(), 'x',"
        " commitment FROM catalog_setrevision WHERE id = %s"
    )
    empty = new_id()
    with connection.cursor() as cursor:
        cursor.execute(sql, [empty, shop_set.live_revision_id])
    move = "UPDATE catalog_shopset SET live_revision_id = %s WHERE id = %s"
    refused("set_has_two_members", move, [empty, shop_set.pk])


def test_another_set_s_revision_isn_t_its_own():
    one, two = a_set(), a_set()
    move = "UPDATE catalog_shopset SET live_revision_id = %s WHERE id = %s"
    refused("set_has_two_members", move, [two.live_revision_id, one.pk])


@pytest.mark.parametrize(
    ("table", "column"),
    [("catalog_setrevision", "price_minor"), ("catalog_setmember", "quantity")],
)
def test_what_was_frozen_stays(table, column):
    a_set()
    refused("Cannot update or delete", f"UPDATE {table} SET {column} = 1", [])
    refused("Cannot update or delete", f"DELETE FROM {table}", [])


def test_a_set_is_never_deleted():
    a_set()
    refused("Cannot delete", "DELETE FROM catalog_shopset", [])


@pytest.mark.parametrize(("quantity", "passes"), [(0, False), (100, False), (99, True)])
def test_how_many_of_a_member(quantity, passes):
    shop_set = a_set()
    more = a_listing(merchant=shop_set.merchant)
    facts = {"revision": shop_set.live_revision, "listing": more, "variant_id": more.pk}
    if passes:
        assert SetMember.objects.create(quantity=quantity, **facts)
        return
    with pytest.raises(DatabaseError, match="set_member_quantity"), transaction.atomic():
        SetMember.objects.create(quantity=quantity, **facts)
