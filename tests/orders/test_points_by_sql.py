"""What the database itself refuses about service points, what is picked up there, and its codes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from orders.models import PointCode, Return
from tests.builders.orders import ORDERED, a_return, an_order
from tests.builders.pickup import a_pickup, a_point
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db


def refused(words, sql, params):
    attack = pytest.raises((IntegrityError, InternalError), match=words)
    with attack, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("a_service_point_can_be_found", "name = ''"),
        ("a_service_point_can_be_found", "address = ''"),
        ("a_service_point_offers_something", "offers = '{}'"),
        ("a_service_point_offers_something", "offers = '{dance}'"),
        ("a_service_point_says_its_goods", "everything = false"),
        ("has its own shop's goods", "everything = false, listings = ARRAY[gen_random_uuid()]"),
        ("Cannot update rows", "opened_at = now()"),
    ],
    ids=["name", "address", "nothing", "odd", "no goods", "foreign goods", "opened"],
)
def test_a_service_point(constraint, change):
    point = a_point(a_merchant())
    refused(constraint, f"UPDATE orders_servicepoint SET {change} WHERE id = %s", [point.pk])


def test_a_service_point_is_kept():
    refused("Cannot delete", "DELETE FROM orders_servicepoint WHERE id = %s", [a_point(a_merchant()).pk])


def test_a_name_stands_for_one_open_point():
    shop = a_merchant()
    first, second = a_point(shop), a_point(shop, name="静安店")
    sql = "UPDATE orders_servicepoint SET name = %s WHERE id = %s"
    refused("a_service_point_has_a_name_of_its_own", sql, [first.name, second.pk])


def test_an_order_stays_at_its_point_and_costs_no_freight():
    order, other = a_pickup(a_listing()), a_point(a_merchant())
    refused("Cannot update", "UPDATE orders_order SET point_id = %s WHERE id = %s", [other.pk, order.pk])
    sql = "UPDATE orders_order SET freight_minor = 1, total_minor = total_minor + 1 WHERE id = %s"
    refused("what_is_picked_up_has_a_point_and_no_freight", sql, [order.pk])


COPIED = """
INSERT INTO orders_order SELECT (jsonb_populate_record(o, jsonb_build_object(
    'id', gen_random_uuid(), 'number', 'AXXXXXXXXXX', 'point_id', %s::text))).*
  FROM orders_order o WHERE id = %s
"""


@pytest.mark.parametrize("which", ["foreign", "closed", "returns only"])
def test_an_order_is_picked_up_at_an_open_point_of_its_shop(which):
    order = a_pickup(a_listing())
    shop = a_merchant() if which == "foreign" else order.merchant
    point = a_point(shop, name="乙", offers=["return"] if which == "returns only" else ["pickup"])
    if which == "closed":
        type(point).objects.filter(pk=point.pk).update(closed_at=ORDERED)
    refused("at an open point of its shop", COPIED, [str(point.pk), order.pk])


def test_a_code_is_one_and_its_order_s():
    order, other = a_pickup(a_listing(), ready=True), an_order()
    code = PointCode.objects.get()
    copy = """INSERT INTO orders_pointcode SELECT (jsonb_populate_record(c, jsonb_build_object(
        'id', gen_random_uuid(), 'digest', %s::text, 'order_id', %s::text))).* FROM orders_pointcode c"""
    refused("an_order_has_one_code_that_opens_it", copy, ["\\x00", str(order.pk)])
    refused("a code is its order's", copy, ["\\x00", str(other.pk)])
    sql = "UPDATE orders_pointcode SET kind = 'return' WHERE id = %s"
    refused("a_point_code_is_for_one_thing", sql, [code.pk])


def test_a_return_is_handed_in_at_its_shop_s_point_once():
    order = an_order(delivered_at=ORDERED + timedelta(days=2))
    back = a_return(order, at=ORDERED + timedelta(days=3))
    there, foreign, other = a_point(order.merchant), a_point(a_merchant()), a_point(order.merchant, name="乙")
    sql = "UPDATE orders_return SET point_id = %s"
    refused("a point of its shop", sql, [foreign.pk])
    refused("what_was_handed_in_was_received", sql, [there.pk])
    Return.objects.filter(pk=back.pk).update(point=there, received_at=ORDERED + timedelta(days=4))
    refused("Cannot update", sql, [other.pk])


def test_an_ended_code_opens_nothing_again():
    a_pickup(a_listing(), ready=True)
    PointCode.objects.update(ended_at=ORDERED)
    refused("Cannot update rows", "UPDATE orders_pointcode SET ended_at = NULL WHERE kind = %s", ["pickup"])
