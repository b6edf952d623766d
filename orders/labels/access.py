"""The door to labels and visits for pages and programs: only by the return or claim that they belong to."""

from __future__ import annotations

from datetime import datetime

from orders.labels import collecting, issuing, visits
from orders.labels.issuing import Back
from orders.models import Collection, ReturnLabel


def label_of(back: Back) -> ReturnLabel | None:
    """The live one, used or not."""
    return issuing.label_of(back)


def last_label_of(back: Back) -> ReturnLabel | None:
    """Also one that came to nothing, so that a shop sees that it paid nothing for it."""
    return back.labels.order_by("-made_at", "-id").first()


def visit_of(label: ReturnLabel) -> Collection | None:
    """The one that is booked."""
    return visits.running(label)


def missed(label: ReturnLabel) -> int:
    """How many visits the carrier didn't make."""
    return label.collections.filter(cause="missed").count()


def times_for(back: Back, *, at: datetime) -> visits.Times:
    """When the carrier could come; nothing where it doesn't come to the door."""
    if issuing.tariff(back.order, at=at).collected is None:
        return []
    return visits.offered(at=at, zone=collecting.zone_of(back.order))
