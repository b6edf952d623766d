"""What a service was sold as: how long it is good, how often, and what its appointments are bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from orders.models import OrderLine

# Fields of the category's schema.
VALID_DAYS, USES = "valid_days", "uses"
BOOKING, BOOK_AHEAD, CANCEL_AHEAD, NO_SHOW = "booking", "book_ahead", "cancel_ahead", "no_show"
NEEDED, COUNTS = "needed", "counts"


@dataclass(frozen=True, slots=True)
class Terms:
    """`no_show_counts`: whoever neither comes nor cancels in time has used it once; stated before buying."""

    valid_days: int
    uses: int
    by_appointment: bool
    book_ahead: timedelta
    cancel_ahead: timedelta
    no_show_counts: bool


def of_line(line: OrderLine) -> Terms:
    """As the listing said it when it was bought."""
    return of_content(line.content)


def of_content(content: Mapping[str, Any]) -> Terms:
    facts = content.get("attributes") or {}
    return Terms(
        valid_days=int(facts.get(VALID_DAYS) or 0),
        uses=_uses(facts.get(USES)),
        by_appointment=facts.get(BOOKING) == NEEDED,
        book_ahead=_ahead(facts.get(BOOK_AHEAD)),
        cancel_ahead=_ahead(facts.get(CANCEL_AHEAD)),
        no_show_counts=facts.get(NO_SHOW) == COUNTS,
    )


def _uses(told: Any) -> int:
    """One where the listing says nothing."""
    return int(told) if told else 1


def _ahead(told: Any) -> timedelta:
    return timedelta(hours=int(told or 0))
