"""What a shop has undertaken to do: done, looked at, or turned into a refund by its silence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints import deadlines, remedies, saying
from complaints.events import RemedyConfirmed, RemedyLapsed, RemedyPerformed, RemedyUndertaken
from complaints.intake import HOLD
from complaints.lifecycle import ComplaintState, Seat, move, named_by
from complaints.models import Complaint
from complaints.referral import refer
from complaints.remedy_kinds import DONE_BY_SHOP, Remedy
from kernel.actor import Actor
from kernel.errors import IllegalMove
from orders import holds
from outbox import bus


def undertake(complaint: Complaint, *, remedy: Remedy, days: int, actor: Actor, at: datetime) -> None:
    """Both sides of a locked case agree on what the shop does; the money stays frozen until it is done."""
    if remedy not in DONE_BY_SHOP:
        raise ValueError(f"{remedy} is money and is paid at once")
    due_at = deadlines.start_performance(complaint, days=days, at=at)
    move(
        complaint,
        "undertake",
        actor=actor,
        at=at,
        fact=RemedyUndertaken(*named_by(complaint), str(remedy), due_at),
        proof={"remedy": str(remedy), "until": due_at.isoformat()},
        remedy=remedy,
    )


@transaction.atomic
def perform(
    *,
    complaint_id: UUID,
    text: str,
    uploads: Sequence[UploadedFile[bytes]] = (),
    actor: Actor,
    at: datetime,
) -> Complaint:
    """The shop says what it has done, with a parcel's number or a picture; the buyer looks.

    :raises TooLate: at or after the deadline; IllegalMove: when nothing was undertaken
    :raises TextMissing, TextTooLong, TooManyFiles: nothing is changed then
    """
    complaint = Complaint.objects.locked(complaint_id)
    deadlines.require_performance_in_time(complaint, at=at)
    if complaint.state != ComplaintState.PERFORMING:
        raise IllegalMove(aggregate="complaint", move="perform", state=complaint.state)
    owner = saying.author_subject(complaint, Seat.MERCHANT)
    shown = saying.receive_all(uploads, subject_id=owner, actor=actor, at=at)
    saying.write(complaint, seat=Seat.MERCHANT, text=text, shown=shown, actor=actor, at=at)
    due_at = deadlines.start_check(complaint, at=at)
    fact = RemedyPerformed(*named_by(complaint), complaint.remedy, due_at)
    move(complaint, "perform", actor=actor, at=at, fact=fact, proof={"remedy": complaint.remedy})
    return complaint


@transaction.atomic
def confirm(*, complaint_id: UUID, actor: Actor, at: datetime) -> Complaint:
    """The buyer says that it is done: the case ends as agreed, and the order goes on."""
    complaint = Complaint.objects.locked(complaint_id)
    _end(complaint, by_silence=False, actor=actor, at=at)
    return complaint


@transaction.atomic
def object_to(*, complaint_id: UUID, text: str, actor: Actor, at: datetime) -> Complaint:
    """The buyer says that it isn't done, or not well: the platform decides.

    :raises IllegalMove: unless the shop has said that it is done; TextMissing, TextTooLong
    """
    complaint = Complaint.objects.locked(complaint_id)
    if complaint.state != ComplaintState.PERFORMED:
        raise IllegalMove(aggregate="complaint", move="escalate", state=complaint.state)
    saying.write(complaint, seat=Seat.BUYER, text=text, shown=(), actor=actor, at=at)
    refer(complaint, cause="remedy_not_done", actor=actor, at=at)
    return complaint


@transaction.atomic
def on_performance_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Not done in its time: it turns into a refund of all that the complaint is about."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state != ComplaintState.PERFORMING:
        return
    bus.publish(RemedyLapsed(*named_by(complaint), complaint.remedy, due_at), at=at)
    remedies.agree(complaint, amount=complaint.claimed, actor=Actor.system(), at=at)


@transaction.atomic
def on_check_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The buyer had nothing against it: the case ends as agreed; a new fault opens a new one."""
    complaint = Complaint.objects.locked(reference)
    if complaint.state == ComplaintState.PERFORMED:
        _end(complaint, by_silence=True, actor=Actor.system(), at=at)


def _end(complaint: Complaint, *, by_silence: bool, actor: Actor, at: datetime) -> None:
    fact = RemedyConfirmed(*named_by(complaint), complaint.remedy, by_silence)
    proof = {"remedy": complaint.remedy, "by_silence": by_silence}
    move(complaint, "confirm", actor=actor, at=at, fact=fact, proof=proof)
    deadlines.end_all(complaint, at=at)
    holds.lift(order_id=complaint.order_id, reason=HOLD, reference=complaint.pk, actor=actor, at=at)
