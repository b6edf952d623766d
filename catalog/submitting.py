"""Handing an offer in: screened at once, published, refused with findings, or kept for a person to read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import publishing, screened
from catalog.events import ListingSubmitted
from catalog.models import Listing, Submission
from catalog.review_clock import start_review
from catalog.review_moves import close_clock, move
from catalog.screening.finding import Finding, Severity
from catalog.submission_lifecycle import WEIGHT, Risk, SubmissionState
from kernel.actor import Actor, ActorKind
from kernel.errors import N_, DomainError
from outbox import bus
from rulebook import policies

POLICY = "catalog.review"


class WaitsAlready(DomainError):
    code = "submission_waits"
    message = N_("Exactly this is waiting to be read already. You get a letter when it is decided.")


@transaction.atomic
def submit(*, listing_id: UUID, actor: Actor, at: datetime) -> Submission:
    """Hand the draft in; what is on sale stays on sale until this is published.

    :raises ListingIncomplete: :raises ShopMayNotPublish: :raises IllegalMove: suspended
    :raises NothingChanged: it is on sale exactly so :raises WaitsAlready: it is being read
    """
    listing = Listing.objects.locked(listing_id)
    publishing.require_publishable(listing, listing.draft, at=at)
    draft = listing.draft
    digest = screened.content_hash(draft)
    _overtake(listing, digest, actor=actor, at=at)
    found = screened.uncleared(listing, draft, at=at)
    risks = _risks(listing, draft, found, actor=actor, at=at)
    submission = Submission.objects.create(
        listing=listing,
        draft=draft,
        content_hash=digest,
        findings=[each.as_data() for each in screened.findings_of(listing, draft, at=at)],
        risks=[str(each) for each in risks],
        weight=max((WEIGHT[each] for each in risks), default=0),
        submitted_by=str(actor),
        submitted_at=at,
    )
    return _settle(submission, found, actor=actor, at=at)


def _settle(submission: Submission, found: Sequence[Finding], *, actor: Actor, at: datetime) -> Submission:
    """What the machine alone decides; a person's turn starts the clock."""
    listing = submission.listing
    if any(each.severity is Severity.REFUSE for each in found):
        first = next(each for each in found if each.severity is Severity.REFUSE)
        move(submission, "stop", rule_id=first.rule_id, actor=Actor.system(), at=at)
    elif submission.risks or found:
        move(submission, "hold", actor=Actor.system(), at=at)
        start_review(submission, place=listing.merchant.place, at=at)
    else:
        move(submission, "pass_on", actor=Actor.system(), at=at)
        publishing.publish(listing_id=listing.pk, actor=actor, at=at)
    bus.publish(
        ListingSubmitted(submission.pk, listing.pk, listing.merchant_id, str(submission.state)), at=at
    )
    return submission


def _overtake(listing: Listing, digest: str, *, actor: Actor, at: datetime) -> None:
    """A new one takes the place of the one that is still being read.

    :raises WaitsAlready: it is the same
    """
    for waiting in Submission.objects.open().of_listing(listing.pk):
        if waiting.content_hash == digest:
            raise WaitsAlready
        move(waiting, "overtake", actor=actor, at=at)
        close_clock(waiting, at=at)


def _risks(
    listing: Listing, draft: dict[str, Any], found: Sequence[Finding], *, actor: Actor, at: datetime
) -> list[Risk]:
    """Why a person reads it. What a person passed already, or what only changes sums, is not read again."""
    if screened.cleared(listing, draft) or (not found and screened.says_the_same(listing, draft)):
        return []
    policy = policies.value(POLICY, at)
    risks = [Risk.DOUBT] if found else []
    if listing.category_id in policy["sensitive"]:
        risks.append(Risk.SENSITIVE)
    if actor.kind is ActorKind.MEMBER:
        if _published(listing) < policy["first_listings"]:
            risks.append(Risk.FIRST)
        elif _drawn(listing, at, policy["sample_permille"]):
            risks.append(Risk.SAMPLE)
    return risks


def _published(listing: Listing) -> int:
    rows = Listing.objects.of_merchant(listing.merchant_id).filter(live_revision__isnull=False)
    return rows.count()


def _drawn(listing: Listing, at: datetime, permille: int) -> bool:
    """A draw that nobody can foresee to the instant and everybody can check afterwards."""
    seed = hashlib.sha256(f"{listing.pk} {at.isoformat()}".encode()).digest()
    return int.from_bytes(seed[:8]) % 1000 < permille


def newest(listing: Listing) -> Submission | None:
    """What became of the last one."""
    return Submission.objects.of_listing(listing.pk).prefetch_related("moves").first()


def is_settled(submission: Submission) -> bool:
    """Whether it went on sale at once."""
    return submission.state == SubmissionState.PUBLISHED
