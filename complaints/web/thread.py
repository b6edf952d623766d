"""What buyer and shop wrote to each other about the order, on the page of its case: one thread, no copy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from complaints.access import BEFORE_STAFF
from complaints.lifecycle import Seat
from complaints.models import Complaint
from kernel.actor import Actor
from orders.messages import reading
from orders.states import MessageSeat
from orders.web import message_form

_SEATS = {Seat.BUYER: MessageSeat.BUYER, Seat.MERCHANT: MessageSeat.MERCHANT, Seat.PLATFORM: None}


def of(complaint: Complaint, *, viewer: Seat, reader: Actor, at: datetime) -> dict[str, Any]:
    """The rows for this viewer; staff read it once the case is before them, and that is on record."""
    if viewer is Seat.PLATFORM and complaint.state not in BEFORE_STAFF:
        return {"thread": None}
    said = reading.of_order(complaint.order, reader=reader, at=at)
    rows = message_form.rows(said, complaint.order, _SEATS[viewer])
    slug = complaint.merchant.slug if viewer is Seat.MERCHANT else ""
    return {"thread": {"rows": rows, "number": complaint.order.number, "slug": slug, "viewer": str(viewer)}}
