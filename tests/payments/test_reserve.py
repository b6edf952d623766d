"""The reserve: kept at settlement by grade, freed by its clock, given before the fund for a later case."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from deadlines import booking
from kernel.ids import new_id
from kernel.money import Money
from merchants import standing
from merchants.models import Merchant
from payments import accounts, escrow, fund, ledger, payers, reserve
from payments.capture import Part
from payments.invariants import all_offences, settle_constraints
from payments.models import ReserveShare
from payments.sandbox import straight
from tests.builders.money import OPENED, SYSTEM, a_dispute, a_payment
from tests.builders.payouts import available, earns, within_reach
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
AT = OPENED + timedelta(days=1)


@pytest.fixture(autouse=True)
def _sound() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def kept(shop: Merchant, fen: int = 10_000, *, at: datetime = AT) -> ReserveShare:
    """One settled sale of `fen`, of which a new shop's tenth stays back."""
    earns(shop, fen)
    made = reserve.keep(merchant_id=shop.pk, reference=new_id(), net=Money(fen), at=at)
    assert made is not None
    return made


def graded(shop: Merchant, grade: str) -> Merchant:
    standing.write_effects(
        merchant_id=shop.pk, grade=grade, score_permille=900, payout_delay_days=0, rule_id="x", at=AT
    )
    return shop


def sums(shop: Merchant) -> tuple[int, int]:
    return available(shop).minor, reserve.balance(shop.pk).minor


class TestKeeping:
    def test_takes_the_grade_s_share_once(self) -> None:
        shop = a_merchant()
        share = kept(shop, 10_009)
        # A tenth of 100.09 is 10.00, rounded down.
        assert (sums(shop), share.left, share.kept_until) == (
            (9_009, 1_000), Money(1_000), AT + timedelta(days=30),
        )  # fmt: skip
        again = reserve.keep(merchant_id=shop.pk, reference=share.reference, net=Money(10_009), at=AT)
        assert (again, sums(shop)) == (share, (9_009, 1_000))

    @pytest.mark.parametrize(
        ("grade", "minor", "days"), [("B", 200, 30), ("C", 500, 30), ("D", 1_000, 60), ("E", 1_000, 90)]
    )
    def test_by_grade(self, grade: str, minor: int, days: int) -> None:
        share = kept(graded(a_merchant(), grade))
        assert (share.amount_minor, share.kept_until - AT) == (minor, timedelta(days=days))

    def test_takes_nothing_of_the_best_and_of_what_isn_t_there(self) -> None:
        best, poor = graded(a_merchant(), "A"), a_merchant()
        earns(best, 10_000)
        for shop in (best, poor):
            assert reserve.keep(merchant_id=shop.pk, reference=new_id(), net=Money(10_000), at=AT) is None
        assert (sums(best), sums(poor)) == ((10_000, 0), (0, 0))


class TestFreeing:
    def test_at_its_clock_and_once(self) -> None:
        shop = a_merchant()
        share = kept(shop)
        clock = booking.find(kind=reserve.CLOCK, reference=share.pk)
        assert clock is not None
        assert clock.due_at == share.kept_until
        for _ in range(2):
            reserve.on_due(reference=share.pk, due_at=clock.due_at, at=clock.due_at)
        share.refresh_from_db()
        assert (sums(shop), share.left_minor, share.freed_at) == ((10_000, 0), 0, clock.due_at)

    def test_says_what_is_freed_next(self) -> None:
        shop = a_merchant()
        first = kept(shop)
        kept(shop, 20_000, at=AT + timedelta(days=1))
        assert reserve.next_freed(shop.pk) == (first.kept_until, Money(1_000))
        assert reserve.next_freed(a_merchant().pk) is None


class TestGiving:
    def take(self, shop: Merchant, share: ReserveShare, fen: int) -> Money:
        into = accounts.escrow(share.reference)
        return payers.gather(
            reference=share.reference, merchant_id=shop.pk, wanted=Money(fen), into=into, purpose="t",
            actor=SYSTEM, at=AT, with_fund=False,
        ).all  # fmt: skip

    def test_after_the_balance_the_order_s_own_share_first(self) -> None:
        shop = a_merchant()
        other, own = kept(shop), kept(shop, at=AT + timedelta(days=1))
        assert within_reach(shop.pk) == Money(20_000)
        assert self.take(shop, own, 18_500) == Money(18_500)
        own.refresh_from_db()
        other.refresh_from_db()
        assert (sums(shop), own.left_minor, other.left_minor) == ((0, 1_500), 500, 1_000)
        reserve.on_due(reference=other.pk, due_at=other.kept_until, at=other.kept_until)
        assert sums(shop) == (1_000, 500)

    def test_no_more_than_both_hold(self) -> None:
        shop = a_merchant()
        share = kept(shop)
        assert self.take(shop, share, 10_001) == Money(10_000)
        share.refresh_from_db()
        assert (sums(shop), share.left_minor) == ((0, 0), 0)

    def test_before_deposit_and_fund_when_a_dispute_takes_a_settled_sale(self) -> None:
        shop = a_merchant()
        order = new_id()
        payment = straight.pay(
            a_payment(parts=[Part(order, shop.pk, Money(10_000))]).number, at=OPENED + timedelta(minutes=1)
        )
        terms = {"amount": Money(10_000), "fee": Money(0), "purpose": "settlement", "actor": SYSTEM, "at": AT}
        escrow.release(reference=order, merchant_id=shop.pk, **terms)
        share = reserve.keep(merchant_id=shop.pk, reference=order, net=Money(10_000), at=AT)
        assert share is not None
        held = a_dispute(payment, at=AT)
        share.refresh_from_db()
        assert (sums(shop), share.left_minor, fund.debt(shop.pk)) == ((0, 0), 0, Money(0))
        assert ledger.balance(accounts.dispute(held.pk)) == Money(10_000)


class TestRows:
    @pytest.mark.parametrize(
        ("rule", "change"),
        [
            ("a reserve gives no more than was kept", "left_minor = -1"),
            ("only falls", "left_minor = amount_minor + 1"),
            ("only falls", "amount_minor = amount_minor + 1, left_minor = 0"),
            ("only falls", "reference = id"),
            ("a freed share keeps nothing", "freed_at = now()"),
            ("a share of a reserve is kept for a while", "kept_until = kept_at"),
        ],
        ids=["below zero", "more left", "more kept", "another order", "freed and left", "no time"],
    )
    def test_hold_against_sql(self, rule: str, change: str) -> None:
        share = kept(a_merchant())
        with (
            pytest.raises((IntegrityError, InternalError), match=rule),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE payments_reserveshare SET {change} WHERE id = %s", [share.pk])

    def test_stay(self) -> None:
        share = kept(a_merchant())
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("DELETE FROM payments_reserveshare WHERE id = %s", [share.pk])
