"""The life of a listing and of a reservation, as tables."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class ListingState(StrEnum):
    DRAFT = "draft"
    LIVE = "live"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"


class VariantState(StrEnum):
    """Draft: never on sale yet; its pieces can be counted all the same."""

    DRAFT = "draft"
    ACTIVE = "active"
    RETIRED = "retired"


class ReservationState(StrEnum):
    HELD = "held"
    COMMITTED = "committed"
    RELEASED = "released"


L, V, R = ListingState, VariantState, ReservationState

LISTING = Lifecycle(
    "listing",
    ListingState,
    publish=({L.DRAFT, L.LIVE, L.WITHDRAWN}, L.LIVE),
    withdraw=({L.LIVE}, L.WITHDRAWN),
    take_down=({L.LIVE}, L.WITHDRAWN),
    suspend=({L.LIVE, L.WITHDRAWN, L.DRAFT}, L.SUSPENDED),
    lift=({L.SUSPENDED}, L.WITHDRAWN),
)

VARIANT = Lifecycle(
    "variant",
    VariantState,
    offer=({V.DRAFT, V.RETIRED, V.ACTIVE}, V.ACTIVE),
    retire=({V.DRAFT, V.ACTIVE}, V.RETIRED),
)

RESERVATION = Lifecycle(
    "reservation",
    ReservationState,
    commit=({R.HELD}, R.COMMITTED),
    release=({R.HELD}, R.RELEASED),
)

STATE_WORDS = {
    L.DRAFT: N_("Draft"),
    L.LIVE: N_("On sale"),
    L.WITHDRAWN: N_("Taken off sale"),
    L.SUSPENDED: N_("Suspended by the platform"),
}
