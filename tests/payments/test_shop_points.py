"""Points of a shop: earned at the published rate, redeemed, taken back, ended with a letter before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadlines import booking
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import standing
from merchants.models import Merchant
from payments import accounts, escrow, ledger, reminding
from payments.invariants import all_offences, settle_constraints
from payments.models import PointsAccount, PointsLot
from payments.points import lots, redeeming, rewarding, shop_view
from payments.points.spending import MovementKind
from payments.points_models import Ground
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, references, some_shop_points
from tests.builders.people import a_member
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
LATER = OPENED + timedelta(days=3)
# Earned on 3 November 2026 in Beijing: twelve months, and on to the end of that November.
ENDS = datetime(2027, 11, 30, 16, 0, tzinfo=UTC)
MEMBER = Actor.member(new_id(), new_id())


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


@pytest.fixture
def shop() -> Merchant:
    return a_merchant()


def held(shop: Merchant, at: datetime = LATER) -> int:
    return shop_view.standing(shop.pk, at=at).balance.minor


def redeem(shop: Merchant, points: int, at: datetime = LATER) -> None:
    redeeming.redeem(merchant_id=shop.pk, points=points, actor=MEMBER, at=at)


def settled(shop: Merchant, fen: int, fee: int) -> Money:
    """An order of so much is settled with this fee; what of the fee its shop got back."""
    order = references(a_captured_payment(fen))[0]
    escrow.release(
        reference=order, merchant_id=shop.pk, amount=Money(fen), fee=Money(fee), purpose="settlement",
        actor=SYSTEM, at=LATER,
    )  # fmt: skip
    return redeeming.relieve(merchant_id=shop.pk, reference=order, fee=Money(fee), at=LATER)


class TestReward:
    def test_is_the_rate_of_its_grounds_on_the_fee_and_a_liability(self, shop: Merchant) -> None:
        """257 fen of fee at 50 + 50 of a thousand: 25.7, rounded down."""
        lot = rewarding.reward(
            merchant_id=shop.pk, reference=new_id(), fee=Money(257), grounds=list(Ground), at=OPENED
        )
        assert lot is not None
        assert (lot.amount, lot.permille, lot.expires_at) == (Money(25), 100, ENDS)
        assert lot.grounds == ["sent_in_time", "no_case"]
        assert ledger.balance(lot.account.account) == Money(25)
        assert ledger.balance(accounts.FEES) == Money(-25)
        clock = booking.find(kind=lots.SHOP_CLOCK, reference=lot.pk)
        assert clock is not None
        assert (clock.due_at, clock.rule_id, clock.owner) == (ENDS, "policy.shop_points.expiry", "merchant")

    @pytest.mark.parametrize(
        ("fee", "grounds"),
        [(Money(1_000), []), (Money(9), list(Ground)), (Money(1_000, "JPY"), list(Ground)), (Money(0), [])],
        ids=["no ground", "too little", "another currency", "nothing"],
    )
    def test_of_these_there_is_none(self, shop: Merchant, fee: Money, grounds: list[Ground]) -> None:
        made = rewarding.reward(merchant_id=shop.pk, reference=new_id(), fee=fee, grounds=grounds, at=OPENED)
        assert made is None and not PointsAccount.objects.exists()

    def test_is_once_per_order(self, shop: Merchant) -> None:
        order = new_id()
        for _twice in range(2):
            rewarding.reward(
                merchant_id=shop.pk, reference=order, fee=Money(1_000), grounds=list(Ground), at=OPENED
            )
        assert held(shop) == 100 and PointsLot.objects.count() == 1


class TestRedeem:
    def test_lowers_the_next_fees_until_it_is_used_up(self, shop: Merchant) -> None:
        """300 redeemed: 200 + 100 of two fees of 200; the third is paid in full."""
        some_shop_points(shop, points=500)
        redeem(shop, 300)
        assert held(shop) == 200
        assert shop_view.standing(shop.pk, at=LATER).relief == Money(300)
        assert [settled(shop, 10_000, 200).minor for _ in range(3)] == [200, 100, 0]
        # 3 x (10000 - 200) + 300; what the platform took is 600 less the 500 that it granted.
        assert ledger.balance(accounts.available(shop.pk)) == Money(29_700)
        assert ledger.balance(accounts.relief(shop.pk)).is_zero
        assert ledger.balance(accounts.FEES) == Money(100)

    def test_a_fee_that_points_paid_earns_none(self, shop: Merchant) -> None:
        some_shop_points(shop, points=150)
        redeem(shop, 150)
        order = references(a_captured_payment(10_000))[0]
        escrow.release(
            reference=order, merchant_id=shop.pk, amount=Money(10_000), fee=Money(200), purpose="settlement",
            actor=SYSTEM, at=LATER,
        )  # fmt: skip
        redeeming.relieve(merchant_id=shop.pk, reference=order, fee=Money(200), at=LATER)
        lot = rewarding.reward(
            merchant_id=shop.pk, reference=order, fee=Money(200), grounds=list(Ground), at=LATER
        )
        assert lot is not None and (lot.basis_minor, lot.amount) == (50, Money(5))

    @pytest.mark.parametrize("points", [0, -1])
    def test_of_nothing_is_refused(self, shop: Merchant, points: int) -> None:
        some_shop_points(shop)
        with pytest.raises(redeeming.NoPoints):
            redeem(shop, points)
        assert held(shop) == 1_000

    def test_of_more_than_there_is_takes_nothing(self, shop: Merchant) -> None:
        with pytest.raises(redeeming.NotEnoughPoints):
            redeem(shop, 1)
        some_shop_points(shop, points=500)
        with pytest.raises(redeeming.NotEnoughPoints) as refused:
            redeem(shop, 501)
        assert refused.value.params["left"] == 500
        assert held(shop) == 500 and shop_view.standing(shop.pk, at=LATER).relief.is_zero

    def test_of_what_has_ended_is_refused_before_any_sweep(self, shop: Merchant) -> None:
        some_shop_points(shop)
        with pytest.raises(redeeming.NotEnoughPoints):
            redeem(shop, 1, at=ENDS)

    def test_by_a_shop_with_limits_is_refused(self, shop: Merchant) -> None:
        some_shop_points(shop)
        standing.restrict(
            merchant_id=shop.pk, reason="核查", rule_id="cn.ecommerce", actor=Actor.system(), at=OPENED
        )
        with pytest.raises(redeeming.ShopLimited):
            redeem(shop, 100)
        assert held(shop) == 1_000


class TestRevoke:
    def test_takes_all_of_it_once(self, shop: Merchant) -> None:
        lot = some_shop_points(shop, points=300)
        some_shop_points(shop, points=200)
        for _twice in range(2):
            assert lot.reference
            rewarding.revoke(reference=lot.reference, at=LATER)
        lot.refresh_from_db()
        assert (lot.taken_minor, lot.ended_at, lot.revoked_at) == (300, LATER, LATER)
        assert held(shop) == 200

    def test_what_was_used_is_taken_from_the_next(self, shop: Merchant) -> None:
        """300 earned, 250 used; revoked: 50 are there, 250 owed. 400 more leave 150."""
        lot = some_shop_points(shop, points=300)
        redeem(shop, 250)
        assert lot.reference
        rewarding.revoke(reference=lot.reference, at=LATER)
        now = shop_view.standing(shop.pk, at=LATER)
        assert (now.balance, now.owed, now.relief) == (Money(0), Money(250), Money(250))
        some_shop_points(shop, points=400, at=LATER)
        now = shop_view.standing(shop.pk, at=LATER)
        assert (now.balance, now.owed) == (Money(150), Money(0))

    def test_of_an_order_that_earned_none(self) -> None:
        rewarding.revoke(reference=new_id(), at=LATER)
        assert not PointsLot.objects.exists()


class TestPlace:
    def test_is_paid_and_comes_back_in_kind(self, shop: Merchant) -> None:
        some_shop_points(shop, points=5_000)
        booking_id = new_id()
        said: dict[str, Any] = {"merchant_id": shop.pk, "reference": booking_id, "actor": MEMBER, "at": LATER}
        redeeming.pay_place(amount=Money(4_000), **said)
        assert held(shop) == 1_000
        redeeming.give_place_back(amount=Money(2_000), **said)
        assert held(shop) == 3_000 and ledger.balance(accounts.available(shop.pk)).is_zero

    def test_days_that_come_back_after_their_time_get_a_month(self, shop: Merchant) -> None:
        some_shop_points(shop, points=4_000)
        said: dict[str, Any] = {"merchant_id": shop.pk, "reference": new_id(), "actor": MEMBER}
        redeeming.pay_place(amount=Money(4_000), at=LATER, **said)
        redeeming.give_place_back(amount=Money(4_000), at=ENDS, **said)
        assert held(shop, at=ENDS) == 4_000
        assert shop_view.standing(shop.pk, at=ENDS).endings[0].at > ENDS + timedelta(days=28)


def test_the_letter_goes_to_the_owners_once(shop: Merchant) -> None:
    owner = a_member(shop)
    first, second = some_shop_points(shop, points=300), some_shop_points(shop, points=200)
    told = [reminding.shop_of_points(lot.pk) for lot in sorted((first, second), key=lambda lot: lot.pk)]
    assert [each.number for each in told] == ["500", "0"]
    assert owner.subject_id in [reader.subject_id for reader in told[0].readers]
    assert told[0].readers[0].path == f"/merchant/{shop.slug}/rewards/"


def test_movements_run_up_to_the_balance(shop: Merchant) -> None:
    lot = some_shop_points(shop, points=300)
    some_shop_points(shop, points=200, at=OPENED + timedelta(days=1))
    redeem(shop, 100)
    assert lot.reference
    rewarding.revoke(reference=lot.reference, at=LATER + timedelta(days=1))
    moved = shop_view.movements(shop.pk, part=slice(0, 10))
    assert [(each.kind, each.points, each.after) for each in moved] == [
        (MovementKind.TAKEN, -300, 100),
        (MovementKind.SPENT, -100, 400),
        (MovementKind.EARNED, 200, 500),
        (MovementKind.EARNED, 300, 300),
    ]
    earned = shop_view.movements(shop.pk, kind="earned", oldest_first=True, part=slice(0, 10))
    assert [each.after for each in earned] == [300, 500]
    assert shop_view.count(shop.pk, kind="earned") == 2 and shop_view.count(shop.pk) == 4
    assert shop_view.count(a_merchant().pk) == 0
