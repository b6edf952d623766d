"""Refund sums: worked examples, and what must hold for any of them."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from orders.refund_sums import OutwardFreight, PaidLine, QuantityOutOfRange, quote, units_share


def a_line(quantity: int, goods: int, freight: int = 0, returned: int = 0) -> PaidLine:
    return PaidLine(uuid4(), quantity, goods, freight, returned)


class TestQuote:
    def test_one_of_one_gives_back_what_was_paid(self) -> None:
        found = quote(asked=[(a_line(1, 3800, 600), 1)])
        assert (found.goods, found.freight, found.amount) == (Money(3800), Money(600), Money(4400))

    def test_indivisible_thirds_add_up_to_the_fen(self) -> None:
        # 100.00 for three: 33.33 + 33.33 + 33.34, whatever comes first.
        shares = [units_share(whole=10_000, quantity=3, already=done, units=1) for done in range(3)]
        assert shares == [3333, 3333, 3334]

    def test_two_lines_are_worked_out_line_by_line(self) -> None:
        first, second = a_line(3, 10_000, 1_000), a_line(2, 5_000)
        found = quote(asked=[(first, 1), (second, 2)])
        assert [(step.units, step.goods.minor, step.freight.minor) for step in found.steps] == [
            (1, 3333, 333),
            (2, 5000, 0),
        ]
        assert found.amount == Money(3333 + 333 + 5000)

    def test_freight_may_stay_with_the_merchant(self) -> None:
        found = quote(asked=[(a_line(1, 3800, 600), 1)], outward_freight=OutwardFreight.KEPT)
        assert found.amount == Money(3800)

    @pytest.mark.parametrize("units", [0, -1, 3])
    def test_refuses_more_than_is_left_or_nothing(self, units: int) -> None:
        with pytest.raises(QuantityOutOfRange) as refusal:
            quote(asked=[(a_line(3, 10_000, returned=1), units)])
        assert refusal.value.params["most"] == 2


@given(
    whole=st.integers(0, 10**12),
    batches=st.lists(st.integers(1, 40), min_size=1, max_size=25),
)
def test_any_batches_of_all_units_add_up_to_the_whole(whole: int, batches: list[int]) -> None:
    quantity, returned, back = sum(batches), 0, 0
    for units in batches:
        share = units_share(whole=whole, quantity=quantity, already=returned, units=units)
        assert share >= 0
        assert abs(share * quantity - whole * units) < quantity
        returned, back = returned + units, back + share
    assert back == whole
