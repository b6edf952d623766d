"""Facts about merchants, handed up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@event("merchants.MerchantApplied")
@dataclass(frozen=True, slots=True)
class MerchantApplied(Event):
    merchant_id: UUID
    subject_id: UUID


@event("merchants.MerchantApproved")
@dataclass(frozen=True, slots=True)
class MerchantApproved(Event):
    merchant_id: UUID


@event("merchants.MerchantRefused")
@dataclass(frozen=True, slots=True)
class MerchantRefused(Event):
    merchant_id: UUID


@event("merchants.MerchantStandingChanged")
@dataclass(frozen=True, slots=True)
class MerchantStandingChanged(Event):
    """`state` is the new one: trading, restricted, suspended or closed."""

    merchant_id: UUID
    state: str
    rule_id: str


@event("merchants.MemberAdded")
@dataclass(frozen=True, slots=True)
class MemberAdded(Event):
    merchant_id: UUID
    membership_id: UUID


@event("merchants.MemberRemoved")
@dataclass(frozen=True, slots=True)
class MemberRemoved(Event):
    merchant_id: UUID
    membership_id: UUID


@event("merchants.AppealFiled")
@dataclass(frozen=True, slots=True)
class AppealFiled(Event):
    appeal_id: UUID
    merchant_id: UUID
    about: str
    reference: UUID


@event("merchants.AppealDecided")
@dataclass(frozen=True, slots=True)
class AppealDecided(Event):
    """Upheld: whoever owns the decision `reference` undoes it."""

    appeal_id: UUID
    merchant_id: UUID
    about: str
    reference: UUID
    upheld: bool


@event("merchants.AppealOverdue")
@dataclass(frozen=True, slots=True)
class AppealOverdue(Event):
    """The platform didn't rule in time; a senior has it now."""

    appeal_id: UUID
    merchant_id: UUID


@event("merchants.DocumentVerified")
@dataclass(frozen=True, slots=True)
class DocumentVerified(Event):
    merchant_id: UUID
    kind: str


@event("merchants.DocumentExpired")
@dataclass(frozen=True, slots=True)
class DocumentExpired(Event):
    """The shop no longer holds a document of this kind: run out, taken back, or found wrong.

    Not told while another one of the kind is valid.
    """

    merchant_id: UUID
    kind: str


@event("merchants.PenaltyNoticed")
@dataclass(frozen=True, slots=True)
class PenaltyNoticed(Event):
    """Announced; the shop may answer before it takes effect."""

    penalty_id: UUID
    merchant_id: UUID


@event("merchants.PenaltyTookEffect")
@dataclass(frozen=True, slots=True)
class PenaltyTookEffect(Event):
    penalty_id: UUID
    merchant_id: UUID
    step: str
    points: int


@event("merchants.PenaltyDropped")
@dataclass(frozen=True, slots=True)
class PenaltyDropped(Event):
    penalty_id: UUID
    merchant_id: UUID


@event("merchants.PenaltyEnded")
@dataclass(frozen=True, slots=True)
class PenaltyEnded(Event):
    penalty_id: UUID
    merchant_id: UUID


@event("merchants.PenaltyOverturned")
@dataclass(frozen=True, slots=True)
class PenaltyOverturned(Event):
    """An appeal was upheld: points, effect and publication are taken back."""

    penalty_id: UUID
    merchant_id: UUID
    points: int


@event("merchants.ApplicationSentBack")
@dataclass(frozen=True, slots=True)
class ApplicationSentBack(Event):
    merchant_id: UUID


@event("merchants.TrainingPassed")
@dataclass(frozen=True, slots=True)
class TrainingPassed(Event):
    """A person has passed a course's quiz; courses are named in merchants/data/training.toml."""

    subject_id: UUID
    course: str


@event("merchants.ClosingAnnounced")
@dataclass(frozen=True, slots=True)
class ClosingAnnounced(Event):
    merchant_id: UUID


@event("merchants.ClosingWithdrawn")
@dataclass(frozen=True, slots=True)
class ClosingWithdrawn(Event):
    merchant_id: UUID


@event("merchants.IdentityConfirmed")
@dataclass(frozen=True, slots=True)
class IdentityConfirmed(Event):
    """The shop says that all is still true; registers are asked next."""

    merchant_id: UUID


@event("merchants.IdentityShown")
@dataclass(frozen=True, slots=True)
class IdentityShown(Event):
    """A change of the public identity was checked and is shown."""

    merchant_id: UUID
    change_id: UUID


@event("merchants.InspectionFound")
@dataclass(frozen=True, slots=True)
class InspectionFound(Event):
    """Something was found; the shop's time to put it right runs."""

    inspection_id: UUID
    merchant_id: UUID


@event("merchants.InspectionEnded")
@dataclass(frozen=True, slots=True)
class InspectionEnded(Event):
    """`state` is clean, rectified or escalated."""

    inspection_id: UUID
    merchant_id: UUID
    state: str


@event("merchants.InspectionOverdue")
@dataclass(frozen=True, slots=True)
class InspectionOverdue(Event):
    """The platform didn't look in its own time."""

    inspection_id: UUID
    merchant_id: UUID


@event("merchants.BrandClaimed")
@dataclass(frozen=True, slots=True)
class BrandClaimed(Event):
    """A shop handed in the beginning of a chain; staff check each link."""

    claim_id: UUID
    merchant_id: UUID


@event("merchants.BrandChainChanged")
@dataclass(frozen=True, slots=True)
class BrandChainChanged(Event):
    """From its owner to the shop every link holds now (`whole`), or no longer."""

    claim_id: UUID
    merchant_id: UUID
    whole: bool
