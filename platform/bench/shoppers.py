"""A buyer of the bench: signed in, with a cart that is filled and a page that is read off the clock."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.signing_in import create_account
from bench.measuring import count
from catalog.models import Listing, Stock
from kernel import clock
from kernel.actor import Actor
from orders import cart

TOLD = {
    "name": "林未",
    "phone": "138 0013 8000",
    "address": "上海市徐汇区漕溪北路 88 号 6 幢 1204 室",
    "note": "",
}
BACKEND = "accounts.backends.StaffAwareBackend"


class Shopper:
    """One signed-in buyer, who takes goods from the shelf from `first` on."""

    def __init__(self, first: int = 0) -> None:
        email = f"bench-{uuid4().hex}@example.com"
        user = create_account(email=email, display_name="林安", password=None, at=clock.now())
        self.user_id, self.subject_id = user.pk, user.subject_id
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(user, backend=BACKEND)
        self.shelves = shelves()[first:]

    def fill(self, lines: int) -> dict[str, Any]:
        """Put `lines` listings into the cart and read the checkout page; gives its form."""
        for listing_id in self.shelves[:lines]:
            cart.put(
                subject_id=self.subject_id,
                listing_id=listing_id,
                quantity=1,
                actor=Actor.buyer(self.subject_id),
                at=clock.now(),
            )
        text = self.client.get(reverse("orders:checkout")).content.decode()
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', text))
        names = ("csrfmiddlewaretoken", "idempotency_key", "seen_total")
        return TOLD | {name: hidden[name] for name in names}

    def press(self, form: dict[str, Any]) -> None:
        if (answered := self.tried(form)) != 303:
            raise RuntimeError(f"the checkout answered {answered}")

    def tried(self, form: dict[str, Any]) -> int:
        """The status of the answer: 303 is an order."""
        return self.client.post(reverse("orders:checkout"), form).status_code

    def statements(self, lines: int) -> int:
        form = self.fill(lines)
        with CaptureQueriesContext(connection) as taken:
            self.press(form)
        return count(taken)

    def known(self) -> set[UUID]:
        """Ids that a replay must leave as they are, because their rows are there."""
        rows = Listing.objects.filter(pk__in=self.shelves).values_list(
            "id", "merchant_id", "live_revision_id"
        )
        return {self.user_id, self.subject_id, *(each for row in rows for each in row)}


def hot_stock() -> Stock:
    """The pieces of the listing that everybody wants."""
    return Stock.objects.get(listing_id=shelves()[0])


def shelves() -> list[UUID]:
    """Listings of every shop in turn."""
    by_shop: dict[UUID, list[UUID]] = {}
    for listing_id, merchant_id in (
        Listing.objects.live().order_by("id").values_list("id", "merchant_id")[:5000]
    ):
        by_shop.setdefault(merchant_id, []).append(listing_id)
    return [listing_id for row in zip(*by_shop.values(), strict=False) for listing_id in row][:60]
