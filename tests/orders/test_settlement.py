"""Settling: never early, never while anything is open, exactly once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from orders import holds, refunding, returns, settlement
from orders.models import Order
from orders.states import OrderState
from outbox.models import Message
from outbox.relay import drain_all
from payments import accounts, escrow, ledger
from tests.builders.orders import a_return, an_order, member_of
from tests.builders.payouts import within_reach
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
SYSTEM = Actor.system()


@pytest.fixture
def order() -> Order:
    return an_order(listing=a_listing(price="100.00", freight="10.00"), delivered_at=DELIVERED)


def settle(order: Order, at: datetime) -> None:
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=at)


def state_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def paid_to(order: Order) -> Money:
    """What is available, and what of it stays back for a while."""
    return within_reach(order.merchant_id, order.currency)


class TestSettle:
    def test_pays_the_merchant_and_books_the_fee(self, order: Order, platform_at) -> None:  # type: ignore[no-untyped-def]
        platform_at(order.settles_at)
        sweep_all(), drain_all()
        # 2 % of 110.00 is 2.20, of which the shop earns 10 % in points: sent in time, and no case.
        assert (paid_to(order), ledger.balance(accounts.FEES)) == (Money(10780), Money(220 - 22))
        assert (state_of(order), escrow.balance(order.pk)) == (OrderState.SETTLED, Money(0))

    def test_is_the_later_of_window_and_ten_days(self, order: Order) -> None:
        # New shops wait seven days longer (policy new_shop.limits).
        assert order.settles_at >= DELIVERED + timedelta(days=10)
        assert order.settles_at >= order.window_ends_at + timedelta(days=3)

    def test_refuses_a_moment_early(self, order: Order) -> None:
        with pytest.raises(settlement.NotYetDue):
            settle(order, order.settles_at - timedelta(microseconds=1))

    def test_happens_once(self, order: Order) -> None:
        settle(order, order.settles_at)
        with pytest.raises(IllegalMove):
            settle(order, order.settles_at)

    def test_waits_for_an_open_return_and_then_pays_the_rest(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        order = an_order(listing=a_listing(price="50.00"), quantity=2, delivered_at=DELIVERED)
        made = a_return(order, at=order.window_ends_at - timedelta(hours=1), posted=True)
        with pytest.raises(settlement.MoneyHeld):
            settle(order, order.settles_at)
        platform_at(order.settles_at)
        returns.receive(return_id=made.pk, actor=member_of(order), at=order.settles_at)
        returns.refund(return_id=made.pk, actor=member_of(order), at=order.settles_at)
        assert state_of(order) == OrderState.SETTLED
        assert paid_to(order) == Money(5000 - 100)


class TestHolds:
    def test_two_cases_do_not_free_each_other(self, order: Order, platform_at) -> None:  # type: ignore[no-untyped-def]
        first, second = uuid4(), uuid4()
        for case in (first, second, first):
            holds.place(order_id=order.pk, reason="complaint", reference=case, actor=SYSTEM, at=DELIVERED)
        platform_at(order.settles_at)
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.DELIVERED
        holds.lift(order_id=order.pk, reason="complaint", reference=first, actor=SYSTEM, at=order.settles_at)
        assert state_of(order) == OrderState.DELIVERED
        holds.lift(order_id=order.pk, reason="complaint", reference=second, actor=SYSTEM, at=order.settles_at)
        assert state_of(order) == OrderState.SETTLED
        assert Message.objects.filter(name="orders.HoldPlaced").count() == 2

    def test_lifting_early_settles_at_the_due_moment(self, order: Order, platform_at) -> None:  # type: ignore[no-untyped-def]
        case = uuid4()
        holds.place(order_id=order.pk, reason="complaint", reference=case, actor=SYSTEM, at=DELIVERED)
        holds.lift(order_id=order.pk, reason="complaint", reference=case, actor=SYSTEM, at=DELIVERED)
        assert state_of(order) == OrderState.DELIVERED
        platform_at(order.settles_at)
        sweep_all(), drain_all()
        assert state_of(order) == OrderState.SETTLED


class TestRefundPart:
    def refund(self, order: Order, minor: int, purpose: str) -> None:
        refunding.refund_part(
            order_id=order.pk, amount=Money(minor), purpose=purpose, actor=SYSTEM, at=DELIVERED
        )

    def test_once_per_purpose(self, order: Order) -> None:
        self.refund(order, 3000, "complaint:1"), self.refund(order, 3000, "complaint:1")
        order.refresh_from_db()
        assert (order.refunded, escrow.balance(order.pk)) == (Money(3000), Money(8000))

    def test_the_last_fen_ends_the_order_and_its_returns(self, order: Order) -> None:
        made = a_return(order, at=DELIVERED, posted=True)
        self.refund(order, 11000, "complaint:1")
        drain_all()
        made.refresh_from_db()
        assert (state_of(order), made.state) == (OrderState.REFUNDED, "closed")

    def test_never_more_than_is_held(self, order: Order) -> None:
        self.refund(order, 3000, "complaint:1")
        with pytest.raises(refunding.RefundExceedsEscrow):
            self.refund(order, 8001, "complaint:2")
