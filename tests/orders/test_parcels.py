"""Several parcels for one order: what each holds, what the order is by them, and whose money goes back."""

from datetime import timedelta
from importlib import import_module
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import Stock
from deadlines import booking
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove, NotFound
from kernel.money import Money
from orders import cancellation, fulfilment, invariants, promise_watch
from orders.fulfilment import ParcelNotUnderWay
from orders.models import Order, OrderLine, ParcelLine, Shipment
from orders.packing import NothingToSend, NotInOrder, PiecesOutOfRange
from outbox.models import Message
from outbox.relay import drain_all
from payments import escrow
from tests.builders.orders import ORDERED, a_tracking_number, an_order, drain, member_of, scan
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def three(**terms):
    """A paid order of three pieces at ¥33.33 with ¥10.00 freight for each sum."""
    listing = a_listing(price="33.33", freight="10.00", stock=5, terms=terms) if terms else None
    listing = listing or a_listing(price="33.33", freight="10.00", stock=5)
    return an_order(listing=listing, quantity=3)


def send(order, pieces, *, at):
    line = order.lines.get()
    wanted = None if pieces is None else {line.pk: pieces}
    made = fulfilment.ship(
        order_id=order.pk, tracking_number=a_tracking_number(), pieces=wanted, actor=member_of(order), at=at
    )
    drain(at=at)
    return made


def now(order):
    return Order.objects.get(pk=order.pk)


def facts(name):
    return Message.objects.filter(name=f"orders.{name}").count()


class TestTheOrderIsWhatItsParcelsSay:
    def test_sent_with_the_last_piece_and_delivered_with_the_last_parcel(self):
        order = three()
        first = send(order, 1, at=ORDERED + HOUR)
        assert (now(order).state, facts("OrderShipped"), facts("PartShipped")) == ("paid", 0, 1)
        scan(first, "delivered", at=ORDERED + DAY)
        assert now(order).state == "paid" and now(order).delivered_at is None
        second = send(order, None, at=ORDERED + DAY + HOUR)
        assert (now(order).state, now(order).shipped_at) == ("shipped", ORDERED + DAY + HOUR)
        assert [each.quantity for each in ParcelLine.objects.filter(shipment=second)] == [2]
        scan(second, "delivered", at=ORDERED + 3 * DAY)
        found = now(order)
        assert (found.state, found.delivered_at) == ("delivered", ORDERED + 3 * DAY)
        assert (facts("OrderShipped"), facts("OrderDelivered")) == (1, 1)
        assert booking.find(kind="orders.return_window", reference=order.pk).due_at == found.window_ends_at
        assert found.settles_at > found.window_ends_at > ORDERED + 10 * DAY
        assert invariants.all_offences() == []

    def test_the_first_report_of_the_last_parcel_never_shortens(self):
        order = three()
        first, second = send(order, 2, at=ORDERED + HOUR), send(order, 1, at=ORDERED + 2 * HOUR)
        scan(second, "delivered", at=ORDERED + DAY)
        assert now(order).state == "shipped"
        scan(first, "delivered", at=ORDERED + 2 * DAY)
        assert now(order).delivered_at == ORDERED + 2 * DAY

    def test_the_buyer_says_of_one_parcel_that_it_came(self):
        order = three()
        first = send(order, 1, at=ORDERED + HOUR)
        buyer = Actor.buyer(order.subject_id)
        fulfilment.confirm_delivery(order_id=order.pk, parcel_id=first.pk, actor=buyer, at=ORDERED + DAY)
        assert now(order).state == "paid"
        with pytest.raises(ParcelNotUnderWay):
            fulfilment.confirm_delivery(
                order_id=order.pk, parcel_id=first.pk, actor=buyer, at=ORDERED + 2 * DAY
            )
        with pytest.raises(IllegalMove):
            fulfilment.confirm_delivery(order_id=order.pk, actor=buyer, at=ORDERED + 2 * DAY)
        with pytest.raises(NotFound):
            other = an_order(shipped=True).shipments.get()
            fulfilment.confirm_delivery(order_id=order.pk, parcel_id=other.pk, actor=buyer, at=ORDERED + DAY)


class TestRefusals:
    @pytest.mark.parametrize(
        ("pieces", "refusal"),
        [(4, PiecesOutOfRange), (-1, PiecesOutOfRange), (0, NothingToSend)],
        ids=["too many", "less than none", "none"],
    )
    def test_pieces(self, pieces, refusal):
        order = three()
        with pytest.raises(refusal):
            send(order, pieces, at=ORDERED + HOUR)
        assert not Shipment.objects.exists() and order.lines.get().sent_quantity == 0

    def test_what_was_sent_once_is_not_left(self):
        order = three()
        send(order, 2, at=ORDERED + HOUR)
        with pytest.raises(PiecesOutOfRange):
            send(order, 2, at=ORDERED + 2 * HOUR)
        assert order.lines.get().sent_quantity == 2 and order.shipments.count() == 1

    def test_another_orders_line(self):
        order, other = three(), an_order()
        with pytest.raises(NotInOrder):
            fulfilment.ship(
                order_id=order.pk, tracking_number=a_tracking_number(), actor=member_of(order),
                pieces={other.lines.get().pk: 1}, at=ORDERED + HOUR,
            )  # fmt: skip
        assert not Shipment.objects.exists()


class TestTheDatabaseRefuses:
    def attack(self, sql, *values, says):
        with pytest.raises(DatabaseError, match=says), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, list(values))

    def put(self, parcel, line, quantity, *, says):
        sql = "INSERT INTO orders_parcelline (id, shipment_id, line_id, quantity) VALUES (%s, %s, %s, %s)"
        self.attack(sql, uuid4(), parcel.pk, line.pk, quantity, says=says)

    def test_one_piece_too_many(self):
        order = three()
        send(order, 2, at=ORDERED + HOUR)
        other = fulfilment.open_parcel(order, carrier="sandbox", number="SF000EXTRA", at=ORDERED + HOUR)
        self.put(other, order.lines.get(), 2, says="no_more_is_sent_than_was_bought")

    def test_pieces_of_another_order_or_in_a_parcel_back(self):
        order, other = three(), three()
        parcel = send(order, 1, at=ORDERED + HOUR)
        self.put(parcel, other.lines.get(), 1, says="pieces of its own order")

    def test_counts_by_hand(self):
        order = three()
        send(order, 1, at=ORDERED + HOUR)
        row = order.lines.get().pk
        table = "UPDATE orders_orderline SET "
        self.attack(f"{table} sent_quantity = 2 WHERE id = %s", row, says="only a parcel sends pieces")
        self.attack(f"{table} cancelled_quantity = 3 WHERE id = %s", row, says="no_more_is_sent")
        self.attack(f"{table} undelivered_quantity = 2 WHERE id = %s", row, says="only_what_was_sent_fails")
        self.attack(
            f"{table} returned_quantity = 3, undelivered_quantity = 1 WHERE id = %s",
            row,
            says="no_piece_goes_back_twice",
        )
        self.attack("DELETE FROM orders_parcelline WHERE line_id = %s", row, says="Cannot update or delete")
        self.attack("UPDATE orders_parcelline SET quantity = 2 WHERE line_id = %s", row, says="Cannot update")


class TestParcelsBefore:
    def test_an_old_parcel_holds_all_of_its_order(self):
        """Rows from before parcels had lines, filled in batches, once however often it is begun."""
        order = three()
        old = fulfilment.open_parcel(order, carrier="sandbox", number="SF000OLD1", at=ORDERED + HOUR)
        migration = import_module("orders.migrations.0014_parcel_lines")
        with connection.schema_editor() as editor:
            migration.fill(None, editor)
            migration.fill(None, editor)
        assert [each.quantity for each in ParcelLine.objects.filter(shipment=old)] == [3]
        assert order.lines.get().sent_quantity == 3

    def test_one_that_the_buyer_confirmed_came_when_the_order_did(self):
        """Rows from before: the order was delivered without a scan, and its parcel still on its way."""
        order = three()
        parcel = send(order, 3, at=ORDERED + HOUR)
        scan(parcel, "delivered", at=ORDERED + DAY)
        Shipment.objects.filter(order=order).update(delivered_at=None)
        assert [each.rule for each in invariants.all_offences()] == [
            "an order is sent and delivered as its parcels say"
        ]
        migration = import_module("orders.migrations.0020_parcels_that_buyers_confirmed")
        with connection.schema_editor() as editor:
            migration.fill(None, editor)
            migration.fill(None, editor)
        assert Shipment.objects.get(order=order).delivered_at == now(order).delivered_at
        assert invariants.all_offences() == []


class TestTheRest:
    def test_cancelling_pays_its_share_and_the_order_goes_on(self):
        order = three()
        parcel = send(order, 1, at=ORDERED + HOUR)
        assert cancellation.worth(now(order)) == Money(7332)
        buyer = Actor.buyer(order.subject_id)
        cancellation.cancel(order_id=order.pk, actor=buyer, at=ORDERED + 2 * HOUR)
        drain(at=ORDERED + 2 * HOUR)
        # Of 99.99 and 10.00 two of three pieces: 66.66 and 6.66.
        found, line = now(order), OrderLine.objects.get(order=order)
        assert (found.state, found.refunded_minor, line.cancelled_quantity) == ("shipped", 7332, 2)
        assert Stock.objects.get(pk=line.variant_id).on_hand == 4
        assert escrow.balance(order.pk) == Money(order.total_minor - 7332)
        scan(parcel, "delivered", at=ORDERED + DAY)
        assert now(order).state == "delivered" and line.returnable_quantity == 1
        with pytest.raises(IllegalMove):
            cancellation.cancel(order_id=order.pk, actor=buyer, at=ORDERED + 2 * DAY)
        assert invariants.all_offences() == []

    def test_after_the_first_part_arrived_the_window_starts_when_nothing_more_comes(self):
        order = three()
        scan(send(order, 1, at=ORDERED + HOUR), "delivered", at=ORDERED + DAY)
        cancellation.cancel(order_id=order.pk, actor=member_of(order), at=ORDERED + 8 * DAY)
        found = now(order)
        assert (found.state, found.delivered_at) == ("delivered", ORDERED + 8 * DAY)
        assert found.window_ends_at > ORDERED + 15 * DAY

    def test_day_fourteen_ends_the_rest_alone(self, platform_at):
        order = three()
        parcel = send(order, 2, at=ORDERED + HOUR)
        for day in range(1, 16):
            scan(parcel, "in_transit", at=ORDERED + day * DAY)
        platform_at(ORDERED + 15 * DAY)
        sweep_all(), drain_all()
        assert (now(order).state, now(order).refunded_minor) == ("shipped", 3666)

    def test_late_only_the_unsent_pieces_are_compensated(self, platform_at):
        order = three(promises=["dispatch_24h"])
        send(order, 1, at=ORDERED + HOUR)
        platform_at(now(order).dispatch_by)
        sweep_all(), drain_all()
        # Five percent of two pieces at 33.33.
        found = promise_watch.of_order(order.pk)
        assert [(one.outcome, one.owed_minor, one.paid_minor) for one in found] == [("broken", 333, 333)]
        send(order, None, at=now(order).dispatch_by + HOUR)
        assert len(promise_watch.of_order(order.pk)) == 1


class TestLost:
    def test_the_share_of_the_lost_parcel_goes_back_and_the_other_comes(self, platform_at):
        order = three()
        lost, kept = send(order, 1, at=ORDERED + HOUR), send(order, None, at=ORDERED + 2 * HOUR)
        scan(kept, "in_transit", at=ORDERED + 5 * DAY)
        platform_at(ORDERED + 8 * DAY)
        sweep_all(), drain_all()
        assert Shipment.objects.get(pk=lost.pk).lost_at is not None
        # A third of 99.99 and of 10.00.
        assert (now(order).state, now(order).refunded_minor) == ("shipped", 3333 + 333)
        scan(kept, "delivered", at=ORDERED + 8 * DAY + HOUR)
        assert now(order).state == "delivered"
        assert OrderLine.objects.get(order=order).returnable_quantity == 2
        assert invariants.all_offences() == []

    def test_all_lost_is_all_of_the_money(self, platform_at):
        order = three()
        send(order, 1, at=ORDERED + HOUR), send(order, 2, at=ORDERED + 2 * HOUR)
        platform_at(ORDERED + 8 * DAY)
        sweep_all(), drain_all()
        assert (now(order).state, now(order).refunded) == ("refunded", order.total)
        assert escrow.balance(order.pk) == Money(0)
        assert invariants.all_offences() == []
