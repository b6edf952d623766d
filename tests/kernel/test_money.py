"""Money: whole minor units, exact splits, clear refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CurrencyMismatch, InvalidAmount, Money, total

minors = st.integers(-(10**12), 10**12)


class TestParse:
    @pytest.mark.parametrize(
        ("text", "minor"),
        [("0", 0), ("12", 1200), ("12.5", 1250), (" 12.50 ", 1250), ("0.01", 1), ("39.99", 3999)],
    )
    def test_reads_what_people_type(self, text, minor):
        assert Money.parse(text) == Money(minor)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "-1",
            "+1",
            "1e3",
            "1,000",
            "1.000,00",
            "１２",
            "٣",
            "0x10",
            "NaN",
            "Infinity",
            "1.001",
            ".5",
            "5.",
            "9" * 13,
            "10000000000.01",
        ],
    )
    def test_refuses_everything_else(self, text):
        with pytest.raises(InvalidAmount):
            Money.parse(text)

    def test_yen_have_no_decimals(self):
        assert Money.parse("100", "JPY") == Money(100, "JPY")
        with pytest.raises(InvalidAmount):
            Money.parse("1.5", "JPY")

    @given(st.integers(0, 10**12))
    def test_is_the_inverse_of_decimal_text(self, minor):
        assert Money.parse(Money(minor).decimal_text) == Money(minor)


class TestArithmetic:
    def test_two_currencies_never_meet(self):
        with pytest.raises(CurrencyMismatch):
            Money(1) + Money(1, "EUR")
        with pytest.raises(CurrencyMismatch):
            assert Money(1) < Money(1, "EUR")

    @pytest.mark.parametrize("value", [1.0, True, "1"])
    def test_only_whole_numbers(self, value):
        with pytest.raises(TypeError):
            Money(value)

    @given(minors, st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
    def test_shares_sum_to_the_whole_and_keep_proportion(self, minor, weights):
        parts = Money(minor).share(weights)
        assert total(parts) == Money(minor)
        whole = sum(weights)
        if whole:
            for part, weight in zip(parts, weights, strict=True):
                assert abs(part.minor * whole - minor * weight) < whole

    @given(minors, st.lists(st.integers(0, 1000), min_size=2, max_size=10))
    def test_equal_weights_get_parts_within_one_unit(self, minor, weights):
        parts = [part.minor for part in Money(minor).split(len(weights))]
        assert max(parts) - min(parts) <= 1

    def test_permille_rounds_down(self):
        assert Money(999).permille(6) == Money(5)
        assert Money(-999).permille(6) == Money(-5)

    def test_negative_text(self):
        assert Money(-1250).decimal_text == "-12.50"
        assert Money(-5).decimal_text == "-0.05"
