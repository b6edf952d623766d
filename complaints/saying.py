"""What is said and shown in a case: one thread for both sides and the platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints import limits
from complaints.lifecycle import Seat, prove
from complaints.models import Complaint, Statement
from kernel.actor import Actor
from kernel.errors import IllegalMove
from privacy import files
from privacy.models import StoredFile

PURPOSE = "complaint.exhibit"


@transaction.atomic
def say(
    *,
    complaint_id: UUID,
    seat: Seat,
    text: str,
    uploads: Sequence[UploadedFile[bytes]] = (),
    actor: Actor,
    at: datetime,
) -> Statement:
    """Add a statement and files to a running case; it changes nobody's clock.

    :raises IllegalMove: when the case is closed
    """
    complaint = Complaint.objects.locked(complaint_id)
    if not complaint.is_running:
        raise IllegalMove(aggregate="complaint", move="say", state=complaint.state)
    owner = author_subject(complaint, seat)
    shown = receive_all(uploads, subject_id=owner, actor=actor, at=at)
    return write(complaint, seat=seat, text=text, shown=shown, actor=actor, at=at)


def receive_all(
    uploads: Sequence[UploadedFile[bytes]], *, subject_id: UUID, actor: Actor, at: datetime
) -> list[StoredFile]:
    """Seal and quarantine each upload.

    :raises FileTooLarge, FileTypeRefused, FileEmpty, TooManyFiles: naming the file
    """
    if len(uploads) > limits.FILES_LIMIT:
        raise limits.TooManyFiles(limit=limits.FILES_LIMIT)
    return [
        files.receive(subject_id=subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at)
        for upload in uploads
    ]


def write(
    complaint: Complaint,
    *,
    seat: Seat,
    text: str,
    shown: Sequence[StoredFile],
    actor: Actor,
    at: datetime,
) -> Statement:
    """Seal a statement into a locked case and show files with it.

    :raises TextMissing, TextTooLong, TooManyFiles:
    """
    # Each side has its own room: one can't fill up the other's.
    if complaint.exhibits.filter(seat=seat).count() + len(shown) > limits.FILES_LIMIT:
        raise limits.TooManyFiles(limit=limits.FILES_LIMIT)
    owner = author_subject(complaint, seat)
    cleaned = limits.clean_text(text)
    statement = Statement(complaint=complaint, seat=seat, author_subject_id=owner, actor=str(actor), at=at)
    statement.text = cleaned
    statement.save(force_insert=True)
    for stored in shown:
        complaint.exhibits.create(file=stored, seat=seat, at=at)
    digests = [stored.sha256 for stored in shown]
    proof = {"statement": str(statement.pk), "seat": str(seat), "files": digests, "text": cleaned}
    prove(complaint, "say", proof, at=at)
    return statement


def author_subject(complaint: Complaint, seat: Seat) -> UUID:
    """Under whose key it is sealed: the merchant's own words under its key, all others under the buyer's."""
    subject_id: UUID = complaint.merchant.subject_id if seat is Seat.MERCHANT else complaint.subject_id
    return subject_id
