"""What a page of cards hangs on: it is kept only while every one of these is as it was."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import datetime

from catalog.models import Listing
from rulebook import shelf
from web.kept_pages import row


def key(listings: Iterable[Listing], *, at: datetime, **other: object) -> Hashable:
    """Each listing with its stock, shop and reduction, the law, and what else the page says."""
    rows = [(row(each), row(each.merchant), each.live_revision_id) for each in listings]
    return tuple(rows), repr(other), shelf.edition(at)
