"""The states of a shop's entry to a campaign, and what leads from one to another."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class EntryState(StrEnum):
    APPLIED = "applied"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


ENTRY = Lifecycle(
    "campaign entry",
    EntryState,
    accept=({EntryState.APPLIED}, EntryState.ACCEPTED),
    refuse=({EntryState.APPLIED}, EntryState.REFUSED),
    withdraw=({EntryState.APPLIED, EntryState.ACCEPTED}, EntryState.WITHDRAWN),
    reinstate=({EntryState.REFUSED}, EntryState.ACCEPTED),
)

ENTRY_WORDS = {
    EntryState.APPLIED: N_("handed in, waits for an answer"),
    EntryState.ACCEPTED: N_("accepted"),
    EntryState.REFUSED: N_("refused"),
    EntryState.WITHDRAWN: N_("withdrawn"),
}
