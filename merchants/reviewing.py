"""The merchant desk looks at an application: task by task, with reasons, and decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, IllegalMove
from merchants import deadlines, documents, onboarding, parties, telling
from merchants.appeal_lifecycle import About
from merchants.application_tasks import Task, TaskState, tasks_for
from merchants.applying import IDENTITY
from merchants.document_lifecycle import DocumentState
from merchants.events import AppealDecided, ApplicationSentBack
from merchants.models import Appeal, Application, Document, Merchant, MerchantMove
from merchants.moving import ReasonMissing, leaf, move
from outbox import bus

SENT_BACK = "The application goes back to the applicant; each task says why."


class NotAllAccepted(DomainError):
    code = "application_not_all_accepted"
    message = N_(
        "%(count)s tasks are not accepted yet. Accept each of them, or send them back with a reason."
    )


class NameUnclear(DomainError):
    code = "application_name_unclear"
    message = N_(
        "The name can be taken for “%(other)s”. Say why it can't mislead anybody, or send the task back."
    )


@transaction.atomic
def note_like_name(*, merchant_id: UUID, other: str) -> None:
    """What the catalogue found: whom the name can be taken for; empty where for nobody."""
    Merchant.objects.locked(merchant_id)
    waiting = Application.objects.filter(merchant_id=merchant_id, merchant__state="applied")
    waiting.exclude(name_like=other[:60]).update(name_like=other[:60], name_cleared="")


@transaction.atomic
def clear_name(*, application_id: UUID, reason: str, actor: Actor, at: datetime) -> Application:
    """Let the name pass: an authorisation, the same owner, another trade.

    :raises ReasonMissing, IllegalMove, PartyMayNotAct:
    """
    application = _under_review(application_id, actor)
    if not reason.strip():
        raise ReasonMissing
    if not application.name_like:
        raise IllegalMove(aggregate="application", move="clear_name", state="unlike")
    application.name_cleared = reason.strip()[:500]
    application.save(update_fields=["name_cleared"])
    said = {"other": application.name_like, "reason": application.name_cleared, "actor": str(actor)}
    leaf(application.merchant, "name_cleared", dict(said), at)
    return application


@transaction.atomic
def accept(*, application_id: UUID, tasks: Collection[Task], actor: Actor, at: datetime) -> Application:
    """These tasks are as they should be; the documents that belong to them count from now on.

    :raises IllegalMove: not under review; PartyMayNotAct; NotExaminedYet: a file is not clean yet
    """
    application = _under_review(application_id, actor)
    looked_at = application.tasks.filter(name__in=[str(task) for task in tasks])
    looked_at.filter(state__in=[TaskState.COMPLETE, TaskState.SENT_BACK]).update(
        state=TaskState.ACCEPTED, reason=""
    )
    for document in _documents(application.merchant, tasks):
        documents.verify(document_id=document.pk, actor=actor, at=at)
    return application


@transaction.atomic
def send_back(
    *, application_id: UUID, reasons: Mapping[Task, str], actor: Actor, at: datetime
) -> Application:
    """Give it back to the applicant with a reason at each task that needs a change.

    :raises ReasonMissing: none, or an empty one; IllegalMove: not under review; PartyMayNotAct
    """
    application = _under_review(application_id, actor)
    if not reasons or not all(words.strip() for words in reasons.values()):
        raise ReasonMissing
    for row in application.tasks.filter(name__in=[str(task) for task in reasons]):
        row.state, row.reason = TaskState.SENT_BACK, reasons[Task(row.name)].strip()
        row.save(update_fields=["state", "reason"])
    merchant = application.merchant
    move(merchant, "send_back", reason=SENT_BACK, actor=actor, at=at)
    deadlines.end_application_review(merchant, at=at)
    deadlines.start_application_draft(merchant, at=at)
    bus.publish(ApplicationSentBack(merchant.pk), at=at)
    path = f"/merchant/apply/{application.pk}/"
    telling.owners(merchant, "merchants.application_sent_back", reference=merchant.pk, at=at, path=path)
    return application


@transaction.atomic
def approve(*, application_id: UUID, reason: str, actor: Actor, at: datetime) -> Merchant:
    """Admit the shop: every task was accepted.

    :raises NotAllAccepted: naming how many are not; NameUnclear: it can be taken for another's
    :raises IllegalMove, PartyMayNotAct:
    """
    application = _under_review(application_id, actor)
    wanted = [str(task) for task in tasks_for(application.merchant.kind)]
    left = application.tasks.filter(name__in=wanted).exclude(state=TaskState.ACCEPTED).count()
    if left:
        raise NotAllAccepted(count=left)
    if application.name_like and not application.name_cleared:
        raise NameUnclear(other=application.name_like)
    merchant = onboarding.approve(
        merchant_id=application.merchant_id, reason=reason or onboarding.CHECKED, actor=actor, at=at
    )
    return _decided(application, merchant, at)


@transaction.atomic
def refuse(*, application_id: UUID, reason: str, actor: Actor, at: datetime) -> Merchant:
    """Turn it down with reasons; the letter leads to the appeal.

    :raises ReasonMissing, IllegalMove, PartyMayNotAct:
    """
    application = _under_review(application_id, actor)
    merchant = onboarding.refuse(merchant_id=application.merchant_id, reason=reason, actor=actor, at=at)
    return _decided(application, merchant, at)


@transaction.atomic
def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """An upheld appeal puts the application before the desk again."""
    if not event.upheld or event.about != About.APPLICATION:
        return
    merchant = Merchant.objects.locked(event.merchant_id)
    newest = MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()
    application = Application.objects.filter(merchant=merchant).first()
    if application is None or newest is None or newest.pk != event.reference:
        return
    appeal = Appeal.objects.get(pk=event.appeal_id)
    assert appeal.decided_by is not None
    ruled_by = Actor.staff(appeal.decided_by)
    move(merchant, "reopen", reason=appeal.reasons, actor=ruled_by, at=at, closed_at=None)
    application.decided_at = application.overdue_at = None
    application.save(update_fields=["decided_at", "overdue_at"])
    deadlines.start_application_review(merchant, at=at)


def _under_review(application_id: UUID, actor: Actor) -> Application:
    application = Application.objects.locked(application_id)
    parties.refuse_party(merchant_id=application.merchant_id, actor=actor)
    if application.merchant.state != "applied":
        raise IllegalMove(aggregate="application", move="review", state=application.merchant.state)
    return application


def _decided(application: Application, merchant: Merchant, at: datetime) -> Merchant:
    application.decided_at = at
    application.save(update_fields=["decided_at"])
    deadlines.end_application(merchant, at=at)
    return merchant


def _documents(merchant: Merchant, tasks: Collection[Task]) -> list[Document]:
    """Handed in and not checked, of those tasks: the identity's own, or the permits."""
    waiting = Document.objects.of_shop(merchant.pk).filter(state=DocumentState.HANDED_IN)
    return [
        each for each in waiting if (Task.IDENTITY if each.kind in IDENTITY else Task.PERMITS) in set(tasks)
    ]
