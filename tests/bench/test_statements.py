"""Statements of a whole page: session, language, cart badge and every fragment it fetches by itself."""

import pytest

from bench.pages import statements, statements_by_part
from privacy import keys
from tests.builders.orders import an_order
from tests.builders.reviews import DELIVERED, a_review
from tests.builders.shops import a_listing, a_merchant
from web import kept_pages

pytestmark = pytest.mark.django_db
# The visitor's session, the version of the shelf, and the shelf with all its counts where none is kept.
KEPT, FRESH = 2, 3
# The session, the digest of the offer and the offer itself; each part that comes later asks as often at most.
MOST = 3


@pytest.mark.parametrize("other_goods", [0, 12])
def test_product_page(other_goods: int) -> None:
    warm, listing = a_listing(), a_listing()
    for _ in range(other_goods):
        a_listing(merchant=listing.merchant)
    fresh = statements_by_part(f"/p/{warm.pk}/", f"/p/{listing.pk}/")
    assert fresh[0] == MOST and max(fresh) <= MOST and len(fresh) == 3
    assert statements_by_part(f"/p/{warm.pk}/", f"/p/{listing.pk}/")[0] == 2


@pytest.mark.parametrize("number", [1, 3])
def test_product_page_with_reviews(number: int) -> None:
    listing = a_listing()
    for _ in range(number):
        a_review(order=an_order(listing=listing, delivered_at=DELIVERED))
    keys.forget_all()
    whole = statements_by_part("/c/home/", f"/p/{listing.pk}/")
    assert max(whole) <= MOST and whole[2] == MOST


SHELVES = ["/c/home/", "/c/home/?stock=1&sort=price", "/search?q=竹茶盘"]


@pytest.mark.parametrize("path", SHELVES)
def test_shelves(path: str) -> None:
    """Of three offers as of thirty; fresh, with the drawer empty and nothing else."""
    shop, fresh, kept = a_merchant(), [], []
    for number in range(30):
        a_listing(merchant=shop, title=f"竹茶盘 {number} 号")
        if number in (3, 29):
            kept_pages.pages.empty()
            fresh.append(statements("/c/food/", path))
            kept.append(statements("/c/food/", path))
    assert fresh == [FRESH, FRESH]
    assert kept == [KEPT, KEPT]


@pytest.mark.parametrize(("path", "most"), [("/c/food/", 4), ("/search?q=无此物", 4), ("/c/home/?page=9", 6)])
def test_shelves_without_goods(path: str, most: int) -> None:
    a_listing()
    kept_pages.pages.empty()
    assert statements("/c/home/", path) <= most
    assert statements("/c/home/", path) == KEPT
