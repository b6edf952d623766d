import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CurrencyMismatch, Money
from law.compensation import compensation, food_compensation, fraud_compensation
from law.errors import RuleWithoutRemedy
from tests.law.packs import china, pack

NOW = china(2026, 11, 21)


class TestFraud:
    @pytest.mark.parametrize(
        ("price", "extra"),
        [("1.00", "500.00"), ("166.66", "500.00"), ("166.67", "500.01"), ("539.48", "1618.44")],
    )
    def test_three_times_the_price_at_least_500(self, price, extra):
        """3 x 166.66 = 499.98 is below the floor; 3 x 539.48 = 1,618.44 isn't."""
        found = fraud_compensation(pack=pack(), price=Money.parse(price), at=NOW)
        assert found.extra == Money.parse(extra)
        assert found.rule_id == "cn.fraud"

    @given(st.integers(0, 10**9))
    def test_it_is_never_below_the_floor_nor_below_three_times(self, minor):
        extra = fraud_compensation(pack=pack(), price=Money(minor), at=NOW).extra
        assert extra.minor == max(3 * minor, 50_000)


class TestFood:
    @pytest.mark.parametrize(
        ("price", "loss", "extra"),
        [("9.90", None, "1000.00"), ("120.00", None, "1200.00"), ("9.90", "800.00", "2400.00")],
    )
    def test_ten_times_the_price_or_three_times_the_loss_at_least_1000(self, price, loss, extra):
        found = food_compensation(
            pack=pack(), price=Money.parse(price), loss=Money.parse(loss) if loss else None, at=NOW
        )
        assert found.extra == Money.parse(extra)


class TestRefusals:
    def test_a_rule_without_a_sum(self):
        with pytest.raises(RuleWithoutRemedy):
            compensation(pack=pack(), rule_id="cn.return.window", price=Money(1), at=NOW)

    def test_another_currency(self):
        with pytest.raises(CurrencyMismatch):
            fraud_compensation(pack=pack(), price=Money(100, "EUR"), at=NOW)

    def test_a_negative_price(self):
        with pytest.raises(ValueError, match="negative"):
            fraud_compensation(pack=pack(), price=Money(-1), at=NOW)
