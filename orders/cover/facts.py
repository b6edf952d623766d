"""What the platform knows by itself about a claim: from parcels, returns and decided complaints."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from orders.cover_states import Cause
from orders.models import CoverProof, Order, OrderCover, ReturnLine, Scan, Shipment
from orders.scan_kinds import Fate
from orders.states import ReturnState

Fact = dict[str, Any]
LOST, DAMAGED = (Fate.LOST, Fate.SILENT), (Fate.DAMAGED,)


def of(cover: OrderCover, cause: Cause) -> list[Fact]:
    """Kinds, numbers and instants, the oldest first; nothing that names a person."""
    match cause:
        case Cause.LOST | Cause.DAMAGED:
            found = _parcels(cover)
        case Cause.FREIGHT:
            found = _returns(cover)
        case Cause.COUNTERFEIT:
            found = _decisions(cover)
    return sorted(found, key=lambda each: str(each["at"]))


def has_fate(found: list[Fact], cause: Cause) -> bool:
    """Whether a parcel was written off for this cause."""
    wanted = LOST if cause is Cause.LOST else DAMAGED
    return any(each["kind"] == f"parcel_{fate}" for each in found for fate in wanted)


def _parcels(cover: OrderCover) -> list[Fact]:
    """The outward parcels that held the line: every scan, and what became of them."""
    rows = Shipment.objects.filter(
        order_id=cover.order_id, returning=None, claim=None, lines__line_id=cover.line_id
    ).distinct()
    found = []
    for parcel in rows:
        found += [_fact("sent", parcel.tracking_number, parcel.handed_over_at)]
        if parcel.delivered_at:
            found += [_fact("delivered", parcel.tracking_number, parcel.delivered_at)]
        if parcel.lost_at:
            found += [_fact(f"parcel_{parcel.fate}", parcel.tracking_number, parcel.lost_at)]
    scans = Scan.objects.filter(shipment__in=rows).select_related("shipment")
    found += [_fact(f"scan_{each.kind}", each.shipment.tracking_number, each.happened_at) for each in scans]
    return found


def _returns(cover: OrderCover) -> list[Fact]:
    """Finished returns of the line whose freight the buyer paid."""
    rows = ReturnLine.objects.filter(
        line_id=cover.line_id, returning__state=ReturnState.REFUNDED, returning__postage_payer="consumer"
    ).select_related("returning")
    return [_fact("returned", each.returning.number, each.returning.refunded_at) for each in rows]


def _decisions(cover: OrderCover) -> list[Fact]:
    rows = CoverProof.objects.filter(order_id=cover.order_id).filter(Q(line=None) | Q(line_id=cover.line_id))
    return [_fact("decided_fake", "", each.at) for each in rows]


def _fact(kind: str, number: str, at: datetime | None) -> Fact:
    return {"kind": kind, "number": number, "at": at.isoformat() if at else ""}


def note_fake(*, order_id: UUID, line_id: UUID | None, reference: UUID, at: datetime) -> None:
    """A complaint (`reference`) decided that goods were fakes: its covers may pay now. Twice is once."""
    if Order.objects.filter(pk=order_id, covers__isnull=False).exists():
        CoverProof.objects.get_or_create(
            reference=reference, defaults={"order_id": order_id, "line_id": line_id, "at": at}
        )
