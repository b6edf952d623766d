"""Reviews in the words of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import offers
from catalog.models import Listing
from credit import access
from credit.models import Review
from credit.queries import ASPECTS
from kernel.errors import N_

LABELS = {
    "goods": N_("Goods"),
    "description": N_("As described"),
    "delivery": N_("Delivery"),
    "aftersales": N_("After-sales"),
}


def title_of(listing: Listing) -> str:
    revision = listing.live_revision
    return offers.title(revision.content, get_language() or "zh-hans") if revision else ""


def figures(found: Mapping[str, int]) -> dict[str, Any]:
    """Means to one decimal, and the spread of the goods score as shares of a hundred."""
    number = found["number"]
    means = [{"label": _(LABELS[name]), "mean": mean(found[f"sum_{name}"], number)} for name in ASPECTS]
    spread = [
        {"score": score, "number": found[f"gave_{score}"], "percent": found[f"gave_{score}"] * 100 // number}
        for score in (5, 4, 3, 2, 1)
        if number
    ]
    return {"number": number, "means": means, "average": means[0]["mean"], "spread": spread}


def mean(total: int, number: int) -> str:
    """ "4.6", rounded half up; nothing without reviews."""
    if not number:
        return ""
    tenths = (20 * total + number) // (2 * number)
    return f"{tenths // 10}.{tenths % 10}"


def told(reviews: list[Review]) -> list[dict[str, Any]]:
    """A page of reviews, opened with one query for all keys."""
    access.open_all(reviews)
    return [one(review) for review in reviews]


def one(review: Review) -> dict[str, Any]:
    notes = {note.seat: access.read(note) for note in review.notes.all()}
    delivered_at = review.order.delivered_at
    return {
        "id": review.pk,
        "goods": review.goods,
        "scores": [{"label": _(LABELS[name]), "score": getattr(review, name)} for name in ASPECTS],
        "nickname": access.nickname(review),
        "said": access.read(review),
        "days": (review.at - delivered_at).days if delivered_at else 0,
        "item": review.line.title(get_language() or "zh-hans"),
        "number": review.order.number,
        "follow_up": notes.get("buyer"),
        "reply": notes.get("merchant"),
    }
