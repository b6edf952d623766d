"""The price per 100 g, 100 ml or piece: the same on card, page and cart."""

import pytest

from catalog.unit_price import unit_price
from kernel.money import Money
from tests.builders.shops import a_listing, complete_attributes, the_schema


def per(value, unit, price="30.00"):
    found = unit_price({"attributes": {"net_content": {"value": value, "unit": unit}}}, Money.parse(price))
    return found and (found.amount.decimal_text, found.per, found.rule_id)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        ("500", "g", ("6.00", "100 g", "cn.price.display")),
        ("1.5", "kg", ("2.00", "100 g", "cn.price.display")),
        ("250", "ml", ("12.00", "100 ml", "cn.price.display")),
        ("12", "piece", ("2.50", "piece", "cn.price.display")),
        ("7", "piece", ("4.29", "piece", "cn.price.display")),
        ("100", "g", None),
        ("1", "piece", None),
        ("0", "g", None),
        ("-5", "g", None),
        ("viel", "g", None),
        ("3", "m", None),
    ],
)
def test_by_what_the_pack_holds(value, unit, told):
    assert per(value, unit) == told


@pytest.mark.django_db
def test_the_same_line_on_card_page_and_cart(client):
    facts = complete_attributes(the_schema("food"))
    tea = a_listing(
        category="food",
        price="30.00",
        attributes={**facts, "net_content": {"value": "250", "unit": "g"}},
    )
    client.post("/cart/lines/", {"listing": str(tea.pk), "quantity": "1"})
    for address in (f"/c/{tea.category_id}/", f"/p/{tea.pk}/", "/cart/"):
        assert "¥12.00 / 100 g" in client.get(address).content.decode(), address
