"""Which days people may write: those that clocks can be counted from and shown in every time zone."""

from __future__ import annotations

from datetime import date

FIRST, LAST = date(1900, 1, 1), date(2999, 12, 31)


def is_countable(day: date) -> bool:
    """Also for instants, by their own calendar day. The ends of Python's calendar have no day beside them."""
    return FIRST.year <= day.year <= LAST.year
