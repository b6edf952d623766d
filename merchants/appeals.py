"""A shop appeals against a decision with new facts; somebody else than its deciders rules on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import contested, parties
from merchants.appeal_lifecycle import APPEAL, AppealState
from merchants.contested import Contested
from merchants.deadlines import APPEAL as CLOCK
from merchants.deadlines import appeal_ends, start_appeal
from merchants.events import AppealDecided, AppealFiled, AppealOverdue
from merchants.models import Appeal, AppealFile, Merchant
from merchants.moving import ReasonMissing, leaf
from outbox import bus
from privacy import files

PURPOSE = "merchant.appeal"
TEXT_LIMIT = 4000
FILES_LIMIT = 10


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    message = N_("The time to appeal ended on %(day)s. The decision stands.")


class AppealedAlready(DomainError):
    code = "appealed_already"
    message = N_("There is an appeal against this decision already. Each decision is looked at again once.")


class AppealTextMissing(Invalid):
    code = "appeal_text_missing"
    message = N_("Say what is new: facts or papers that weren't known when it was decided.")


class AppealTooLong(Invalid):
    code = "appeal_too_long"
    message = N_("That is %(length)s characters; there is room for %(limit)s. Shorten it, or add a file.")


class TooManyAppealFiles(Invalid):
    code = "too_many_appeal_files"
    message = N_("At most %(limit)s files go with an appeal. Leave out those that show the same.")


class SameReviewer(DomainError):
    code = "same_reviewer"
    message = N_("You took part in the decision yourself. Leave the appeal to a colleague.")


@transaction.atomic
def file(
    *,
    merchant_id: UUID,
    about: str,
    reference: UUID,
    text: str,
    uploads: Sequence[UploadedFile[bytes]] = (),
    actor: Actor,
    at: datetime,
) -> Appeal:
    """Contest a decision about the shop; the platform's clock to rule on it starts.

    :raises AppealTooLate: at or after the policy's time from the decision
    :raises AppealedAlready: :raises AppealTextMissing: :raises AppealTooLong: :raises TooManyAppealFiles:
    :raises NotFound: no such decision about this shop
    """
    merchant = Merchant.objects.locked(merchant_id)
    decision = contested.find(about=about, reference=reference, merchant_id=merchant.pk)
    _require_open(decision, about, reference, at)
    words = _clean(text, uploads)
    appeal = Appeal(
        merchant=merchant,
        subject_id=merchant.subject_id,
        about=about,
        reference=reference,
        contested_at=decision.decided_at,
        deciders=list(decision.deciders),
        filed_by=str(actor),
        filed_at=at,
    )
    appeal.text = words
    appeal.save(force_insert=True)
    digests = _show(appeal, uploads, actor, at)
    start_appeal(appeal, place=merchant.place, at=at)
    leaf(merchant, "appeal", {"appeal": str(appeal.pk), "about": about, "text": words, "files": digests}, at)
    bus.publish(AppealFiled(appeal.pk, merchant.pk, about, reference), at=at)
    return appeal


@transaction.atomic
def decide(*, appeal_id: UUID, upheld: bool, reasons: str, actor: Actor, at: datetime) -> Appeal:
    """Rule on an appeal. Whoever owns the decision undoes it when `AppealDecided` says so.

    :raises SameReviewer: the actor took the decision; PartyMayNotAct: or acts for the shop
    :raises IllegalMove: it was ruled on already; ReasonMissing
    """
    appeal = locked(appeal_id)
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound
    parties.refuse_party(merchant_id=appeal.merchant_id, actor=actor)
    if actor.subject_id in appeal.deciders:
        raise SameReviewer
    state = APPEAL.target(appeal.state, "uphold" if upheld else "reject")
    if not reasons.strip():
        raise ReasonMissing
    appeal.state, appeal.reasons = str(state), reasons.strip()
    appeal.decided_by, appeal.decided_at = actor.subject_id, at
    appeal.save(update_fields=["state", "reasons", "decided_by", "decided_at"])
    booking.meet(kind=CLOCK, reference=appeal.pk, at=at)
    told: dict[str, object] = {"appeal": str(appeal.pk), "ruling": str(state), "reasons": appeal.reasons}
    leaf(appeal.merchant, "appeal_ruling", told, at)
    bus.publish(AppealDecided(appeal.pk, appeal.merchant_id, appeal.about, appeal.reference, upheld), at=at)
    return appeal


@transaction.atomic
def on_appeal_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The platform was too slow: the appeal goes to a senior, and the public figures say so."""
    appeal = locked(reference)
    if appeal.state != AppealState.FILED:
        return
    appeal.with_senior = True
    appeal.save(update_fields=["with_senior"])
    bus.publish(AppealOverdue(appeal.pk, appeal.merchant_id), at=at)


def about(*, about: str, reference: UUID) -> Appeal | None:
    """The appeal against this decision, if there is one."""
    return Appeal.objects.filter(about=about, reference=reference).first()


def of_shop(merchant_id: UUID) -> list[Appeal]:
    """All of them, the newest first."""
    return list(Appeal.objects.filter(merchant_id=merchant_id).order_by("-filed_at", "-id"))


def shown_file(*, merchant_id: UUID, file_id: UUID) -> AppealFile:
    """:raises NotFound: unless it was shown with an appeal of this very shop"""
    found = AppealFile.objects.select_related("file").filter(file_id=file_id, appeal__merchant_id=merchant_id)
    shown = found.first()
    if shown is None:
        raise NotFound
    return shown


def locked(appeal_id: UUID) -> Appeal:
    """:raises NotFound:"""
    found = (
        Appeal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("merchant")
        .filter(pk=appeal_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _require_open(decision: Contested, about: str, reference: UUID, at: datetime) -> None:
    if Appeal.objects.filter(about=about, reference=reference).exists():
        raise AppealedAlready
    ends = appeal_ends(decision.decided_at)
    if at >= ends.due_at:
        raise AppealTooLate(day=ends.last_day.isoformat())


def _clean(text: str, uploads: Sequence[UploadedFile[bytes]]) -> str:
    words = text.replace("\x00", "").strip()
    if not words:
        raise AppealTextMissing(field="text")
    if len(words) > TEXT_LIMIT:
        raise AppealTooLong(field="text", length=len(words), limit=TEXT_LIMIT)
    if len(uploads) > FILES_LIMIT:
        raise TooManyAppealFiles(limit=FILES_LIMIT)
    return words


def _show(appeal: Appeal, uploads: Sequence[UploadedFile[bytes]], actor: Actor, at: datetime) -> list[str]:
    """Seal each upload under the shop's key; gives their digests for the proof."""
    digests = []
    for upload in uploads:
        stored = files.receive(
            subject_id=appeal.subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at
        )
        appeal.files.create(file=stored, at=at)
        digests.append(stored.sha256)
    return digests
