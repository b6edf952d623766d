"""What the demonstration came to: how many of what in which state, and whether the money is right."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Model

from catalog.models import Listing
from complaints.models import Complaint
from merchants.models import Merchant
from orders.models import CoverClaim, FaultClaim, Order, OrderCover, Return
from outbox.models import Message
from payments import invariants
from payments.models import Payment, Refund

COUNTED: tuple[tuple[str, type[Model], str], ...] = (
    ("merchants by grade", Merchant, "grade"),
    ("listings", Listing, "state"),
    ("orders", Order, "state"),
    ("payments", Payment, "state"),
    ("refunds", Refund, "state"),
    ("returns", Return, "state"),
    ("repairs and exchanges", FaultClaim, "state"),
    ("covers", OrderCover, "state"),
    ("claims on covers", CoverClaim, "state"),
    ("complaints", Complaint, "state"),
)


def states() -> dict[str, dict[str, int]]:
    """What is counted → state → how many."""
    return {name: _by(model, field) for name, model, field in COUNTED}


def _by(model: type[Model], field: str) -> dict[str, int]:
    rows = model._default_manager.order_by(field).values_list(field).annotate(number=Count("pk"))
    return {str(state): number for state, number in rows}


def troubles() -> list[str]:
    """What must not be: money that doesn't add up, facts that nobody could take in."""
    found = [f"{offence.rule}: {offence.row}" for offence in invariants.all_offences()]
    stuck = Message.objects.filter(handled_at__isnull=True).order_by("id")
    found += [f"{message.name} was not taken in: {message.error}" for message in stuck]
    return found


def report() -> Iterator[str]:
    for name, counts in states().items():
        told = ", ".join(f"{state} {number}" for state, number in counts.items())
        yield f"{name:20} {sum(counts.values()):5}: {told}"
