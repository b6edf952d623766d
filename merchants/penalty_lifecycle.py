"""The life of a penalty, and its steps from the mildest to the hardest."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_
from kernel.lifecycle import Lifecycle


class Step(StrEnum):
    """What a penalty does to a shop; in the order of their weight."""

    WARNING = "warning"
    LISTING_LIMIT = "listing_limit"
    HIDDEN = "hidden"
    RESTRICTED = "restricted"
    SUSPENDED = "suspended"
    CLOSED = "closed"


STEPS = list(Step)
# These take the shop off sale, so a second person must stand behind them.
BY_TWO = frozenset({Step.SUSPENDED, Step.CLOSED})


class PenaltyState(StrEnum):
    PROPOSED = "proposed"
    NOTICED = "noticed"
    ANSWERED = "answered"
    IN_FORCE = "in_force"
    ENDED = "ended"
    DROPPED = "dropped"
    OVERTURNED = "overturned"


P = PenaltyState

PENALTY = Lifecycle(
    "penalty",
    PenaltyState,
    notice=({P.PROPOSED}, P.NOTICED),
    answer=({P.NOTICED}, P.ANSWERED),
    take_effect=({P.PROPOSED, P.NOTICED, P.ANSWERED}, P.IN_FORCE),
    drop=({P.PROPOSED, P.NOTICED, P.ANSWERED}, P.DROPPED),
    end=({P.IN_FORCE}, P.ENDED),
    overturn=({P.IN_FORCE, P.ENDED}, P.OVERTURNED),
)
# Points of these count in their quarter.
COUNTING = (P.NOTICED, P.ANSWERED, P.IN_FORCE, P.ENDED)

STEP_WORDS = {
    Step.WARNING: N_("Warning"),
    Step.LISTING_LIMIT: N_("Fewer listings"),
    Step.HIDDEN: N_("Hidden from search and recommendations"),
    Step.RESTRICTED: N_("Nothing new on sale"),
    Step.SUSPENDED: N_("Shop suspended"),
    Step.CLOSED: N_("Shop closed by the platform"),
}
PENALTY_WORDS = {
    P.PROPOSED: N_("Waits for a second person"),
    P.NOTICED: N_("Announced: the shop may answer"),
    P.ANSWERED: N_("Answered: the platform weighs it"),
    P.IN_FORCE: N_("In force"),
    P.ENDED: N_("Over"),
    P.DROPPED: N_("Dropped before it took effect"),
    P.OVERTURNED: N_("Overturned on appeal"),
}
