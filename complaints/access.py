"""The only door to complaints for pages and the API: foreign and absent look the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from complaints.models import Complaint, Exhibit
from complaints.queries import ComplaintQuerySet
from complaints.states import ComplaintState
from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from privacy import access_record, files

# What both sides and the reviewer read of a case.
OF_A_CASE = (
    "complaints.Statement.text",
    "complaints.Decision.facts",
    "complaints.Decision.reasons",
    "privacy.StoredFile.name",
)
# Somebody has asked the platform, or its ruling may be contested.
BEFORE_STAFF = frozenset({ComplaintState.DECIDING, ComplaintState.DECIDED})


def complaints_of_buyer(actor: Actor) -> ComplaintQuerySet:
    found = Complaint.objects.with_parts().newest_first()
    return found.of_buyer(actor.subject_id) if actor.subject_id else found.none()


def complaint_for_buyer(actor: Actor, number: str) -> Complaint:
    """:raises NotFound: also when it is somebody else's"""
    return complaints_of_buyer(actor).get_or_not_found(number=number)


def complaints_of_merchant(membership: Membership) -> ComplaintQuerySet:
    membership.require(Capability.READ)
    return Complaint.objects.with_parts().newest_first().of_merchant(membership.merchant_id)


def complaint_for_merchant(membership: Membership, number: str) -> Complaint:
    """:raises NotFound: also when it is another merchant's"""
    return complaints_of_merchant(membership).get_or_not_found(number=number)


def record_reading(complaint: Complaint, *, actor: Actor, at: datetime) -> None:
    """A human of the shop or the platform reads what was said: it stands in the log of who said it.

    Staff who open a case that nobody has brought before them are unexpected there.
    """
    said = {one.author_subject_id for one in complaint.statements.all()} | {complaint.subject_id}
    expected = not actor.is_staff or complaint.state in BEFORE_STAFF
    for subject_id in sorted(said):
        access_record.record(
            actor=actor,
            subject_id=subject_id,
            purpose="complaint.read",
            fields=OF_A_CASE,
            at=at,
            expected=expected,
        )


def exhibit_of(complaint: Complaint, exhibit_id: UUID) -> Exhibit:
    """:raises NotFound: unless it belongs to this very case"""
    found = complaint.exhibits.select_related("file").filter(pk=exhibit_id).first()
    if found is None:
        raise NotFound()
    return found


def exhibit_content(exhibit: Exhibit, *, actor: Actor, at: datetime) -> bytes:
    """The shown copy; who looks leaves a line. :raises FileNotReady: before it was examined"""
    return files.content(file_id=exhibit.file_id, purpose="complaint.read", actor=actor, at=at)


def complaint_for_staff(actor: Actor, complaint_id: UUID) -> Complaint:
    """Any case, for the platform's reviewers. :raises NotFound: for anybody else, and for absent ones"""
    if not actor.is_staff:
        raise NotFound()
    return Complaint.objects.with_parts().get_or_not_found(pk=complaint_id)
