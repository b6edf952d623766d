"""Statements of a whole page: session, language, cart badge and every fragment it fetches by itself."""

import pytest

from bench.pages import statements
from tests.builders.orders import an_order
from tests.builders.reviews import DELIVERED, a_review
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
MOST = 6
# Certificates and evaluations come by themselves once they are scrolled to: three statements of their own.
MOST_WITH_PROOFS = 9
# So do the reviews: four of their own, however many, two of which are there without them.
MOST_WITH_REVIEWS = 11


def test_product_page() -> None:
    warm, listing = a_listing(), a_listing()
    assert statements(f"/p/{warm.pk}/", f"/p/{listing.pk}/") <= MOST_WITH_PROOFS


def test_product_page_with_reviews() -> None:
    counts = []
    for number in (1, 3):
        listing = a_listing()
        for _ in range(number):
            a_review(order=an_order(listing=listing, delivered_at=DELIVERED))
        counts.append(statements(f"/p/{listing.pk}/", f"/p/{listing.pk}/"))
    assert len(set(counts)) == 1 and counts[0] <= MOST_WITH_REVIEWS


def test_category_page() -> None:
    shop = a_merchant()
    for number in range(3):
        a_listing(merchant=shop, title=f"竹茶盘 {number} 号")
    few = statements("/c/home/", "/c/home/")
    for number in range(3, 26):
        a_listing(merchant=shop, title=f"竹茶盘 {number} 号")
    assert statements("/c/home/", "/c/home/") == few <= MOST
