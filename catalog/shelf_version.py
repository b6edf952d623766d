"""The version of a shelf: another one as soon as anything that its pages show was committed.

Triggers leave a mark in the transaction that changes what a shelf shows (`catalog.shelf_models`); what
turns by the clock alone, beside the law, stands in `TURNS`.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime

from django.db import connection

from rulebook import shelf

# What begins or stops to show by itself: the next such instant belongs to the version.
TURNS = (
    "SELECT min(starts_at) FROM catalog_reduction WHERE state = 'running' AND starts_at > %(at)s",
    "SELECT min(ends_at) FROM catalog_reduction WHERE state = 'running' AND ends_at > %(at)s",
    "SELECT min(starts_at) FROM catalog_campaignprice WHERE ended_at IS NULL AND starts_at > %(at)s",
    "SELECT min(ends_at) FROM catalog_campaignprice WHERE ended_at IS NULL AND ends_at > %(at)s",
    "SELECT min(starts_at) FROM catalog_shoppromise WHERE starts_at > %(at)s",
    "SELECT min(ends_at) FROM catalog_shoppromise WHERE ends_at > %(at)s",
    "SELECT min(valid_from) FROM merchants_document WHERE state = 'verified' AND kind IN ('trademark',"
    " 'brand_authorisation') AND valid_from > (%(at)s AT TIME ZONE 'Asia/Shanghai')::date",
    "SELECT min(valid_until) FROM merchants_document WHERE state = 'verified' AND kind IN ('trademark',"
    " 'brand_authorisation') AND valid_until >= (%(at)s AT TIME ZONE 'Asia/Shanghai')::date",
    "SELECT min(day) FROM catalog_placementday WHERE day >= (%(at)s AT TIME ZONE 'Asia/Shanghai')::date",
    "SELECT min(day) FROM catalog_placementday WHERE day > (%(at)s AT TIME ZONE 'Asia/Shanghai')::date",
)
# Folding costs more than reading so few.
FOLDED_FROM = 30
_MARKS = "SELECT sum(number) FROM catalog_shelfmark"
_FOLD = """
WITH many AS (
    SELECT shelf FROM catalog_shelfmark GROUP BY shelf HAVING count(*) >= %s
), gone AS (
    DELETE FROM catalog_shelfmark m USING many WHERE m.shelf = many.shelf RETURNING m.shelf, m.number
), kept AS (
    INSERT INTO catalog_shelfmark (shelf, number) SELECT shelf, sum(number) FROM gone GROUP BY shelf
)
SELECT count(*) FROM gone
"""


def of_category(slug: str, *, at: datetime) -> Hashable:
    """What a page of this category hangs on; one statement."""
    return _version(f"{_MARKS} WHERE shelf IN (%(shelf)s, '')", at, slug)


def of_everything(*, at: datetime) -> Hashable:
    """What a page over all categories hangs on; one statement."""
    return _version(_MARKS, at, "")


def fold() -> int:
    """Put many marks of a shelf together; the version stays what it is. Gives how many rows went.

    One statement: two at once fold different rows, and a reader sees the rows before or the sum.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOLD, [FOLDED_FROM])
        return int(cursor.fetchone()[0])


def _version(marks: str, at: datetime, slug: str) -> Hashable:
    asked = ", ".join(f"({each})" for each in (marks, *TURNS))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", {"at": at, "shelf": slug})
        return *cursor.fetchone(), shelf.edition(at)
