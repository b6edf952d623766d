"""Bonus points: earned at the policy's rate, spent before they end, taken back, back with time again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from deadlines import booking
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, capture, ledger, refunds, reminding, tenders
from payments.invariants import all_offences, settle_constraints
from payments.models import Payment, PointsAccount, PointsLot
from payments.points import granting, lots, spending
from privacy.subjects import create_subject
from tests.builders.money import OPENED, SYSTEM, a_part, references, some_points

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=3)
# Earned on 3 November 2026 in Beijing: twelve months, and on to the end of that November.
ENDS = datetime(2027, 11, 30, 16, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


@pytest.fixture
def owner() -> UUID:
    return create_subject(locale="zh-hans", at=OPENED).pk


def left(account: str) -> int:
    return ledger.balance(account).minor


def spend(owner: UUID, fen: int, *, at: datetime = LATER) -> Payment:
    """All of an order of so much."""
    part = a_part(fen)
    return capture.open_payment(
        payer_subject_id=owner,
        parts=[part],
        tendered=spending.choose(subject_id=owner, wanted=Money(fen), parts=[part], at=at),
        expires_at=at + timedelta(minutes=30),
        actor=Actor.buyer(owner),
        at=at,
    )


def ends(owner: UUID, at: datetime = LATER) -> list[tuple[datetime, int]]:
    return [(each.at, each.points) for each in spending.endings(owner, at=at)]


class TestGrant:
    def test_is_the_policy_s_share_rounded_down_and_a_liability(self, owner: UUID) -> None:
        lot = granting.grant(owner_id=owner, reference=new_id(), basis=Money(12_899), at=OPENED)
        assert lot is not None
        assert (lot.amount, lot.permille, lot.expires_at) == (Money(128), 10, ENDS)
        assert (left(lot.account.account), left(accounts.FEES)) == (128, -128)
        clock = booking.find(kind=lots.CLOCK, reference=lot.pk)
        assert clock is not None and (clock.due_at, clock.rule_id) == (ENDS, "policy.points.expiry")

    def test_is_once_per_order(self, owner: UUID) -> None:
        order = new_id()
        for _twice in range(2):
            granting.grant(owner_id=owner, reference=order, basis=Money(10_000), at=OPENED)
        assert spending.balance(owner, at=LATER) == Money(100)
        assert PointsLot.objects.count() == 1

    @pytest.mark.parametrize("basis", [Money(99), Money(0), Money(10_000, "JPY")], ids=str)
    def test_of_too_little_or_another_currency_there_is_none(self, owner: UUID, basis: Money) -> None:
        assert granting.grant(owner_id=owner, reference=new_id(), basis=basis, at=OPENED) is None
        assert not PointsAccount.objects.exists()


class TestSpending:
    def test_takes_what_ends_first(self, owner: UUID) -> None:
        account = some_points(300, owner=owner)
        some_points(200, owner=owner, at=OPENED + timedelta(days=40))
        later = datetime(2027, 12, 31, 16, 0, tzinfo=UTC)
        at = OPENED + timedelta(days=41)
        assert ends(owner, at) == [(ENDS, 300), (later, 200)]
        spend(owner, 250, at=at)
        assert ends(owner, at) == [(ENDS, 50), (later, 200)]
        spend(owner, 100, at=at)
        assert ends(owner, at) == [(later, 150)]
        assert left(account) == 150

    def test_of_more_than_there_is_takes_nothing(self, owner: UUID) -> None:
        account = some_points(300, owner=owner)
        with pytest.raises(tenders.TenderSpent):
            spend(owner, 301)
        assert left(account) == 300 and not Payment.objects.exists()

    def test_by_somebody_who_never_had_any(self, owner: UUID) -> None:
        with pytest.raises(tenders.TenderSpent):
            spend(owner, 1)

    def test_of_what_has_ended_is_refused_before_any_sweep(self, owner: UUID) -> None:
        some_points(300, owner=owner)
        assert spending.balance(owner, at=ENDS - timedelta(microseconds=1)) == Money(300)
        assert spending.balance(owner, at=ENDS) == Money(0)
        with pytest.raises(tenders.TenderSpent):
            spend(owner, 1, at=ENDS)


class TestEnd:
    def test_gives_what_is_left_to_the_platform_once(self, owner: UUID) -> None:
        account = some_points(300, owner=owner)
        spend(owner, 100)
        lot = PointsLot.objects.get()
        for _twice in range(2):
            lots.on_due(reference=lot.pk, due_at=ENDS, at=ENDS)
        lot.refresh_from_db()
        assert (lot.expired_minor, lot.ended_at, left(account)) == (200, ENDS, 0)
        assert left(accounts.FEES) == -100

    def test_leaves_what_ends_later(self, owner: UUID) -> None:
        account = some_points(300, owner=owner)
        some_points(200, owner=owner, at=OPENED + timedelta(days=40))
        lots.end_due(lots.account_id_of(account), at=ENDS)
        assert left(account) == 200 and spending.balance(owner, at=ENDS) == Money(200)

    def test_is_told_once_for_all_that_end_together(self, owner: UUID) -> None:
        some_points(300, owner=owner)
        some_points(200, owner=owner, at=OPENED + timedelta(days=5))
        first, second = PointsLot.objects.order_by("pk")
        told = reminding.owner_of_points(first.pk)
        assert told.number == "500" and [each.subject_id for each in told.readers] == [owner]
        assert not reminding.owner_of_points(second.pk).readers

    def test_of_what_was_spent_is_told_to_nobody(self, owner: UUID) -> None:
        some_points(300, owner=owner)
        spend(owner, 300)
        assert not reminding.owner_of_points(PointsLot.objects.get().pk).readers


class TestBack:
    def test_in_time_goes_where_it_was(self, owner: UUID) -> None:
        some_points(300, owner=owner)
        (reference,) = references(spend(owner, 300))
        refunds.refund(reference=reference, amount=Money(120), purpose="a", actor=SYSTEM, at=LATER)
        assert ends(owner) == [(ENDS, 120)]
        assert PointsLot.objects.count() == 1

    def test_after_its_time_gets_at_least_a_month(self, owner: UUID) -> None:
        some_points(300, owner=owner)
        (reference,) = references(spend(owner, 300))
        at = ENDS + timedelta(days=4)
        refunds.refund(reference=reference, amount=Money(120), purpose="a", actor=SYSTEM, at=at)
        # Back on 5 December in Beijing: a month, and on to the end of January.
        assert ends(owner, at) == [(datetime(2028, 1, 31, 16, 0, tzinfo=UTC), 120)]
        lot = PointsLot.objects.get(kind="back")
        assert booking.find(kind=lots.CLOCK, reference=lot.pk) is not None

    def test_of_a_purchase_that_nobody_paid(self, owner: UUID) -> None:
        account = some_points(300, owner=owner)
        part = a_part(1_000)
        payment = capture.open_payment(
            payer_subject_id=owner,
            parts=[part],
            tendered=spending.choose(subject_id=owner, wanted=Money(250), parts=[part], at=LATER),
            expires_at=LATER + timedelta(minutes=30),
            actor=SYSTEM,
            at=LATER,
        )
        assert left(account) == 50
        capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=ENDS + timedelta(days=1))
        # What waited apart when its lot ended is back with time of its own; the other 50 ended.
        assert spending.balance(owner, at=ENDS + timedelta(days=1)) == Money(250)
        assert PointsLot.objects.get(kind="earned").expired_minor == 50


class TestTakenBack:
    def grant(self, owner: UUID, fen: int = 10_000) -> UUID:
        order = new_id()
        granting.grant(owner_id=owner, reference=order, basis=Money(fen), at=OPENED)
        return order

    def test_in_parts_is_the_whole(self, owner: UUID) -> None:
        """100.00 earned 100; 66.67 left earn 66, 33.34 left earn 33, nothing earns nothing."""
        order, found = self.grant(owner), []
        for basis in (6_667, 3_334, 0):
            granting.follow(reference=order, basis=Money(basis), at=LATER)
            found.append(spending.balance(owner, at=LATER).minor)
        assert found == [66, 33, 0]
        lot = PointsLot.objects.get()
        assert (lot.taken_minor, lot.ended_at) == (100, LATER)
        assert booking.find(kind=lots.CLOCK, reference=lot.pk) is None
        assert left(accounts.FEES) == 0

    def test_is_never_more_than_is_there(self, owner: UUID) -> None:
        order = self.grant(owner)
        spend(owner, 90)
        granting.follow(reference=order, basis=Money(5_000), at=LATER)
        assert spending.balance(owner, at=LATER) == Money(0)
        assert PointsLot.objects.get().taken_minor == 10

    def test_of_what_has_ended_is_nothing(self, owner: UUID) -> None:
        order = self.grant(owner)
        some_points(500, owner=owner, at=ENDS - timedelta(days=1))
        granting.follow(reference=order, basis=Money(0), at=ENDS)
        assert spending.balance(owner, at=ENDS) == Money(500)

    def test_of_an_order_that_earned_none(self) -> None:
        granting.follow(reference=new_id(), basis=Money(0), at=LATER)


def test_the_erased_leave_nothing(owner: UUID) -> None:
    account = some_points(300, owner=owner)
    for _twice in range(2):
        granting.forget(subject_id=owner, at=LATER)
    assert (left(account), left(accounts.FEES)) == (0, 0)
    assert not booking.open_for(PointsLot.objects.values_list("pk", flat=True))


def test_movements_run_up_to_the_balance(owner: UUID) -> None:
    some_points(300, owner=owner)
    payment = spend(owner, 100)
    (reference,) = references(payment)
    refunds.refund(
        reference=reference, amount=Money(40), purpose="a", actor=SYSTEM, at=LATER + timedelta(days=1)
    )
    moved = spending.movements(owner)
    assert [(each.kind, each.points, each.after) for each in moved] == [
        ("back", 40, 240),
        ("spent", -100, 200),
        ("earned", 300, 300),
    ]
    assert [each.points for each in spending.movements(owner, "spent")] == [-100]
    assert moved[1].number == payment.number
    assert spending.owed() == Money(240)
