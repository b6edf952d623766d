"""What the database itself refuses about services and the codes that redeem them."""

import pytest

from tests.builders.orders import an_order
from tests.builders.vouchers import a_voucher, redeem
from tests.orders.test_points_by_sql import refused

pytestmark = pytest.mark.django_db

PARCEL = """
INSERT INTO orders_shipment (id, order_id, carrier, tracking_number, handed_over_at)
VALUES (gen_random_uuid(), %s, %s, 'SF0000000001', now())
"""


def test_services_are_never_sent():
    refused("redeemed and never sent", PARCEL, [a_voucher().pk, "sandbox"])


def test_goods_are_never_redeemed():
    refused("redeemed and never sent", PARCEL, [an_order().pk, "voucher"])


def test_services_cost_no_freight_and_go_nowhere():
    order = a_voucher()
    sql = "UPDATE orders_order SET freight_minor = 1, total_minor = total_minor + 1 WHERE id = %s"
    refused("what_is_picked_up_has_a_point_and_no_freight", sql, [order.pk])
    refused("Cannot update", "UPDATE orders_order SET delivery = 'standard' WHERE id = %s", [order.pk])
    refused(
        "what_is_picked_up_has_a_point_and_no_freight|Cannot update",
        "UPDATE orders_order SET destination = 'CN-SH' WHERE id = %s",
        [order.pk],
    )


CODE = """INSERT INTO orders_pointcode SELECT (jsonb_populate_record(c, jsonb_build_object(
    'id', gen_random_uuid(), 'digest', '\\\\x00', 'kind', %s::text, 'line_id', %s::text, 'order_id', %s::text
))).* FROM orders_pointcode c"""


def test_a_code_redeems_a_line_of_its_services():
    order, goods = a_voucher(), an_order()
    own, foreign, odd = str(order.lines.get().pk), str(goods.lines.get().pk), "its order's|for_one_thing"
    refused("one_code_that_redeems_it", CODE, ["voucher", own, str(order.pk)])
    refused(odd, CODE, ["voucher", foreign, str(order.pk)])
    refused(odd, CODE, ["voucher", foreign, str(goods.pk)])
    refused(odd, CODE, ["voucher", None, str(order.pk)])
    refused(odd, CODE, ["pickup", None, str(order.pk)])


def test_no_more_is_redeemed_than_was_bought():
    order = a_voucher(quantity=2)
    redeem(order, 2)
    line, parcel = order.lines.get(), order.shipments.get()
    sql = """INSERT INTO orders_parcelline (id, shipment_id, line_id, quantity)
             VALUES (gen_random_uuid(), %s, %s, 1)"""
    refused("orders_orderline|a_line|sent", sql, [parcel.pk, line.pk])
