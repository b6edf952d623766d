"""Letters about gift cards; texts in templates/letters/payments/. A code stands in none that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from django.urls import reverse

from kernel.money import Money
from notifications.kinds import LetterKind, Value
from payments.models import GiftCard

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_CARD: dict[str, Value] = {"amount": Money(20000), "path": "/account/cards/"}

KINDS = (
    LetterKind("payments.gift_card_issued", sample={**_CARD, "until": _DAY}),
    LetterKind("payments.gift_card_claimed", sample=_CARD),
)


def path_of(card: GiftCard) -> str:
    return reverse("payments:card", args=[card.pk])
