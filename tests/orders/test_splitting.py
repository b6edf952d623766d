"""What promotions take off: worked examples with their arithmetic, and what holds for any cart."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.promotions.splitting import Goods, Offer, best, less, nearest, shares_of, split

FIRST, SECOND, THIRD = (UUID(int=each) for each in (1, 2, 3))


def goods(*amounts: int, categories: tuple[str, ...] = ("food",)) -> list[Goods]:
    return [
        Goods(UUID(int=place), frozenset(categories), amount) for place, amount in enumerate(amounts, start=1)
    ]


def off(sum_minor: int, above: int, *, kind: str = "threshold", only: tuple[str, ...] = ()) -> Offer:
    return Offer(uuid4(), kind, above, sum_minor, categories=frozenset(only))


class TestSplit:
    def test_indivisible_thirds(self) -> None:
        # 10.00 off three lines of 50.00: 3.333… each; the fen left goes to the first.
        assert split(1000, [5000, 5000, 5000]) == [334, 333, 333]

    def test_the_largest_fraction_gets_the_fen(self) -> None:
        # 1.00 off 1.00, 1.01 and 9.99 (12.00): 8.33, 8.41 and 83.25 fen; one fen left, .41 is the largest.
        assert split(100, [100, 101, 999]) == [8, 9, 83]

    def test_nothing_off_nothing(self) -> None:
        assert split(0, [0, 0]) == [0, 0]

    @pytest.mark.parametrize("amount", [-1, 301])
    def test_refuses_more_than_there_is(self, amount: int) -> None:
        with pytest.raises(ValueError, match="off 300"):
            split(amount, [100, 200])

    @given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30), st.data())
    def test_sums_to_the_last_fen_and_never_below_nothing(
        self, amounts: list[int], data: st.DataObject
    ) -> None:
        amount = data.draw(st.integers(0, sum(amounts)))
        shares = split(amount, amounts)
        assert sum(shares) == amount
        assert all(0 <= share <= whole for share, whole in zip(shares, amounts, strict=True))


class TestOffers:
    def test_a_threshold_is_reached_at_its_own_sum(self) -> None:
        offer = off(3000, 20000)
        assert (offer.off(19999), offer.off(20000)) == (0, 3000)

    def test_a_share_is_rounded_down_and_has_a_most(self) -> None:
        # 12.5 % of 199.99 is 24.99875; of 999.99 it would be 124.99, at most 50.00.
        offer = Offer(uuid4(), "coupon", 1, off_permille=125, most_minor=5000)
        assert (offer.off(19999), offer.off(99999)) == (2499, 5000)

    def test_something_is_always_left_to_pay(self) -> None:
        assert Offer(uuid4(), "coupon", 1, off_permille=999, most_minor=10**9).off(1) == 0
        assert off(3000, 3000).off(3000) == 2999

    def test_the_one_that_saves_most_is_taken(self) -> None:
        small, large, dear = off(1000, 5000), off(3000, 20000), off(9000, 50000)
        found = best([small, large, dear], goods(15000, 5000))
        assert found is not None and (found.offer, found.off_minor) == (large, 3000)
        assert best([dear], goods(15000, 5000)) is None

    def test_only_its_categories_count(self) -> None:
        mixed = [*goods(15000), Goods(SECOND, frozenset({"home"}), 10000)]
        assert best([off(3000, 20000, only=("food",))], mixed) is None
        found = best([off(3000, 15000, only=("food",))], mixed)
        assert found is not None
        assert {each: share.amount_minor for each, share in shares_of(found, mixed).items()} == {FIRST: 3000}

    def test_a_coupon_sees_what_the_threshold_offer_left(self) -> None:
        # 200.00 and 100.00: 30.00 off from 200.00 → 180.00 and 90.00; then 20.00 off from 270.00.
        lines = goods(20000, 10000)
        first = best([off(3000, 20000)], lines)
        assert first is not None
        left = less(lines, shares_of(first, lines))
        assert [each.amount_minor for each in left] == [18000, 9000]
        coupon = best([off(2000, 27000, kind="coupon")], left)
        assert coupon is not None
        # 20.00 × 180/270 = 13.33…, × 90/270 = 6.66…: the fen goes to the larger fraction, the second.
        assert [share.amount_minor for share in shares_of(coupon, left).values()] == [1333, 667]
        assert best([off(2000, 27001, kind="coupon")], left) is None

    def test_says_what_is_missing_to_the_nearest(self) -> None:
        found = nearest([off(3000, 20000), off(9000, 50000)], goods(15000))
        assert found is not None and (found.offer.from_minor, found.missing_minor) == (20000, 5000)
        assert nearest([off(3000, 20000, only=("toys",))], goods(15000)) is None
