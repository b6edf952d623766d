"""Handing an offer in: screened at once, published, refused with findings, or kept for a person to read."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import going_on_sale, publishing, screened, together
from catalog.events import ListingSubmitted
from catalog.going_on_sale import Ready
from catalog.models import Listing, Submission, SubmissionMove
from catalog.review_clock import start_review
from catalog.review_moves import close_clock, move, moved
from catalog.screening.engine import alarms
from catalog.screening.finding import Finding, Severity
from catalog.shop_now import ShopNow
from catalog.submission_lifecycle import WEIGHT, Risk, SubmissionState
from kernel.actor import Actor, ActorKind
from kernel.errors import N_, DomainError, NotFound
from outbox import bus
from rulebook import policies

POLICY = "catalog.review"


class WaitsAlready(DomainError):
    code = "submission_waits"
    message = N_("Exactly this is waiting to be read already. You get a letter when it is decided.")


@dataclass(frozen=True, slots=True)
class _HandedIn:
    """What the machine makes of one draft; nothing is written yet. `ready` where it goes on sale at once."""

    submission: Submission
    move: SubmissionMove
    overtakes: Submission | None
    ready: Ready | None


@transaction.atomic
def submit(*, listing_id: UUID, actor: Actor, at: datetime) -> Submission:
    """Hand the draft in; what is on sale stays on sale until this is published.

    :raises ListingIncomplete: :raises ShopMayNotPublish: :raises IllegalMove: suspended
    :raises NothingChanged: it is on sale exactly so :raises WaitsAlready: it is being read
    """
    with together.alone():
        return submit_all(listing_ids=[listing_id], actor=actor, at=at)[0]


@transaction.atomic
def submit_all(*, listing_ids: Sequence[UUID], actor: Actor, at: datetime) -> list[Submission]:
    """Hand several drafts in, as if one after the other; all or none, in as many statements as one takes.

    :raises RowsRefused: with what `submit` raises, for every draft that can't be handed in
    """
    desk = _Desk(listing_ids, actor=actor, at=at)
    handed_in = together.each(listing_ids, desk.read)
    for each in handed_in:
        if each.overtakes is not None:
            move(each.overtakes, "overtake", actor=actor, at=at)
            close_clock(each.overtakes, at=at)
    submissions = [each.submission for each in handed_in]
    Submission.objects.bulk_create(submissions)
    SubmissionMove.objects.bulk_create(each.move for each in handed_in)
    _start_reviews(submissions, at=at)
    passing = [each.ready for each in handed_in if each.ready is not None]
    if passing:
        going_on_sale.put_on_sale(passing, actor=actor, at=at)
    bus.publish_all([_fact(each) for each in submissions], at=at)
    return submissions


class _Desk:
    """The locked listings with all that is asked about them, each question asked once."""

    def __init__(self, listing_ids: Sequence[UUID], *, actor: Actor, at: datetime) -> None:
        self.actor, self.at = actor, at
        self._listings = Listing.objects.locked_in(listing_ids)
        waiting = Submission.objects.open().filter(listing__in=listing_ids)
        self._waiting = {row.listing_id: row for row in waiting}
        self._passed = screened.passed_by_staff(listing_ids)
        self._shops: dict[UUID, ShopNow] = {}

    def read(self, listing_id: UUID) -> _HandedIn:
        """What becomes of the listing's draft, given what those read before have become."""
        listing = self._listings.get(listing_id)
        if listing is None:
            raise NotFound
        shop = self._shops.setdefault(listing.merchant_id, ShopNow(listing.merchant, at=self.at))
        ready = publishing.require_publishable(listing, listing.draft, at=self.at, shop=shop)
        digest = screened.content_hash(listing.draft)
        overtakes = self._waiting.get(listing_id)
        if overtakes is not None and overtakes.content_hash == digest:
            raise WaitsAlready
        every = screened.findings_of(listing, listing.draft, at=self.at, shop=shop)
        passed = (listing_id, digest) in self._passed
        found = [] if passed else alarms(every)
        risks = [] if passed else self._risks(listing, found, shop)
        submission = self._submission(listing, digest, every, risks)
        made = _decided(submission, found, at=self.at)
        on_sale = submission.state == SubmissionState.PUBLISHED
        if on_sale:
            shop.goes_on_sale(listing)
        return _HandedIn(submission, made, overtakes, ready if on_sale else None)

    def _submission(
        self, listing: Listing, digest: str, every: Sequence[Finding], risks: Sequence[Risk]
    ) -> Submission:
        return Submission(
            listing=listing,
            draft=listing.draft,
            content_hash=digest,
            findings=[each.as_data() for each in every],
            risks=[str(each) for each in risks],
            weight=max((WEIGHT[each] for each in risks), default=0),
            submitted_by=str(self.actor),
            submitted_at=self.at,
        )

    def _risks(self, listing: Listing, found: Sequence[Finding], shop: ShopNow) -> list[Risk]:
        """Why a person reads it. What only changes sums is not read again."""
        if not found and screened.says_the_same(listing, listing.draft):
            return []
        policy: dict[str, Any] = policies.value(POLICY, self.at)
        risks = [Risk.DOUBT] if found else []
        if listing.category_id in policy["sensitive"]:
            risks.append(Risk.SENSITIVE)
        if self.actor.kind is ActorKind.MEMBER:
            if shop.ever_on_sale < policy["first_listings"]:
                risks.append(Risk.FIRST)
            elif _drawn(listing, self.at, policy["sample_permille"]):
                risks.append(Risk.SAMPLE)
        return risks


def _decided(submission: Submission, found: Sequence[Finding], *, at: datetime) -> SubmissionMove:
    """What the machine alone decides."""
    refusal = next((each for each in found if each.severity is Severity.REFUSE), None)
    if refusal is not None:
        return moved(submission, "stop", rule_id=refusal.rule_id, actor=Actor.system(), at=at)
    name = "hold" if submission.risks or found else "pass_on"
    return moved(submission, name, actor=Actor.system(), at=at)


def _start_reviews(submissions: Sequence[Submission], *, at: datetime) -> None:
    """A person's turn starts the clock, by the calendar of the shop's place."""
    by_place: dict[str, list[Submission]] = defaultdict(list)
    for each in submissions:
        if each.is_open:
            by_place[each.listing.merchant.place].append(each)
    for place, waiting in by_place.items():
        start_review(waiting, place=place, at=at)


def _fact(submission: Submission) -> ListingSubmitted:
    listing = submission.listing
    return ListingSubmitted(submission.pk, listing.pk, listing.merchant_id, str(submission.state))


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
