"""A shop's statement: opening, every movement, closing; the file sums to the cent and shows nobody else's."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.ids import new_id
from kernel.money import Money
from merchants.capabilities import Capability
from merchants.models import Merchant
from payments import reserve
from tests.builders.payouts import MONDAY, a_payout, a_rich_shop, earns
from tests.builders.people import a_member

pytestmark = pytest.mark.django_db
OCTOBER = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with clock.frozen(MONDAY + timedelta(days=7)):
        yield


@pytest.fixture
def shop() -> Merchant:
    """7.00 in October; in November 100.00 came, 10.00 was kept back, and 97.00 bounced on its way out."""
    shop = a_rich_shop(10_000, number="6222020200112230009")
    earns(shop, 700, at=OCTOBER)
    reserve.keep(merchant_id=shop.pk, reference=new_id(), net=Money(10_000), at=MONDAY)
    a_payout(shop, through=True)
    return shop


def get(shop: Merchant, **asked: str) -> Any:
    client = a_member(shop, [Capability.FINANCE]).client
    return client.get(reverse("payments:merchant-statement", args=[shop.slug]), asked)


def rows(answer: Any) -> list[list[str]]:
    text = answer.content.decode().removeprefix("\ufeff")
    return [row for row in csv.reader(io.StringIO(text)) if len(row) == 5][1:]


def test_sums_to_the_cent(shop: Merchant) -> None:
    first, *moves, last = rows(get(shop, month="2026-11", format="csv"))
    assert (first[4], last[3], last[4]) == ("7.00", "90.00", "97.00")
    assert sum(Decimal(row[3]) for row in moves) == Decimal("90.00")
    assert [row[3] for row in moves] == ["100.00", "-10.00", "-97.00", "97.00"]
    stands = Decimal(first[4])
    for row in moves:
        stands += Decimal(row[3])
        assert Decimal(row[4]) == stands
    assert stands == Decimal(last[4])


def test_one_month_ends_where_the_next_begins(shop: Merchant) -> None:
    october, november = (rows(get(shop, month=month, format="csv")) for month in ("2026-10", "2026-11"))
    assert (october[0][4], october[-1][4]) == ("0.00", november[0][4])


def test_the_page_says_the_same_in_words(shop: Merchant) -> None:
    said = get(shop, month="2026-11").content.decode()
    for words in ("7.00", "97.00", "留在预留款", "结款被退回"):
        assert words in said
    assert "?month=2026-10" in said
    assert "?month=2026-12" not in said


@pytest.mark.parametrize("month", ["", "2026-13", "nonsense", "2099-01", "0001-01"])
def test_nonsense_is_a_month_that_there_is(shop: Merchant, month: str) -> None:
    assert get(shop, month=month, currency="XAU").status_code == 200


def test_is_another_shop_s_alone(shop: Merchant) -> None:
    other = a_rich_shop(22_200)
    member = a_member(other, [Capability.FINANCE])
    assert member.client.get(reverse("payments:merchant-statement", args=[shop.slug])).status_code == 404
    assert "97.00" not in get(other, month="2026-11").content.decode()


def test_orders_are_named_by_their_number(shop: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    """An order's id is nobody's word: the page links its number, the file carries it; others stay without."""
    monkeypatch.setattr(
        "payments.order_numbers._numbers",
        [lambda references: dict.fromkeys(references, "A1234567890")],
    )
    said = get(shop, month="2026-11").content.decode()
    assert f'href="/merchant/{shop.slug}/orders/A1234567890/"' in said
    assert {row[2] for row in rows(get(shop, month="2026-11", format="csv"))[1:-1]} == {"A1234567890"}
    monkeypatch.setattr("payments.order_numbers._numbers", [lambda references: {}])
    assert "/orders/A1234567890/" not in get(shop, month="2026-11").content.decode()
