"""Offers handed in, in each state, through the use cases."""

from datetime import datetime
from typing import Any

from catalog import reviewing, submitting
from catalog.models import Listing, Submission
from kernel.actor import Actor
from kernel.ids import new_id
from tests.builders.shops import LISTED, a_listing

BANNED = "月白釉手作横手急须，全网最佳出汤"


def a_submission(*, at: datetime = LISTED, staff: Actor | None = None, **listing: Any) -> Submission:
    """Handed in by a member of a new shop, so that a person reads it."""
    draft = a_listing(live=False, **listing)
    return submitting.submit(listing_id=draft.pk, actor=Actor.member(new_id(), draft.merchant_id), at=at)


def a_refused_submission(*, at: datetime = LISTED, **listing: Any) -> Submission:
    """Refused by the machine for its title."""
    return a_submission(at=at, title=BANNED, **listing)


def refused_by(staff: Actor, *, at: datetime = LISTED, **listing: Any) -> Submission:
    """Read and refused by this person."""
    submission = a_submission(at=at, **listing)
    return reviewing.refuse(
        submission_id=submission.pk,
        reason="产地写得不清楚。",
        rule_id="cn.disclosure.truthful",
        actor=staff,
        at=at,
    )


def passed(listing: Listing, *, at: datetime = LISTED) -> None:
    """Whatever of it waits is let pass by the catalogue desk."""
    for waiting in Submission.objects.open().of_listing(listing.pk):
        reviewing.approve(submission_id=waiting.pk, actor=Actor.staff(new_id()), at=at)
    listing.refresh_from_db()
