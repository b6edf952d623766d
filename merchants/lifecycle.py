"""The life of a merchant on the platform, as a table."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class MerchantState(StrEnum):
    PREPARING = "preparing"
    APPLIED = "applied"
    TRADING = "trading"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    CLOSED = "closed"


S = MerchantState

MERCHANT = Lifecycle(
    "merchant",
    MerchantState,
    hand_in=({S.PREPARING}, S.APPLIED),
    send_back=({S.APPLIED}, S.PREPARING),
    give_up=({S.PREPARING, S.APPLIED}, S.CLOSED),
    approve=({S.APPLIED}, S.TRADING),
    refuse=({S.APPLIED}, S.CLOSED),
    restrict=({S.TRADING}, S.RESTRICTED),
    suspend=({S.TRADING, S.RESTRICTED}, S.SUSPENDED),
    restore=({S.RESTRICTED, S.SUSPENDED}, S.TRADING),
    close=({S.TRADING, S.RESTRICTED, S.SUSPENDED}, S.CLOSED),
    reopen=({S.CLOSED}, S.APPLIED),
    # Only an upheld appeal opens a closed shop again.
    reinstate=({S.CLOSED}, S.TRADING),
)

# Restricted shops sell what is live and publish nothing new.
SELLING = frozenset({S.TRADING, S.RESTRICTED})

STATE_WORDS = {
    S.PREPARING: N_("Application not handed in yet"),
    S.APPLIED: N_("Application under review"),
    S.TRADING: N_("Trading"),
    S.RESTRICTED: N_("Restricted"),
    S.SUSPENDED: N_("Suspended"),
    S.CLOSED: N_("Shop closed"),
}

# Columns of a shop's identity that it reports changes of.
IDENTITY_WORDS = {
    "legal_name": N_("Legal name"),
    "licence_number": N_("Licence number"),
    "address_public": N_("Business address"),
    "contact_public": N_("Contact"),
}
