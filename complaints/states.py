"""The states of a complaint, whose turn each is, and the table of moves between them."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    COUNTERED = "countered"
    PERFORMING = "performing"
    PERFORMED = "performed"
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

# Money is paid in the same step that agrees or decides it. What a shop must do (repair, exchange, correct) is
# PERFORMING until it says that it is done, and PERFORMED until the buyer has looked.
COMPLAINT = Lifecycle(
    "complaint",
    ComplaintState,
    answer=({_C.OPEN}, _C.ANSWERED),
    offer=({_C.ANSWERED, _C.COUNTERED}, _C.ANSWERED),
    retract=({_C.ANSWERED}, _C.ANSWERED),
    counter=({_C.ANSWERED, _C.COUNTERED}, _C.COUNTERED),
    undertake=({_C.OPEN, _C.ANSWERED, _C.COUNTERED}, _C.PERFORMING),
    perform=({_C.PERFORMING}, _C.PERFORMED),
    confirm=({_C.PERFORMING, _C.PERFORMED}, _C.AGREED),
    agree=({_C.OPEN, _C.ANSWERED, _C.COUNTERED, _C.PERFORMING, _C.DECIDING}, _C.AGREED),
    escalate=({_C.OPEN, _C.ANSWERED, _C.COUNTERED, _C.PERFORMED}, _C.DECIDING),
    decide=({_C.DECIDING}, _C.DECIDED),
    withdraw=(
        {_C.OPEN, _C.ANSWERED, _C.COUNTERED, _C.PERFORMING, _C.PERFORMED, _C.DECIDING},
        _C.WITHDRAWN,
    ),
)

ENDED = frozenset({_C.AGREED, _C.DECIDED, _C.WITHDRAWN})
RUNNING = frozenset(ComplaintState) - ENDED

SEATS = {
    _C.OPEN: Seat.MERCHANT,
    _C.ANSWERED: Seat.BUYER,
    _C.COUNTERED: Seat.MERCHANT,
    _C.PERFORMING: Seat.MERCHANT,
    _C.PERFORMED: Seat.BUYER,
    _C.DECIDING: Seat.PLATFORM,
    _C.AGREED: Seat.NOBODY,
    _C.DECIDED: Seat.NOBODY,
    _C.WITHDRAWN: Seat.NOBODY,
}
