"""Reserved first: a shop confirms, declines or says nothing; what isn't confirmed is never taken."""

from __future__ import annotations

from datetime import timedelta

import pytest

from catalog.models import Stock
from deadlines import booking
from deadlines.booking import TooLate
from kernel.actor import Actor
from orders import cancellation, confirming
from orders.confirm_deadlines import CONFIRMATION
from orders.handlers import OUTCOMES
from payments import escrow
from payments.authorising.taking import BeingTaken
from payments.models import LedgerEntry, Refund
from payments.sandbox import straight
from payments.sandbox_models import SandboxCharge, SandboxHold
from tests.builders.orders import (
    ORDERED,
    a_checkout,
    drain,
    member_of,
    pay,
)
from tests.builders.reserved import (
    AT,
    LATER,
    a_reserved_order,
    confirm,
    decline,
    facts,
    fresh,
    made_to_order,
    nothing_taken,
    settled,
    work,
)
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db


class TestReserve:
    def test_waits_for_the_shop_with_its_hours_and_nothing_in_the_books(self) -> None:
        done = a_reserved_order(made_to_order(hours=6))
        order = fresh(done.orders[0])
        assert (order.state, order.confirm_hours) == ("reserved", 6)
        assert order.reserved_at == AT and order.confirm_by == AT + timedelta(hours=6)
        assert order.paid_at is None and order.dispatch_by is None
        row = booking.find(kind=CONFIRMATION, reference=order.pk)
        assert row is not None and row.due_at == order.confirm_by
        assert not LedgerEntry.objects.exists()
        settled()

    def test_sets_the_goods_apart_beyond_the_time_to_pay(self) -> None:
        listing = made_to_order()
        before = Stock.objects.get(listing=listing).on_hand
        a_reserved_order(listing, quantity=2)
        row = Stock.objects.get(listing=listing)
        assert (row.on_hand, row.reserved, row.sold) == (before - 2, 0, 2)

    def test_the_end_of_the_time_to_pay_ends_nothing(self) -> None:
        done = a_reserved_order()
        order = fresh(done.orders[0])
        assert not cancellation.expire(purchase_id=order.purchase_id, at=ORDERED + timedelta(hours=1))
        assert fresh(order).state == "reserved"

    def test_an_order_whose_bank_was_faster_than_our_news_isn_t_expired(self) -> None:
        """The sum is reserved and nobody has told the order yet, when its time to pay ends."""
        done = a_checkout(listings=[(made_to_order(), 1)])
        straight.pay(done.payment.number, at=AT)
        over = ORDERED + timedelta(minutes=31)
        assert cancellation.expire(purchase_id=done.orders[0].purchase_id, at=over) == []
        drain(at=over)
        assert fresh(done.orders[0]).state == "reserved"
        settled()

    def test_goods_that_need_no_confirmation_are_paid_at_once(self) -> None:
        done = a_checkout(listings=[(a_listing(), 1)])
        assert not done.payment.authorise_first
        pay(done, at=AT)
        assert fresh(done.orders[0]).state == "paid"


class TestConfirm:
    def test_takes_the_money_and_starts_the_promise_to_send(self) -> None:
        done = a_reserved_order()
        order = done.orders[0]
        confirming.confirm(order_id=order.pk, actor=member_of(order), at=LATER)
        assert fresh(order).state == "reserved" and not LedgerEntry.objects.exists()
        work(LATER)
        order = fresh(order)
        assert (order.state, order.confirmed_at, order.paid_at) == ("paid", LATER, LATER)
        assert order.dispatch_by is not None and order.dispatch_by > LATER
        assert escrow.balance(order.pk) == order.total
        assert booking.find(kind=CONFIRMATION, reference=order.pk) is None
        settled()

    def test_twice_is_once(self) -> None:
        done = a_reserved_order()
        confirm(done.orders[0])
        confirm(done.orders[0])
        assert SandboxCharge.objects.count() == 1 and len(facts("OrderConfirmed")) == 1

    def test_is_refused_at_its_instant(self) -> None:
        done = a_reserved_order()
        order = fresh(done.orders[0])
        assert order.confirm_by is not None
        with pytest.raises(TooLate):
            confirm(order, at=order.confirm_by)
        assert fresh(order).state == "reserved" and fresh(order).confirmed_at is None

    def test_of_what_needs_none_is_refused(self) -> None:
        done = a_checkout(listings=[(a_listing(), 1)])
        pay(done, at=AT)
        with pytest.raises(confirming.NothingToConfirm):
            confirm(done.orders[0])

    def test_before_the_sum_is_reserved_is_refused(self) -> None:
        done = a_checkout(listings=[(made_to_order(), 1)])
        with pytest.raises(confirming.NothingToConfirm):
            confirm(done.orders[0])

    def test_that_the_bank_can_t_honour_ends_the_order_and_tells_both(self) -> None:
        done = a_reserved_order()
        SandboxHold.objects.update(state="released")
        for minutes in range(0, 8, 2):
            at = LATER + timedelta(minutes=minutes)
            confirm(done.orders[0], at=LATER) if not minutes else work(at)
        assert fresh(done.orders[0]).state == "cancelled"
        assert facts("OrderCancelled")[0]["cause"] == "not_taken"
        assert not LedgerEntry.objects.exists()
        settled()


class TestDecline:
    @pytest.mark.parametrize("reason", ["sold_out", "cannot_make", "cannot_send"])
    def test_lets_all_of_it_go_and_puts_the_goods_back(self, reason: str) -> None:
        listing = made_to_order()
        before = Stock.objects.get(listing=listing).on_hand
        done = a_reserved_order(listing)
        decline(done.orders[0], reason)
        assert fresh(done.orders[0]).state == "cancelled"
        assert Stock.objects.get(listing=listing).on_hand == before
        told = facts("OrderCancelled")[0]
        assert (told["cause"], told["refunded_minor"]) == (f"declined_{reason}", 0)
        assert told["freed_minor"] == done.orders[0].total_minor
        nothing_taken(done)
        settled()

    def test_for_no_reason_of_the_list_is_refused(self) -> None:
        done = a_reserved_order()
        with pytest.raises(confirming.ReasonUnknown):
            decline(done.orders[0], "because")
        assert fresh(done.orders[0]).state == "reserved"

    def test_after_it_was_confirmed_is_refused(self) -> None:
        done = a_reserved_order()
        confirm(done.orders[0])
        with pytest.raises(confirming.NothingToConfirm):
            decline(done.orders[0])
        assert fresh(done.orders[0]).state == "paid"


class TestSilence:
    def test_is_a_no(self) -> None:
        done = a_reserved_order()
        order = fresh(done.orders[0])
        assert order.confirm_by is not None
        for _ in range(2):
            OUTCOMES[CONFIRMATION](reference=order.pk, due_at=order.confirm_by, at=order.confirm_by)
        work(order.confirm_by)
        assert fresh(order).state == "cancelled"
        assert [each["cause"] for each in facts("OrderCancelled")] == ["not_confirmed"]
        nothing_taken(done)
        settled()


class TestTheBuyersCancellation:
    def test_before_the_shop_confirmed_needs_no_refund(self) -> None:
        done = a_reserved_order()
        order = done.orders[0]
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        work(LATER)
        assert fresh(order).state == "cancelled"
        assert facts("OrderCancelled")[0]["cause"] == "changed_mind"
        nothing_taken(done)
        settled()

    def test_while_the_money_is_being_taken_waits_for_it(self) -> None:
        done = a_reserved_order()
        order = done.orders[0]
        confirming.confirm(order_id=order.pk, actor=member_of(order), at=LATER)
        with pytest.raises(BeingTaken):
            cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        work(LATER)
        cancellation.cancel(order_id=order.pk, actor=Actor.buyer(order.subject_id), at=LATER)
        drain(at=LATER)
        assert fresh(order).state == "cancelled" and Refund.objects.count() == 1
        settled()
