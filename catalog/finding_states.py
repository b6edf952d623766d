"""The states of what people ask of the catalogue beside buying; each ends once."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class AlertState(StrEnum):
    """Ended: taken back by the person; expired: nothing came back in time."""

    WAITING = "waiting"
    TOLD = "told"
    ENDED = "ended"
    EXPIRED = "expired"


# What is wrong with an offer, and what a report of it can end with.
REPORT_REASONS = {
    "prohibited": N_("It may not be sold at all"),
    "unsafe": N_("It is unsafe"),
    "counterfeit": N_("It is a counterfeit or uses somebody else's rights"),
    "false_claims": N_("It says what isn't true"),
    "no_licence": N_("The shop lacks the licence for it"),
    "other": N_("Something else that breaks the law"),
}
REPORT_OUTCOMES = {
    "taken_down": N_("Taken off sale"),
    "no_breach": N_("We found no breach of the law"),
    "gone": N_("It was off sale already"),
}
