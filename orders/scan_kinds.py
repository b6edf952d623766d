"""What a carrier may report of a parcel; each carrier's own words are translated into these."""

from __future__ import annotations

from enum import StrEnum

# What lies ready at a service point is a parcel of this carrier: no scans, no silence of a carrier's.
PICKUP = "pickup"
# The same for services: redeemed is handed over.
VOUCHER = "voucher"


class ScanKind(StrEnum):
    COLLECTED = "collected"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    # Handed to somebody else at the address, a locker, a concierge.
    SIGNED_BY_OTHER = "signed_by_other"
    REFUSED = "refused"
    RETURNED_TO_SENDER = "returned_to_sender"
    LOST = "lost"
    DAMAGED = "damaged"


class Fate(StrEnum):
    """Why nobody waits for a parcel any more, though it did not arrive."""

    SILENT = "silent"
    LOST = "lost"
    DAMAGED = "damaged"
    CAME_BACK = "came_back"


FATES = {
    ScanKind.LOST: Fate.LOST,
    ScanKind.DAMAGED: Fate.DAMAGED,
    ScanKind.RETURNED_TO_SENDER: Fate.CAME_BACK,
}
