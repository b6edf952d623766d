"""From payment to the door: promises, parcels, deliveries, and money that comes too late."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog.models import Stock
from deadlines import booking
from deadlines.booking import TooLate
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from orders import cancellation, fulfilment
from orders.models import Order, Scan, Shipment
from orders.parcel_numbers import TrackingNumberInvalid
from orders.states import OrderState
from outbox.models import Message
from outbox.relay import drain_all
from payments import escrow
from tests.builders.orders import ORDERED, a_checkout, an_order, deliver, member_of, pay, scan, ship
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def facts(name: str) -> int:
    return Message.objects.filter(name=f"orders.{name}").count()


class TestPayment:
    def test_the_same_capture_twice_pays_once(self) -> None:
        order = an_order()
        fulfilment.mark_paid(payment_id=order.payment_id, actor=Actor.provider("sandbox"), at=ORDERED)
        assert facts("OrderPaid") == 1
        assert escrow.balance(order.pk) == order.total

    def test_nobody_pays_for_half_an_hour(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        listing = a_listing(stock=2)
        order = a_checkout(listings=[(listing, 2)]).orders[0]
        platform_at(ORDERED + timedelta(minutes=30))
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.EXPIRED
        assert Stock.objects.get(pk=listing.pk).reserved == 0

    def test_late_money_gets_the_goods_while_they_are_there(self) -> None:
        listing = a_listing(stock=1)
        done = a_checkout(listings=[(listing, 1)])
        cancellation.expire(purchase_id=done.orders[0].purchase_id, at=ORDERED + timedelta(minutes=30))
        pay(done, at=ORDERED + timedelta(minutes=31), choice="late")
        assert state_of(done.orders[0]) == OrderState.PAID
        assert Stock.objects.get(pk=listing.pk).on_hand == 0

    def test_late_money_goes_back_when_the_goods_are_gone(self) -> None:
        listing = a_listing(stock=1)
        late = a_checkout(listings=[(listing, 1)])
        cancellation.expire(purchase_id=late.orders[0].purchase_id, at=ORDERED + timedelta(minutes=30))
        an_order(listing=listing, at=ORDERED + timedelta(minutes=30))
        pay(late, at=ORDERED + timedelta(minutes=40), choice="late")
        order = Order.objects.get(pk=late.orders[0].pk)
        assert (order.state, order.refunded) == (OrderState.EXPIRED, order.total)
        assert escrow.balance(order.pk) == Money(0)
        assert facts("LatePaymentRefunded") == 1


class TestDispatch:
    def test_the_broken_promise_is_told_and_counted(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        order = an_order()
        platform_at(order.dispatch_by)
        sweep_all(), drain_all()
        assert (state_of(order), facts("DispatchLate")) == (OrderState.PAID, 1)

    def test_day_fourteen_cancels_and_refunds(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        listing = a_listing(stock=1)
        order = an_order(listing=listing)
        platform_at(ORDERED + timedelta(days=15))
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.CANCELLED
        assert escrow.balance(order.pk) == Money(0)
        assert Stock.objects.get(pk=listing.pk).on_hand == 1

    def test_shipping_on_day_fourteen_is_too_late_even_before_the_sweep(self) -> None:
        order = an_order()
        limit = booking.find(kind="orders.dispatch_limit", reference=order.pk)
        assert limit is not None
        with pytest.raises(TooLate):
            ship(order, at=limit.due_at)
        ship(order, at=limit.due_at - timedelta(microseconds=1))
        assert state_of(order) == OrderState.SHIPPED

    def test_a_promise_of_the_listing_replaces_the_default(self) -> None:
        listing = a_listing(terms={"promises": ["dispatch_24h"]})
        order = an_order(listing=listing)
        assert order.dispatch_by == order.paid_at + timedelta(hours=24)

    @pytest.mark.parametrize("number", ["", "12345", "SF 12 3", "运单号123456", "A" * 41])
    def test_refuses_what_is_no_tracking_number(self, number: str) -> None:
        order = an_order()
        with pytest.raises(TrackingNumberInvalid):
            fulfilment.ship(order_id=order.pk, tracking_number=number, actor=member_of(order), at=ORDERED)

    def test_one_number_is_one_parcel(self) -> None:
        first, second = an_order(), an_order()
        at = ORDERED + timedelta(hours=1)
        fulfilment.ship(order_id=first.pk, tracking_number="SF99887766", actor=member_of(first), at=at)
        with pytest.raises(fulfilment.TrackingNumberTaken):
            fulfilment.ship(
                order_id=second.pk, tracking_number="sf 9988 7766", actor=member_of(second), at=at
            )
        assert state_of(second) == OrderState.PAID


class TestDelivery:
    def test_starts_the_window_with_its_rule(self) -> None:
        # Signed for on Sunday 8 November; the seventh day is a Sunday, so it rolls to Monday's end.
        order = an_order(delivered_at=datetime(2026, 11, 8, 4, 0, tzinfo=UTC))
        window = booking.find(kind="orders.return_window", reference=order.pk)
        assert window is not None and window.due_at == order.window_ends_at
        assert window.rule_id == "cn.return.window" and window.pack_version == order.pack_version
        assert order.window_ends_at == datetime(2026, 11, 16, 16, 0, tzinfo=UTC)
        assert order.settles_at >= order.window_ends_at + timedelta(days=3)

    def test_a_longer_promise_wins(self) -> None:
        listing = a_listing(terms={"promises": ["return_14d"]})
        at = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
        order = an_order(listing=listing, delivered_at=at)
        assert order.window_ends_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)

    def test_events_twice_or_out_of_order_deliver_once(self) -> None:
        order = an_order(shipped=True)
        parcel, day = order.shipments.get(), ORDERED + timedelta(days=2)
        scan(parcel, "delivered", at=day, event_id="e2")
        scan(parcel, "delivered", at=day + timedelta(hours=1), event_id="e2")
        scan(parcel, "collected", at=day + timedelta(hours=2), event_id="e1")
        order.refresh_from_db()
        assert (order.state, order.delivered_at) == (OrderState.DELIVERED, day)
        assert Scan.objects.filter(shipment=parcel).count() == 2
        assert facts("OrderDelivered") == 1

    def test_the_buyer_may_confirm_before_the_carrier_does(self) -> None:
        order = an_order(shipped=True)
        at = ORDERED + timedelta(days=1)
        fulfilment.confirm_delivery(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=at)
        deliver(order, at=at + timedelta(days=1))
        order.refresh_from_db()
        assert order.delivered_at == at

    def test_only_what_is_on_its_way_arrives(self) -> None:
        order = an_order()
        with pytest.raises(IllegalMove):
            fulfilment.confirm_delivery(order_id=order.pk, actor=Actor.system(), at=ORDERED)


class TestSilence:
    def test_a_parcel_without_a_scan_for_a_week_is_lost_and_refunded(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        order = an_order(shipped=True)
        parcel = order.shipments.get()
        scan(parcel, "in_transit", at=ORDERED + timedelta(days=3))
        platform_at(ORDERED + timedelta(days=9))
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.SHIPPED
        platform_at(ORDERED + timedelta(days=11))
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.REFUNDED
        assert Shipment.objects.get(pk=parcel.pk).lost_at is not None
        assert escrow.balance(order.pk) == Money(0)
