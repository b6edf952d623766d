"""What a price from behind the border holds of import tax; the sum to pay stays the same."""

import pytest

from catalog.import_tax import import_tax
from catalog.web.presenting import ledger
from kernel.money import Money
from tests.builders.shops import a_listing


def told(value, route="bonded"):
    return {"attributes": {"supply_route": route, "import_tax_rate": {"value": value, "unit": "percent"}}}


@pytest.mark.parametrize(
    ("value", "price", "tax"),
    [
        ("9.1", "109.10", ("9.1", "9.10")),
        ("9.1", "539.48", ("9.1", "45.00")),
        ("11.90", "0.01", ("11.9", "0.00")),
    ],
)
def test_it_is_worked_out_of_the_price(value, price, tax):
    rate, amount = import_tax(told(value), Money.parse(price))
    assert (rate, amount.decimal_text) == tax


@pytest.mark.parametrize("value", ["0", "-9", "101", "NaN", "Infinity", "viel", None])
def test_nonsense_is_none(value):
    assert import_tax(told(value), Money(10_000)) is None


def test_goods_that_cross_no_border_have_none():
    assert import_tax(told("9.1", route=""), Money(10_000)) is None


@pytest.mark.django_db
def test_the_ledger_adds_up_to_what_is_paid():
    revision = a_listing(price="539.48", freight="28.00").live_revision
    rows = ledger(revision, told("9.1"))
    parts = [row["amount"].minor for row in rows if not row.get("total")]
    assert parts == [49448, 4500, 2800]
    assert sum(parts) == rows[-1]["amount"].minor == revision.all_in.minor
    assert len(ledger(revision, revision.content)) == 3
