"""Facts about listings and stock, handed up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.events import Event, event


@event("catalog.ListingPublished")
@dataclass(frozen=True, slots=True)
class ListingPublished(Event):
    listing_id: UUID
    merchant_id: UUID
    revision_id: UUID
    number: int
    price_minor: int
    currency: str


@event("catalog.ListingWithdrawn")
@dataclass(frozen=True, slots=True)
class ListingWithdrawn(Event):
    listing_id: UUID
    merchant_id: UUID


@event("catalog.ListingSuspended")
@dataclass(frozen=True, slots=True)
class ListingSuspended(Event):
    listing_id: UUID
    merchant_id: UUID
    rule_id: str


@event("catalog.SuspensionLifted")
@dataclass(frozen=True, slots=True)
class SuspensionLifted(Event):
    listing_id: UUID
    merchant_id: UUID


@event("catalog.ReductionEnded")
@dataclass(frozen=True, slots=True)
class ReductionEnded(Event):
    """A crossed-out price that lost its basis before its day: the shop is told."""

    listing_id: UUID
    merchant_id: UUID
    reduction_id: UUID
    why: str


@event("catalog.VariantRetired")
@dataclass(frozen=True, slots=True)
class VariantRetired(Event):
    listing_id: UUID
    merchant_id: UUID
    variant_id: UUID


@event("catalog.VariantSoldOut")
@dataclass(frozen=True, slots=True)
class VariantSoldOut(Event):
    """The last piece of it was paid for."""

    listing_id: UUID
    merchant_id: UUID
    variant_id: UUID


@event("catalog.SchemaInForce")
@dataclass(frozen=True, slots=True)
class SchemaInForce(Event):
    """A category asks for something else from now on."""

    change_id: UUID
    category: str
    version: int


@event("catalog.ListingSubmitted")
@dataclass(frozen=True, slots=True)
class ListingSubmitted(Event):
    submission_id: UUID
    listing_id: UUID
    merchant_id: UUID
    state: str


@event("catalog.SubmissionDecided")
@dataclass(frozen=True, slots=True)
class SubmissionDecided(Event):
    submission_id: UUID
    listing_id: UUID
    merchant_id: UUID
    outcome: str


@event("catalog.ReviewOverdue")
@dataclass(frozen=True, slots=True)
class ReviewOverdue(Event):
    submission_id: UUID
    listing_id: UUID
    merchant_id: UUID


@event("catalog.ReportOverdue")
@dataclass(frozen=True, slots=True)
class ReportOverdue(Event):
    """Nobody answered a report of an illegal offer in time; who reported is named nowhere."""

    report_id: UUID
    listing_id: UUID


@event("catalog.CertificateLost")
@dataclass(frozen=True, slots=True)
class CertificateLost(Event):
    """A compared certificate stopped counting, and why: expired, taken_back or wrong."""

    certificate_id: UUID
    why: str


@event("catalog.ShopPromiseChanged")
@dataclass(frozen=True, slots=True)
class ShopPromiseChanged(Event):
    """Chosen (`stands`) or withdrawn with notice."""

    promise_id: UUID
    merchant_id: UUID
    key: str
    version: int
    stands: bool


@event("catalog.SerialAlarmRaised")
@dataclass(frozen=True, slots=True)
class SerialAlarmRaised(Event):
    """Something about a serial code can't be right: asked_often, sold_twice or in_two_shops."""

    alarm_id: UUID
    merchant_id: UUID
    listing_id: UUID
    kind: str
