"""What people can ask about their data, and the states of such a request and of an incident."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class RequestKind(StrEnum):
    COPY = "copy"
    CORRECT = "correct"
    MOVE = "move"
    ERASE = "erase"
    CLOSE = "close"
    OBJECT_AUTOMATED = "object_automated"
    RESTRICT = "restrict"
    UNDO_ORDER = "undo_order"
    OTHER = "other"


class RequestState(StrEnum):
    """`received`: not known yet to be the person; `cooling_off`: they may still think better of it."""

    RECEIVED = "received"
    OPEN = "open"
    COOLING_OFF = "cooling_off"
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    MAIL = "mail"
    STAFF = "staff"


class Identity(StrEnum):
    """How we know that it is the person; an officer writes down how for all but the first three."""

    UNCHECKED = "unchecked"
    PROVED = "proved"
    ORDER_LINK = "order_link"
    OFFICER = "officer"


_R = RequestState

REQUEST = Lifecycle(
    "request",
    RequestState,
    check_identity=({_R.RECEIVED}, _R.OPEN),
    begin_cooling_off=({_R.OPEN}, _R.COOLING_OFF),
    answer=({_R.OPEN, _R.COOLING_OFF}, _R.ANSWERED),
    refuse=({_R.RECEIVED, _R.OPEN, _R.COOLING_OFF}, _R.REFUSED),
    withdraw=({_R.RECEIVED, _R.OPEN, _R.COOLING_OFF}, _R.WITHDRAWN),
)

RUNNING = frozenset({_R.RECEIVED, _R.OPEN, _R.COOLING_OFF})

# One of each at a time: asking again leads to the one that runs.
SINGLE = frozenset({RequestKind.COPY, RequestKind.MOVE, RequestKind.ERASE, RequestKind.CLOSE})
ERASING = frozenset({RequestKind.ERASE, RequestKind.CLOSE})
COPYING = frozenset({RequestKind.COPY, RequestKind.MOVE})


class ProofState(StrEnum):
    """Of what shows that somebody is the child's guardian."""

    MISSING = "missing"
    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    REFUSED = "refused"


_P = ProofState

# `replace`: the file handed in was locked away, so nobody could look at it.
GUARDIAN_PROOF = Lifecycle(
    "guardian_proof",
    ProofState,
    hand_in=({_P.MISSING, _P.REFUSED}, _P.HANDED_IN),
    replace=({_P.HANDED_IN}, _P.HANDED_IN),
    accept=({_P.HANDED_IN}, _P.ACCEPTED),
    refuse=({_P.HANDED_IN}, _P.REFUSED),
)


class AgeSource(StrEnum):
    """Who said how old a child is; `proven`: a guardian whose proof was accepted watches over the account."""

    DECLARED = "declared"
    GUARDIAN = "guardian"
    STAFF = "staff"
    PROVEN = "proven"


class BreachState(StrEnum):
    """`proposed`: one officer has decided, a second one has still to agree."""

    OPEN = "open"
    SCOPED = "scoped"
    PROPOSED = "proposed"
    DECIDED = "decided"
    NOTIFIED = "notified"
    CLOSED = "closed"


class Audience(StrEnum):
    """Whom a clock of the incident runs for."""

    AUTHORITY = "authority"
    PERSONS = "persons"


_B = BreachState

BREACH = Lifecycle(
    "breach",
    BreachState,
    scope=({_B.OPEN, _B.SCOPED}, _B.SCOPED),
    propose=({_B.SCOPED}, _B.PROPOSED),
    reject=({_B.PROPOSED}, _B.SCOPED),
    confirm=({_B.PROPOSED}, _B.DECIDED),
    notify=({_B.DECIDED}, _B.NOTIFIED),
    close=({_B.DECIDED, _B.NOTIFIED}, _B.CLOSED),
)
