"""What came off a line, cause by cause, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from catalog import set_offers
from orders.models import DiscountKind, LineDiscount, OrderLine, Promotion
from orders.web import promotion_words
from orders.web.presenting import View
from rulebook import wording


def rows(line: OrderLine, causes: Iterable[LineDiscount], promotions: Mapping[UUID, Promotion]) -> list[View]:
    """Each cause with its kind, its own name where it has one, and the sum that it took off."""
    return [
        {"kind": cause.get_kind_display(), "name": _name(line, cause, promotions), "amount": cause.amount}
        for cause in causes
    ]


def _name(line: OrderLine, cause: LineDiscount, promotions: Mapping[UUID, Promotion]) -> str:
    if cause.kind == DiscountKind.SET and line.set_revision is not None:
        return set_offers.title(line.set_revision, wording.locale())
    promotion = promotions.get(cause.reference)
    return promotion_words.name_of(promotion) if promotion else ""
