"""What the law of today says about gift cards; no number of it stands here."""

from __future__ import annotations

from datetime import datetime

from law import prepaid
from law.prepaid import CardLimits
from payments.gift_card_models import CardKind
from rulebook import current

PLACE = "CN"


def limits(at: datetime) -> CardLimits:
    """The most that a card may hold."""
    return prepaid.limits(pack=current.pack(PLACE, at), at=at)


def most(kind: CardKind, at: datetime) -> int:
    """In fen."""
    held = limits(at)
    return (held.named if kind is CardKind.NAMED else held.bearer).minor


def valid_until(kind: CardKind, *, since: datetime) -> datetime | None:
    """The first instant too late for a card that is issued or extended at `since`; a named one has none."""
    if kind is CardKind.NAMED:
        return None
    pack, calendar = current.pack(PLACE, since), current.calendar(PLACE)
    return prepaid.validity(pack=pack, calendar=calendar, issued_at=since).due_at


def return_until(*, paid_at: datetime) -> datetime:
    """The first instant too late to give an unused card back."""
    pack, calendar = current.pack(PLACE, paid_at), current.calendar(PLACE)
    return prepaid.refund(pack=pack, calendar=calendar, paid_at=paid_at).due_at
