"""What papers say of each line: worked examples with their arithmetic, and sums in whatever order."""

from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.invoices.amounts import LineSum, RateOutOfRange, row, rows, take_off

A, B, C = (uuid5(UUID(int=0), name) for name in "abc")


class TestRow:
    @pytest.mark.parametrize(
        ("gross", "rate", "net", "tax"),
        [
            (11300, 1300, 10000, 1300),
            # 129.00 / 1.13 is 114.1593.
            (12900, 1300, 11416, 1484),
            (10000, 0, 10000, 0),
            # 0.01 / 1.13 is less than a fen: all of it is net.
            (1, 1300, 1, 0),
            # 100.00 / 1.01 is 99.0099.
            (10000, 100, 9901, 99),
        ],
        ids=["even", "rounded", "free", "one fen", "one per cent"],
    )
    def test_takes_the_tax_out_of_the_sum(self, gross: int, rate: int, net: int, tax: int) -> None:
        found = row(A, gross, rate)
        assert (found.net_minor, found.tax_minor) == (net, tax)

    @pytest.mark.parametrize("rate", [-1, 10_000])
    def test_refuses_a_rate_that_is_none(self, rate: int) -> None:
        with pytest.raises(RateOutOfRange) as refusal:
            row(A, 100, rate)
        assert refusal.value.params["field"] == f"rate_{A.hex}"

    def test_a_line_of_which_nothing_is_said_needs_no_rate(self) -> None:
        assert [each.line_id for each in rows({A: 100, B: 0}, {A: 1300})] == [A]
        with pytest.raises(RateOutOfRange):
            rows({A: 100, B: 1}, {A: 1300})


class TestTakeOff:
    def test_first_from_the_line_itself_then_in_proportion(self) -> None:
        # 20.00 went back of A; 10.00 more by a case of the whole order: 80 : 120 is 4.00 and 6.00.
        lines = [LineSum(A, 10000, 8000), LineSum(B, 12000, 12000)]
        assert take_off(lines, 3000) == {A: 2400, B: 600}

    def test_thirds_lose_no_fen(self) -> None:
        lines = [LineSum(A, 3333, 3333), LineSum(B, 3333, 3333), LineSum(C, 3334, 3334)]
        assert sum(take_off(lines, 100).values()) == 100

    def test_no_more_than_is_said(self) -> None:
        with pytest.raises(ValueError, match="no more"):
            take_off([LineSum(A, 100, 0)], 101)

    @given(
        st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=6),
        st.data(),
    )
    def test_parts_sum_to_the_whole_and_none_is_beyond_its_line(
        self, told: list[tuple[int, int]], data: st.DataObject
    ) -> None:
        lines = [LineSum(UUID(int=n), one, min(one, two)) for n, (one, two) in enumerate(told)]
        amount = data.draw(st.integers(0, sum(line.open_minor for line in lines)))
        off = take_off(lines, amount)
        assert sum(off.values()) == amount
        assert all(0 <= off[line.line_id] <= line.open_minor for line in lines)

    @given(st.integers(1, 10**9), st.integers(0, 9_999))
    def test_net_and_tax_are_the_gross(self, gross: int, rate: int) -> None:
        found = row(A, gross, rate)
        assert found.net_minor + found.tax_minor == gross
        assert found.net_minor >= 1 and found.tax_minor >= 0
