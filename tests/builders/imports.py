"""Cross-border retail imports for tests."""

from __future__ import annotations

from typing import Any

from catalog.models import Listing
from tests.builders.shops import a_listing, a_merchant, complete_attributes, the_schema

CATEGORY = "home"


def an_import(
    *, rate: str = "9.1", category: str = CATEGORY, merchant: Any = None, **listing: Any
) -> Listing:
    """From a bonded store, its price holding import tax at `rate` per cent."""
    merchant = merchant or a_merchant()
    crossing = {
        "supply_route": "bonded",
        "import_tax_rate": {"value": rate, "unit": "percent"},
        "border_days": 12,
    }
    attributes = {**complete_attributes(the_schema(category), crossing), **crossing}
    return a_listing(merchant=merchant, category=category, attributes=attributes, **listing)
