"""Returns: who may, until when, for how much, and what silence does."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from deadlines.booking import TooLate
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from orders import asking, holds, returns
from orders.models import Order, Return
from orders.refund_sums import QuantityOutOfRange
from orders.states import OrderState, ReturnState
from outbox.models import Message
from outbox.relay import drain_all
from payments import escrow
from tests.builders.orders import a_return, an_order, member_of, scan
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


@pytest.fixture
def order():  # type: ignore[no-untyped-def]
    """Three pieces for 100.00 and 6.00 freight: 33.33, 33.33 and 33.34 a piece."""
    # The price of one piece is whole, so the thirds come from the freight.
    return an_order(listing=a_listing(price="39.00", freight="10.00"), quantity=3, delivered_at=DELIVERED)


def ask(order: Order, quantity: int = 1, at: datetime = DELIVERED, **changes) -> Return:  # type: ignore[no-untyped-def]
    line = order.lines.get()
    return returns.ask(
        order_id=order.pk, lines=[(line.pk, quantity)], actor=Actor.buyer(order.subject_id), at=at, **changes
    )


def refund(made: Return, at: datetime) -> None:
    returns.receive(return_id=made.pk, actor=member_of(made.order), at=at)
    returns.refund(return_id=made.pk, actor=member_of(made.order), at=at)
    drain_all()


class TestAsk:
    def test_without_a_reason_is_accepted_at_once(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order)
        assert (made.state, made.rule_id, made.postage_payer) == (
            ReturnState.ACCEPTED,
            "cn.return.window",
            "consumer",
        )
        assert made.post_by is not None

    def test_is_open_to_the_last_microsecond_and_not_after(self, order) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(asking.ReturnWindowClosed):
            ask(order, at=order.window_ends_at)
        assert ask(order, at=order.window_ends_at - timedelta(microseconds=1)).state == ReturnState.ACCEPTED

    def test_quality_lets_the_merchant_speak_for_two_days_then_accepts(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = ask(order, kind="quality")
        assert (made.state, made.postage_payer) == (ReturnState.ASKED, "trader")
        platform_at(DELIVERED + timedelta(hours=48))
        sweep_all(), drain_all()
        assert Return.objects.get(pk=made.pk).state == ReturnState.ACCEPTED

    @pytest.mark.parametrize("quantity", [0, -1, 4])
    def test_refuses_quantities_out_of_range(self, order, quantity: int) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(QuantityOutOfRange):
            ask(order, quantity)
        assert not Return.objects.exists()

    def test_refuses_a_line_of_another_order(self, order) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(asking.NothingPicked):
            returns.ask(order_id=order.pk, lines=[(uuid4(), 1)], actor=Actor.system(), at=DELIVERED)

    def test_refuses_the_same_line_twice_at_a_time(self, order) -> None:  # type: ignore[no-untyped-def]
        ask(order)
        with pytest.raises(asking.AlreadyReturning):
            ask(order)

    def test_refuses_before_delivery(self) -> None:
        with pytest.raises(asking.NotDelivered):
            ask(an_order(shipped=True))

    def test_refuses_custom_made_goods_without_a_reason_but_not_faulty_ones(self) -> None:
        made_for_me = an_order(listing=a_listing(category="custom-made"), delivered_at=DELIVERED)
        with pytest.raises(asking.LineNotReturnable):
            ask(made_for_me)
        assert ask(made_for_me, kind="quality").state == ReturnState.ASKED

    def test_confirmed_exclusion_gives_the_merchant_a_say(self) -> None:
        tea = a_listing(
            category="food",
            terms={"promises": [], "excludes_return": "confirm", "exclusion": "opening_affects_safety"},
        )
        order = an_order(listing=tea, confirmations={tea.pk: True}, delivered_at=DELIVERED)
        assert ask(order).state == ReturnState.ASKED


class TestRefund:
    def test_pieces_one_by_one_give_back_the_whole_to_the_fen(self, order) -> None:  # type: ignore[no-untyped-def]
        sums = []
        for step in range(3):
            made = ask(order, at=DELIVERED + timedelta(days=step))
            refund(made, DELIVERED + timedelta(days=step, hours=5))
            sums.append(made.amount_minor)
        assert sums == [3900 + 333, 3900 + 333, 3900 + 334]
        order.refresh_from_db()
        assert (order.state, order.refunded) == (OrderState.REFUNDED, order.total)
        assert escrow.balance(order.pk) == Money(0)

    def test_a_part_leaves_the_rest_in_escrow(self, order) -> None:  # type: ignore[no-untyped-def]
        refund(ask(order, 2), DELIVERED + timedelta(days=1))
        order.refresh_from_db()
        line = order.lines.get()
        assert (order.state, line.returned_quantity, line.refunded_minor) == (
            OrderState.DELIVERED,
            2,
            7800 + 666,
        )
        assert escrow.balance(order.pk) == order.left == Money(12700 - 8466)

    def test_twice_is_once(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order)
        refund(made, DELIVERED + timedelta(days=1))
        with pytest.raises(IllegalMove):
            returns.refund(return_id=made.pk, actor=Actor.system(), at=DELIVERED + timedelta(days=2))

    def test_nobody_inspects_for_two_days(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, received=True)
        platform_at(made.inspect_by)
        sweep_all(), drain_all()
        assert Return.objects.get(pk=made.pk).state == ReturnState.REFUNDED
        assert Message.objects.get(name="orders.ReturnRefunded").payload["by_silence"] is True


class TestPosting:
    def test_not_posted_in_a_week_closes_and_reopens_within_the_window(self, platform_at) -> None:  # type: ignore[no-untyped-def]
        listing = a_listing(terms={"promises": ["return_14d"]})
        order = an_order(listing=listing, delivered_at=DELIVERED)
        made = ask(order)
        platform_at(made.post_by)
        sweep_all(), drain_all()
        assert Return.objects.get(pk=made.pk).state == ReturnState.CLOSED
        returns.reopen(return_id=made.pk, actor=Actor.buyer(order.subject_id), at=made.post_by)
        assert Return.objects.get(pk=made.pk).state == ReturnState.ACCEPTED
        returns.close(return_id=made.pk, cause="withdrawn", actor=Actor.system(), at=made.post_by)
        with pytest.raises(returns.CantReopen):
            returns.reopen(return_id=made.pk, actor=Actor.system(), at=order.window_ends_at)

    def test_posting_at_the_end_of_the_time_is_too_late(self, order) -> None:  # type: ignore[no-untyped-def]
        made = ask(order)
        with pytest.raises(TooLate):
            returns.post(
                return_id=made.pk, tracking_number="SF5566778899", actor=Actor.system(), at=made.post_by
            )

    def test_lost_on_the_way_back_is_refunded_once_a_carrier_saw_it(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, posted=True)
        scan(made.shipments.get(), "collected", at=DELIVERED + timedelta(days=1))
        platform_at(DELIVERED + timedelta(days=9))
        sweep_all(), drain_all()
        assert Return.objects.get(pk=made.pk).state == ReturnState.REFUNDED

    def test_a_number_that_no_carrier_ever_saw_closes(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, posted=True)
        platform_at(DELIVERED + timedelta(days=9))
        sweep_all(), drain_all()
        assert Return.objects.get(pk=made.pk).state == ReturnState.CLOSED
        assert order.lines.get().returned_quantity == 0


class TestRefuse:
    def test_needs_a_reason(self, order) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, received=True)
        with pytest.raises(returns.ReasonMissing):
            returns.refuse(return_id=made.pk, reason=" ", actor=member_of(order), at=made.received_at)

    def test_is_too_late_once_silence_has_refunded(self, order) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, received=True)
        with pytest.raises(TooLate):
            returns.refuse(
                return_id=made.pk, reason="壶嘴缺了一块", actor=member_of(order), at=made.inspect_by
            )

    def test_becomes_a_complaint_by_itself_after_a_silent_week(self, order, platform_at) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED, received=True)
        returns.refuse(return_id=made.pk, reason="壶嘴缺了一块", actor=member_of(order), at=made.received_at)
        platform_at(made.received_at + timedelta(days=8))
        sweep_all(), drain_all()
        assert Message.objects.filter(name="orders.ReturnRefusalUnanswered").count() == 1
        assert Return.objects.get(pk=made.pk).refusal == "壶嘴缺了一块"


def test_a_hold_lets_a_closed_return_be_taken_up_after_the_window(order) -> None:  # type: ignore[no-untyped-def]
    made = ask(order)
    returns.close(return_id=made.pk, cause="withdrawn", actor=Actor.system(), at=DELIVERED)
    holds.place(order_id=order.pk, reason="complaint", reference=uuid4(), actor=Actor.system(), at=DELIVERED)
    returns.reopen(return_id=made.pk, actor=Actor.system(), at=order.window_ends_at)
    assert Return.objects.get(pk=made.pk).state == ReturnState.ACCEPTED
