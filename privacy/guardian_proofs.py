"""What shows that somebody is the child's guardian: handed in sealed, compared by an officer, soon gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from deadlines import booking
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from outbox import bus
from privacy import ages, commitments, file_types, files, resealing
from privacy.deadlines import PROOF_DECISION
from privacy.events import GuardianProofDecided, GuardianProofOverdue
from privacy.models import FileState, GuardianLink, MinorProfile, StoredFile
from privacy.states import GUARDIAN_PROOF, AgeSource, ProofState
from rulebook import policies, promises

PURPOSE = "privacy.guardian_proof"
DECISION, KEPT = "minors.proof_decision", "minors.proof_kept"
TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"})
REASON_LIMIT = 1000


class ProofWaits(DomainError):
    code = "guardian_proof_waits"
    message = N_("Your proof is with us and hasn't been decided yet. Wait for our letter.")


class ProofNotAPaper(Invalid):
    code = "guardian_proof_not_a_paper"
    message = N_("Hand in a picture or a PDF: JPG, PNG, WebP or PDF.")


class ProofNotExamined(DomainError):
    code = "guardian_proof_not_examined"
    message = N_("The file is still being examined, or was locked away. Without it nobody can compare it.")


class ProofRefusalUnexplained(Invalid):
    code = "guardian_proof_refusal_unexplained"
    message = N_("Write the reason: the guardian reads it.")


class OwnProof(DomainError):
    code = "guardian_proof_own"
    message = N_("This is about you or your child. A colleague has to decide it.")


@transaction.atomic
def hand_in(*, link_id: UUID, upload: UploadedFile[bytes], actor: Actor, at: datetime) -> GuardianLink:
    """Seal what shows it under the guardian's key; an officer decides within the policy's working days.

    :raises NotFound: for anybody else's link :raises IllegalMove: it was accepted :raises ProofWaits:
    :raises ProofNotAPaper: or a refusal of files.receive; nothing is kept then
    """
    link = _locked(link_id)
    if link.guardian_id is None or link.guardian_id != actor.subject_id or actor.by is not None:
        raise NotFound
    before, name = link.proof, "hand_in"
    if link.proof_state == ProofState.HANDED_IN:
        if before is None or before.state != FileState.REFUSED:
            raise ProofWaits
        name = "replace"
    link.proof_state = GUARDIAN_PROOF.target(link.proof_state, name)
    link.proof = _received(link.guardian_id, upload, actor=actor, at=at)
    link.proof_handed_in_at, link.proof_overdue_at, link.proof_refusal = at, None, None
    link.proof_decided_at, link.proof_decided_by = None, ""
    link.save()
    booking.cancel(kind=PROOF_DECISION, reference=link.pk, at=at)
    window = promises.due(DECISION, start=at, at=at)
    booking.book(kind=PROOF_DECISION, reference=link.pk, at=at, **window.as_booking())
    return link


@transaction.atomic
def accept(*, link_id: UUID, actor: Actor, at: datetime) -> GuardianLink:
    """An officer has compared it: the child's age counts as proven from here on.

    :raises IllegalMove: :raises OwnProof: :raises ProofNotExamined: :raises NotFound: the link is over
    """
    link = _to_decide(link_id, actor)
    if link.proof is None or link.proof.state != FileState.CLEAN:
        raise ProofNotExamined
    MinorProfile.objects.filter(subject_id=link.minor_id, ended_at=None).update(source=AgeSource.PROVEN)
    return _decide(link, "accept", actor=actor, at=at)


@transaction.atomic
def refuse(*, link_id: UUID, reason: str, actor: Actor, at: datetime) -> GuardianLink:
    """Say why it doesn't show it; the guardian reads that and may hand in another one.

    :raises ProofRefusalUnexplained: :raises IllegalMove: :raises OwnProof: :raises NotFound:
    """
    if not reason.strip():
        raise ProofRefusalUnexplained
    link = _to_decide(link_id, actor)
    link.proof_refusal = reason.strip()[:REASON_LIMIT]
    return _decide(link, "refuse", actor=actor, at=at)


@transaction.atomic
def on_decision_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Our own time is over: from now on a senior compares it, and the public figures count it."""
    rows = GuardianLink.objects.filter(pk=reference, proof_state=ProofState.HANDED_IN, ended_at=None)
    if rows.filter(proof_overdue_at=None).update(proof_overdue_at=due_at):
        bus.publish(GuardianProofOverdue(reference), at=at)


@transaction.atomic
def sweep(*, at: datetime, limit: int) -> int:
    """Take away what has done its work: decided so many days ago, replaced, or its link is over."""
    before = at - timedelta(days=policies.value(KEPT, at)["days"])
    links = GuardianLink.objects.filter(proof=OuterRef("pk"), ended_at=None)
    needed = links.filter(Q(proof_decided_at__isnull=True) | Q(proof_decided_at__gt=before))
    over = StoredFile.objects.filter(~Exists(needed), purpose=PURPOSE)
    gone = list(over.select_for_update(skip_locked=True, of=("self",)).order_by("received_at", "id")[:limit])
    GuardianLink.objects.filter(proof__in=gone).update(proof=None)
    paths = [path for each in gone for path in (each.path, each.shown_path) if path]
    StoredFile.objects.filter(pk__in=[each.pk for each in gone]).delete()
    transaction.on_commit(lambda: resealing.remove(paths))
    return len(gone)


def _received(guardian_id: UUID, upload: UploadedFile[bytes], *, actor: Actor, at: datetime) -> StoredFile:
    upload.seek(0)
    if upload.size and file_types.sniff(upload.read(32)) not in TYPES:
        raise ProofNotAPaper(field="file")
    return files.receive(subject_id=guardian_id, upload=upload, purpose=PURPOSE, actor=actor, at=at)


def _to_decide(link_id: UUID, actor: Actor) -> GuardianLink:
    link = _locked(link_id)
    if actor.subject_id in (link.guardian_id, link.minor_id):
        raise OwnProof
    return link


def _decide(link: GuardianLink, name: str, *, actor: Actor, at: datetime) -> GuardianLink:
    link.proof_state = GUARDIAN_PROOF.target(link.proof_state, name)
    link.proof_decided_at, link.proof_decided_by = at, str(actor)
    link.save()
    booking.meet(kind=PROOF_DECISION, reference=link.pk, at=at)
    guardian_id = link.guardian_id or link.minor_id
    label, payload = f"privacy.guardian_proof.{name}", {"link": str(link.pk), "at": at.isoformat()}
    commitment = commitments.commit(subject_id=guardian_id, label=label, reference=link.pk, payload=payload)
    log.queue(label=label, reference=link.pk, commitment=commitment, at=at)
    accepted = link.proof_state == ProofState.ACCEPTED
    bus.publish(GuardianProofDecided(link.pk, link.minor_id, guardian_id, accepted), at=at)
    return link


def _locked(link_id: UUID) -> GuardianLink:
    """:raises NotFound: absent, not taken up or over"""
    rows = ages.standing().select_for_update(of=("self",), no_key=True).select_related("proof")
    link = rows.filter(pk=link_id).first()
    if link is None:
        raise NotFound
    return link
