"""Facts about files, subjects and what they asked for: ids only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@event("privacy.FileReceived")
@dataclass(frozen=True, slots=True)
class FileReceived(Event):
    file_id: UUID
    purpose: str


@event("privacy.ConsentGiven")
@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    subject_id: UUID
    purpose: str


@event("privacy.ConsentWithdrawn")
@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """From here on nothing may rest on this consent; what was done before stays lawful."""

    subject_id: UUID
    purpose: str


@dataclass(frozen=True, slots=True)
class _OfRequest(Event):
    request_id: UUID
    subject_id: UUID
    kind: str


@event("privacy.RequestReceived")
@dataclass(frozen=True, slots=True)
class RequestReceived(_OfRequest):
    pass


@event("privacy.IdentityChecked")
@dataclass(frozen=True, slots=True)
class IdentityChecked(_OfRequest):
    pass


@event("privacy.UndoingAsked")
@dataclass(frozen=True, slots=True)
class UndoingAsked(_OfRequest):
    """A guardian wants an order of their child undone: its money stays where it is until that is answered."""

    order_id: UUID


@event("privacy.ErasureBegins")
@dataclass(frozen=True, slots=True)
class ErasureBegins(_OfRequest):
    erase_after: datetime


@event("privacy.ErasureBlocked")
@dataclass(frozen=True, slots=True)
class ErasureBlocked(_OfRequest):
    """The time to think is over, but something open still stands in the way; tried again at `again_at`."""

    again_at: datetime


@event("privacy.RequestExtended")
@dataclass(frozen=True, slots=True)
class RequestExtended(_OfRequest):
    due_at: datetime


@event("privacy.RequestAnswered")
@dataclass(frozen=True, slots=True)
class RequestAnswered(_OfRequest):
    pass


@event("privacy.CopyReady")
@dataclass(frozen=True, slots=True)
class CopyReady(_OfRequest):
    expires_at: datetime


@event("privacy.RequestRefused")
@dataclass(frozen=True, slots=True)
class RequestRefused(_OfRequest):
    pass


@event("privacy.RequestWithdrawn")
@dataclass(frozen=True, slots=True)
class RequestWithdrawn(_OfRequest):
    pass


@event("privacy.RequestOverdue")
@dataclass(frozen=True, slots=True)
class RequestOverdue(_OfRequest):
    due_at: datetime


@event("privacy.SubjectErased")
@dataclass(frozen=True, slots=True)
class SubjectErased(Event):
    """The keys are gone; whoever copied something elsewhere (a search index, a cache) drops it."""

    subject_id: UUID


@event("privacy.UnusualAccess")
@dataclass(frozen=True, slots=True)
class UnusualAccess(Event):
    """Somebody looked at more, or at other, data than their work asks for; see AccessAlarm."""

    alarm_id: UUID
    cause: str


@event("privacy.GuardianJoined")
@dataclass(frozen=True, slots=True)
class GuardianJoined(Event):
    subject_id: UUID
    guardian_subject_id: UUID


@event("privacy.GuardianEnded")
@dataclass(frozen=True, slots=True)
class GuardianEnded(Event):
    subject_id: UUID
    guardian_subject_id: UUID


@event("privacy.GuardianProofDecided")
@dataclass(frozen=True, slots=True)
class GuardianProofDecided(Event):
    """An officer compared what shows that somebody is the guardian of `subject_id`."""

    link_id: UUID
    subject_id: UUID
    guardian_subject_id: UUID
    accepted: bool


@event("privacy.GuardianProofOverdue")
@dataclass(frozen=True, slots=True)
class GuardianProofOverdue(Event):
    """Nobody compared in time what shows that somebody is a guardian; names nobody."""

    link_id: UUID


@event("privacy.SpendingAsked")
@dataclass(frozen=True, slots=True)
class SpendingAsked(Event):
    """One per guardian of the minor `subject_id`."""

    subject_id: UUID
    guardian_subject_id: UUID
    spending_id: UUID


@event("privacy.SpendingAnswered")
@dataclass(frozen=True, slots=True)
class SpendingAnswered(Event):
    subject_id: UUID
    spending_id: UUID
    agreed: bool


@event("privacy.ExportNearThreshold")
@dataclass(frozen=True, slots=True)
class ExportNearThreshold(Event):
    """So many people's data went abroad this year: `permille` of a figure of the law was reached."""

    year: int
    threshold: str
    permille: int
    people: int
    figure: int


@event("privacy.BreachOpened")
@dataclass(frozen=True, slots=True)
class BreachOpened(Event):
    breach_id: UUID
    drill: bool


@event("privacy.PersonConcerned")
@dataclass(frozen=True, slots=True)
class PersonConcerned(Event):
    """An incident concerns the subject: they are told, and whoever reads for them."""

    breach_id: UUID
    subject_id: UUID


@event("privacy.BreachTold")
@dataclass(frozen=True, slots=True)
class BreachTold(Event):
    breach_id: UUID
    drill: bool


@event("privacy.BreachOverdue")
@dataclass(frozen=True, slots=True)
class BreachOverdue(Event):
    """A law's clock ran out before anybody was told."""

    breach_id: UUID
    place: str
    due_at: datetime


@event("privacy.AssessmentEnding")
@dataclass(frozen=True, slots=True)
class AssessmentEnding(Event):
    """An impact assessment has to be looked at again before it ends."""

    assessment_id: UUID
    kind: str
    expires_at: datetime
