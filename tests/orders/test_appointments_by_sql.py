"""What the database itself refuses about uses, offered times and appointments."""

from datetime import timedelta

import pytest

from orders.models import VoucherUse
from tests.builders.orders import ORDERED
from tests.builders.shops import a_listing
from tests.builders.vouchers import a_pack, a_service, a_slot, a_voucher, an_appointment, redeem
from tests.orders.test_points_by_sql import refused

pytestmark = pytest.mark.django_db

USE = """INSERT INTO orders_voucheruse (id, voucher_id, order_id, number, share_minor, missed,
                                       used_at, used_by, release_at, released_minor)
         VALUES (gen_random_uuid(), %s, %s, %s, %s, false, now(), 'x', now(), 0)"""
SEAT = """INSERT INTO orders_appointment (id, slot_id, voucher_id, order_id, seat, state, booked_at, ended_by)
          VALUES (gen_random_uuid(), %s, %s, %s, %s, 'booked', %s, '')"""


def test_uses_come_in_turn_and_are_worth_their_share():
    order = a_voucher(a_pack())
    line, words = order.lines.get().pk, "in its turn and is worth its share"
    refused(words, USE, [line, order.pk, 2, 2000])
    refused(words, USE, [line, order.pk, 1, 2001])
    refused(words, USE, [line, a_voucher().pk, 1, 2000])


def test_no_more_is_used_than_was_bought():
    order = a_voucher(a_service())
    redeem(order)
    refused("no_more_is_used|worth its share", USE, [order.lines.get().pk, order.pk, 2, 3000])


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("only uses and appointments count", "used = 1"),
        ("only uses and appointments count", "booked = 1"),
        ("no_more_is_used_than_was_bought", "back = 6"),
        ("no_more_is_used_than_was_bought|Cannot update", "back = -1"),
        ("Cannot update", "uses = 50"),
        ("Cannot update", "paid_minor = 1"),
    ],
    ids=["used", "booked", "back", "less", "uses", "paid"],
)
def test_a_voucher(words, change):
    order = a_voucher(a_pack())
    refused(words, f"UPDATE orders_voucher SET {change} WHERE order_id = %s", [order.pk])


def test_a_share_is_released_once_and_only_by_its_use():
    order = a_voucher(a_pack())
    redeem(order)
    use = VoucherUse.objects.get()
    more = "UPDATE orders_voucheruse SET released_minor = 2001, released_at = now() WHERE id = %s"
    refused("released once", more, [use.pk])
    sql = "UPDATE orders_voucheruse SET released_minor = %s, released_at = now() WHERE id = %s"
    VoucherUse.objects.filter(pk=use.pk).update(released_at=ORDERED, released_minor=2000)
    refused("released once", sql, [1000, use.pk])
    sql = "UPDATE orders_order SET released_minor = released_minor + 1 WHERE id = %s"
    refused("only uses release money", sql, [order.pk])
    refused("Cannot delete", "DELETE FROM orders_voucheruse WHERE id = %s", [use.pk])


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("Cannot update", "capacity = 9"),
        ("Cannot update", "starts_at = starts_at + interval '1 hour'"),
        ("isn't closed", "closed_at = now()"),
    ],
    ids=["seats", "time", "closed"],
)
def test_an_offered_time_with_appointments_stays(words, change):
    listing = a_pack()
    slot = a_slot(listing)
    an_appointment(a_voucher(listing), slot)
    refused(words, f"UPDATE orders_slot SET {change} WHERE id = %s", [slot.pk])


def test_a_time_is_offered_for_a_service_of_its_shop():
    slot = a_slot(a_pack())
    copy = """INSERT INTO orders_slot SELECT (jsonb_populate_record(s, jsonb_build_object(
        'id', gen_random_uuid(), 'listing_id', %s::text))).* FROM orders_slot s WHERE id = %s"""
    for listing in (a_listing(), a_pack(), a_listing(merchant=slot.merchant)):
        refused("for a service of its shop", copy, [str(listing.pk), slot.pk])
    refused("a_time_is_offered_once", copy, [str(slot.listing_id), slot.pk])


def test_a_seat_is_one_buyer_s():
    listing = a_pack()
    slot, order = a_slot(listing, capacity=2), a_voucher(listing)
    made = an_appointment(order, slot)
    line, at = order.lines.get().pk, ORDERED + timedelta(days=1)
    refused("a_seat_is_booked_once", SEAT, [slot.pk, line, order.pk, made.seat, at])
    words = "a seat at a time of its service"
    refused(words, SEAT, [slot.pk, line, order.pk, 3, at])
    refused(words, SEAT, [slot.pk, line, order.pk, 0, at])
    refused(words, SEAT, [slot.pk, line, order.pk, 2, slot.starts_at])
    refused(words, SEAT, [a_slot(a_pack()).pk, line, order.pk, 1, at])
    refused("Cannot update", "UPDATE orders_appointment SET seat = 2 WHERE id = %s", [made.pk])


def test_no_more_appointments_than_uses():
    listing = a_service()
    slot, order = a_slot(listing), a_voucher(listing)
    an_appointment(order, slot)
    at = ORDERED + timedelta(days=1)
    refused("no_more_is_used", SEAT, [slot.pk, order.lines.get().pk, order.pk, 2, at])


def test_an_appointment_ends_once():
    listing = a_pack()
    made = an_appointment(a_voucher(listing), a_slot(listing))
    refused("ends once|says_when", "UPDATE orders_appointment SET state = 'kept' WHERE id = %s", [made.pk])
    type(made).objects.filter(pk=made.pk).update(state="kept", ended_at=ORDERED)
    sql = "UPDATE orders_appointment SET state = 'missed' WHERE id = %s"
    refused("ends once", sql, [made.pk])
