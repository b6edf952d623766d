"""What a price holds of import tax, by where it goes; the sum to pay stays the same."""

from datetime import UTC, datetime

import pytest

from catalog.import_tax import stated_rate, tax_on
from catalog.web.presenting import ledger
from kernel.money import Money
from law.import_tax import NOTHING_MORE, Standing
from tests.builders.rulebook import the_rulebook
from tests.builders.shops import a_listing

AT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


def told(value, route="bonded"):
    return {"attributes": {"supply_route": route, "import_tax_rate": {"value": value, "unit": "percent"}}}


@pytest.mark.django_db
class TestTaxOn:
    @pytest.fixture(autouse=True)
    def law(self):
        the_rulebook()

    @pytest.mark.parametrize(
        ("value", "price", "rate", "tax"),
        [
            # 109.10 x 9.1 / 109.1 = 9.10
            ("9.1", "109.10", "9.1", "9.10"),
            # 539.48 x 9.1 / 109.1 = 44.998…, rounded half up
            ("9.1", "539.48", "9.1", "45.00"),
            # 1.05 x 5 / 105 = 0.05; 1.15 x 5 / 105 = 0.0547…; 0.01 x 11.9 / 111.9 = 0.001…
            ("5", "1.05", "5", "0.05"),
            ("5", "1.15", "5", "0.05"),
            ("11.90", "0.01", "11.9", "0.00"),
            # 0.15 x 20 / 120 = 0.025: the half goes up
            ("20", "0.15", "20", "0.03"),
        ],
    )
    def test_is_worked_out_of_the_price_and_rounded_half_up_once(self, value, price, rate, tax):
        found = tax_on(told(value), Money.parse(price), "CN-ZJ", at=AT)
        assert (found.standing, found.rate, found.amount) == (Standing.IN_PRICE, rate, Money.parse(tax))
        assert found.rules == ("cn.cbec.tax",) and found.pack_version.startswith("cn-")

    @pytest.mark.parametrize(
        ("place", "rules", "pack"),
        [
            ("DE", ("eu.customs.flat",), "eu-2026.11.7"),
            ("US", ("us.customs.no_exemption",), "us-2026.11.4"),
            ("GB", (), "uk-2026.11.5"),
            ("JP", (), "jp-2026.11.3"),
            ("CN-HK", (), "hk-2026.11.3"),
            ("CN-MO", (), ""),
            ("SG", (), ""),
        ],
    )
    def test_beyond_the_mainland_nothing_is_reckoned_and_what_is_known_is_named(self, place, rules, pack):
        found = tax_on({"attributes": {}}, Money(10_000), place, at=AT)
        assert (found.standing, found.amount) == (Standing.ON_ARRIVAL, None)
        assert found.rules == rules
        assert found.pack_version.split("-")[0] == pack.split("-")[0]

    def test_a_charge_that_wasn_t_in_force_yet_is_not_named(self):
        before = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
        assert tax_on({}, Money(10_000), "DE", at=before).rules == ()

    @pytest.mark.parametrize("value", ["0", "-9", "101", "NaN", "Infinity", "viel", None])
    def test_nonsense_is_none(self, value):
        assert stated_rate(told(value)) is None
        assert tax_on(told(value), Money(10_000), "", at=AT) == NOTHING_MORE

    def test_goods_that_cross_no_border_have_none(self):
        assert tax_on(told("9.1", route=""), Money(10_000), "", at=AT) == NOTHING_MORE


@pytest.mark.django_db
def test_the_ledger_adds_up_to_what_is_paid():
    revision = a_listing(price="539.48", freight="28.00").live_revision
    rows = ledger(revision, told("9.1"), tax=tax_on(told("9.1"), revision.price, "", at=AT))
    parts = [row["amount"].minor for row in rows if not row.get("total")]
    assert parts == [49448, 4500, 2800]
    assert sum(parts) == rows[-1]["amount"].minor == revision.all_in.minor
    assert len(ledger(revision, revision.content)) == 3
