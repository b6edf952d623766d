"""The lives of a cover and of a claim on it, as tables; nothing else decides a state."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class CoverKind(StrEnum):
    TRANSIT = "transit"
    RETURN_FREIGHT = "return_freight"
    AUTHENTICITY = "authenticity"


class Cause(StrEnum):
    LOST = "lost"
    DAMAGED = "damaged"
    FREIGHT = "freight"
    COUNTERFEIT = "counterfeit"


CAUSES: dict[CoverKind, tuple[Cause, ...]] = {
    CoverKind.TRANSIT: (Cause.LOST, Cause.DAMAGED),
    CoverKind.RETURN_FREIGHT: (Cause.FREIGHT,),
    CoverKind.AUTHENTICITY: (Cause.COUNTERFEIT,),
}


class CoverState(StrEnum):
    """`waiting`: the premium is in escrow and the risk hasn't begun. `lapsed`: nobody paid it."""

    UNPAID = "unpaid"
    WAITING = "waiting"
    RUNNING = "running"
    LAPSED = "lapsed"
    GIVEN_BACK = "given_back"


class CoverClaimState(StrEnum):
    """`accepted`: what is beside the price waits in our books until the insurer proves its transfer."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Refusal(StrEnum):
    """Why an insurer pays nothing; other words of its own aren't shown as ours."""

    NOT_COVERED = "not_covered"
    NOT_SHOWN = "not_shown"
    EXCLUDED = "excluded"


_S, _C = CoverState, CoverClaimState
# What still stands in the way of another claim on the same cover.
STANDING_CLAIM_STATES = (_C.ASKED, _C.ACCEPTED, _C.PAID)
ENDED_CLAIM_STATES = (_C.PAID, _C.REFUSED, _C.WITHDRAWN)

# Late money is taken: so a cover that lapsed is paid, or goes back, all the same.
COVER = Lifecycle(
    "cover",
    CoverState,
    pay=({_S.UNPAID, _S.LAPSED}, _S.WAITING),
    begin=({_S.WAITING}, _S.RUNNING),
    lapse=({_S.UNPAID}, _S.LAPSED),
    give_back=({_S.UNPAID, _S.LAPSED, _S.WAITING}, _S.GIVEN_BACK),
)

COVER_CLAIM = Lifecycle(
    "cover_claim",
    CoverClaimState,
    accept=({_C.ASKED}, _C.ACCEPTED),
    pay=({_C.ACCEPTED}, _C.PAID),
    refuse=({_C.ASKED}, _C.REFUSED),
    withdraw=({_C.ASKED}, _C.WITHDRAWN),
)
