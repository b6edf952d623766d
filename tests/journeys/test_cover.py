"""A cover is looked at, ticked, reckoned, bought, begins with the parcel, is claimed and paid: over HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from orders import invariants
from orders.cover import straight
from orders.models import CoverClaim, Order, OrderCover
from payments.invariants import all_offences, settle_constraints
from payments.models import Payment, Refund
from payments.sandbox import straight as till
from tests.builders.orders import deliver, ship
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing
from tests.journeys import shopping
from tests.privacy.pictures import a_jpeg_upload

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def sound_books() -> Iterator[None]:
    with clock.frozen(NOW):
        yield
    settle_constraints()
    assert all_offences() == []
    assert invariants.all_offences() == []


def told(page: Any) -> dict[str, Any]:
    names = ("idempotency_key", "seen_total", "seen_cover")
    return {**shopping.RECIPIENT, **{name: shopping.hidden(page, name) for name in names}}


def english(browser: Any, name: str, *args: Any) -> str:
    page = browser.get(reverse(name, args=args), headers={"accept-language": "en"})
    assert page.status_code == 200
    return str(page.content.decode())


def bought(browser: Any) -> Order:
    """Tick the transit cover of the one line, have it reckoned, press the button, pay."""
    address = reverse("orders:checkout")
    page = browser.get(address)
    text = page.content.decode()
    values = re.findall(r'name="cover" value="([0-9a-f]{32}:transit)"', text)
    assert len(values) == 1
    assert not re.search(r'name="cover"[^>]* checked', text)
    unseen = browser.post(address, {**told(page), "cover": values})
    assert unseen.status_code == 422
    assert not Order.objects.exists()
    reckoned = browser.post(address, {**told(page), "cover": values, "reckon": "1"})
    answer = browser.post(address, {**told(reckoned), "cover": values})
    assert answer.status_code == 303, answer.content.decode()
    number = answer["Location"].rstrip("/").rpartition("/")[2]
    assert Payment.objects.get(number=number).amount == Money(12_903)
    till.pay(number, at=NOW)
    shopping.drain(NOW)
    return Order.objects.get()


def test_from_ticking_it_to_being_paid() -> None:
    buyer = a_buyer()
    browser = buyer.client
    assert "Without it:" in english(browser, "orders:cover-terms")
    shopping.put_in_cart(browser, a_listing(price_minor=12_800, stock=5))
    order = bought(browser)
    cover = OrderCover.objects.get()
    assert cover.number in english(browser, "orders:order", order.number)
    ship(order, at=NOW + timedelta(hours=6))
    deliver(order, at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    with clock.frozen(later):
        straight.run(at=later)
        form = browser.get(reverse("orders:cover-claims", args=[cover.number]))
        asked = {
            "cause": "damaged",
            "quantity": "1",
            "story": "壶盖碎了",
            "idempotency_key": shopping.hidden(form, "idempotency_key"),
        }
        bare = browser.post(reverse("orders:cover-claims", args=[cover.number]), asked)
        assert bare.status_code == 422
        assert not CoverClaim.objects.exists()
        asked["idempotency_key"] = shopping.hidden(bare, "idempotency_key")
        sent = browser.post(
            reverse("orders:cover-claims", args=[cover.number]), {**asked, "files": a_jpeg_upload()}
        )
        assert sent.status_code == 303, sent.content.decode()
        claim = CoverClaim.objects.get()
        assert "With the insurer" in english(browser, "orders:cover-claim", claim.number)
        straight.run(at=later)
        shopping.drain(later)
        assert "Paid out" in english(browser, "orders:cover-claim", claim.number)
        assert claim.number in english(browser, "orders:covers")
    assert Refund.objects.get(reference=order.pk).amount == Money(12_800)


def test_somebody_else_s_cover_is_absent() -> None:
    buyer, other = a_buyer(), a_buyer("许知夏")
    shopping.put_in_cart(buyer.client, a_listing(price_minor=12_800, stock=5))
    bought(buyer.client)
    cover = OrderCover.objects.get()
    assert other.client.get(reverse("orders:cover-claims", args=[cover.number])).status_code == 404
