"""The life of an appeal, and what one may be about."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class About(StrEnum):
    """What was decided: admission, a penalty, standing, a listing, a brand's proof, or a campaign's entry."""

    APPLICATION = "application"
    PENALTY = "penalty"
    STANDING = "standing"
    LISTING = "listing"
    BRAND = "brand"
    CAMPAIGN = "campaign"


class AppealState(StrEnum):
    FILED = "filed"
    UPHELD = "upheld"
    REJECTED = "rejected"


APPEAL = Lifecycle(
    "appeal",
    AppealState,
    uphold=({AppealState.FILED}, AppealState.UPHELD),
    reject=({AppealState.FILED}, AppealState.REJECTED),
)

ABOUT_WORDS = {
    About.APPLICATION: N_("The decision about the application"),
    About.PENALTY: N_("A penalty"),
    About.STANDING: N_("The shop's standing"),
    About.LISTING: N_("A decision about a listing"),
    About.BRAND: N_("A decision about the proof of a brand"),
    About.CAMPAIGN: N_("A decision about an entry to a campaign"),
}

APPEAL_WORDS = {
    AppealState.FILED: N_("Filed, waits for a ruling"),
    AppealState.UPHELD: N_("Upheld: the decision was undone"),
    AppealState.REJECTED: N_("Rejected: the decision stands"),
}
