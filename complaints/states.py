"""The states of a complaint, whose turn each is, and the table of moves between them."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECIDING = "deciding"
    AGREED = "agreed"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Seat(StrEnum):
    """The three seats of every case: who must act."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    NOBODY = "nobody"


_C = ComplaintState

# Agreement and decision are executed in the same step that makes them, so there is no "decided but unpaid".
COMPLAINT = Lifecycle(
    "complaint",
    ComplaintState,
    answer=({_C.OPEN}, _C.ANSWERED),
    offer=({_C.ANSWERED}, _C.ANSWERED),
    agree=({_C.OPEN, _C.ANSWERED, _C.DECIDING}, _C.AGREED),
    escalate=({_C.OPEN, _C.ANSWERED}, _C.DECIDING),
    decide=({_C.DECIDING}, _C.DECIDED),
    withdraw=({_C.OPEN, _C.ANSWERED, _C.DECIDING}, _C.WITHDRAWN),
)

RUNNING = frozenset({_C.OPEN, _C.ANSWERED, _C.DECIDING})

SEATS = {
    _C.OPEN: Seat.MERCHANT,
    _C.ANSWERED: Seat.BUYER,
    _C.DECIDING: Seat.PLATFORM,
    _C.AGREED: Seat.NOBODY,
    _C.DECIDED: Seat.NOBODY,
    _C.WITHDRAWN: Seat.NOBODY,
}
