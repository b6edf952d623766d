"""The one way in for carriers' events, by HTTP or from the sandbox page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kernel.actor import Actor
from orders import parcels
from orders.carriers import registry, sandbox
from orders.carriers.protocol import NOT_COLLECTED, CarrierScan
from orders.labels import collecting


def receive_sandbox(*, headers: Mapping[str, str], body: bytes, at: datetime) -> CarrierScan:
    """An event of the sandbox carrier; see `receive`."""
    return receive(carrier=sandbox.NAME, headers=headers, body=body, at=at)


def receive(*, carrier: str, headers: Mapping[str, str], body: bytes, at: datetime) -> CarrierScan:
    """Verify and take in an event of a carrier, by its own protocol.

    :raises ForgedNotice: unless genuine; ScanUnreadable, ScanUnknown; NotFound: for a parcel that isn't ours
    """
    seen = registry.carrier(carrier).read(headers, body, at=at)
    if seen.kind == NOT_COLLECTED:
        collecting.missed_by(
            carrier=carrier, number=seen.tracking_number, happened_at=min(seen.happened_at, at), at=at
        )
        return seen
    parcels.record_scan(
        carrier=carrier,
        event_id=seen.event_id,
        tracking_number=seen.tracking_number,
        kind=seen.kind,
        happened_at=seen.happened_at,
        actor=Actor.carrier(carrier),
        at=at,
    )
    return seen


def play_sandbox(*, tracking_number: str, kind: str, at: datetime) -> CarrierScan:
    """Let the sandbox carrier send an event now, signed like any other."""
    headers, body = sandbox.write(tracking_number=tracking_number, kind=kind, at=at)
    return receive_sandbox(headers=headers, body=body, at=at)
