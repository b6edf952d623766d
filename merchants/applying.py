"""Preparing an application task by task, and handing it in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import prefetch_related_objects

from kernel.actor import Actor
from kernel.errors import N_, IllegalMove, NotFound
from kernel.ids import new_id
from merchants import deadlines, documents, training
from merchants.application_tasks import (
    DONE,
    NO_PERMIT,
    Answers,
    Problems,
    Task,
    TaskState,
    check,
)
from merchants.capabilities import Capability
from merchants.document_kinds import DocumentKind
from merchants.document_lifecycle import DocumentState
from merchants.models import Application, ApplicationTask, Document, Membership, Merchant
from merchants.moving import move
from privacy import files
from privacy.models import StoredFile
from privacy.places import COUNTRIES
from privacy.subjects import create_subject

TRAINING_OPEN = N_("Pass the quiz first; the certificate counts from then on.")
LONGEST = 2000
IDENTITY = frozenset({"business_licence", "identity_card"})


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving a task; `problems` are msgids by field, empty when it is complete."""

    task: ApplicationTask
    problems: Problems


@transaction.atomic
def start(*, applicant_id: UUID, kind: str, actor: Actor, at: datetime, slug: str = "") -> Application:
    """Begin an application, or give the one that this person has not handed in yet.

    `slug` is the address that the shop shall have; without it, it is read from its name in the end.
    """
    running = Application.objects.of_person(applicant_id).filter(merchant__state="preparing").first()
    if running is not None:
        return running
    merchant = Merchant.objects.create(
        subject=create_subject(locale="zh-hans", at=at),
        slug=slug or f"new-{new_id().hex[-10:]}",
        kind=kind if kind in Merchant.Kind.values else Merchant.Kind.COMPANY,
        state="preparing",
        applied_at=at,
    )
    Membership.objects.create(
        merchant=merchant, subject_id=applicant_id, capabilities=[str(Capability.OWNER)], since=at
    )
    application = Application.objects.create(merchant=merchant, applicant_id=applicant_id, started_at=at)
    ApplicationTask.objects.bulk_create(
        ApplicationTask(application=application, subject_id=merchant.subject_id, name=task) for task in Task
    )
    deadlines.start_application_draft(merchant, at=at)
    return application


@transaction.atomic
def save(
    *,
    application_id: UUID,
    task: Task,
    answers: Answers,
    actor: Actor,
    at: datetime,
    uploads: Mapping[str, UploadedFile[bytes]] | None = None,
) -> Saved:
    """Keep what was typed, whole or not, and say what is still missing.

    :raises IllegalMove: it was handed in; a refusal of files.receive, nothing is kept then
    """
    return _keep(preparing(application_id), task, answers, uploads or {}, actor=actor, at=at)


@transaction.atomic
def save_all(
    *,
    application_id: UUID,
    answers: Mapping[Task, Answers],
    uploads: Mapping[Task, Mapping[str, UploadedFile[bytes]]],
    actor: Actor,
    at: datetime,
) -> list[Saved]:
    """Keep several tasks at once, in the order of the list: for who brings everything along.

    :raises IllegalMove: it was handed in; a refusal of files.receive, nothing is kept then
    """
    application = preparing(application_id)
    return [
        _keep(application, task, answers[task], uploads.get(task, {}), actor=actor, at=at)
        for task in Task
        if task in answers
    ]


def _keep(
    application: Application,
    task: Task,
    answers: Answers,
    uploads: Mapping[str, UploadedFile[bytes]],
    *,
    actor: Actor,
    at: datetime,
) -> Saved:
    row = task_row(application, task)
    given = {name: value.replace("\x00", "").strip()[:LONGEST] for name, value in answers.items()}
    before = answers_of(row)
    given |= {name: before[name] for name in ("file", "back") if before.get(name)}
    for name, upload in uploads.items():
        given[name] = str(_kept(application, upload, actor, at).pk)
    if task is Task.IDENTITY:
        _take_kind(application, given)
    problems = problems_of(application, task, given, at=at)
    if task is Task.PERMITS and not problems:
        given = _hand_in_permit(application, given, actor=actor, at=at)
    row.answers = json.dumps(given, ensure_ascii=False)
    row.state = TaskState.SAVED if problems else TaskState.COMPLETE
    row.saved_at, row.reason = at, ""
    row.save(update_fields=["answers", "state", "saved_at", "reason"])
    if task is Task.IDENTITY:
        _look_again_at_account(application, given, at=at)
    return Saved(row, problems)


@transaction.atomic
def give_up(*, application_id: UUID, actor: Actor, at: datetime, reason: str) -> Merchant:
    """The applicant takes it back, or has not gone on for too long; what was typed is gone then.

    :raises IllegalMove: it was decided already
    """
    application = Application.objects.locked(application_id)
    move(application.merchant, "give_up", reason=reason, actor=actor, at=at)
    for row in application.tasks.all():
        row.answers = None
        row.save(update_fields=["answers"])
    deadlines.end_application(application.merchant, at=at)
    return application.merchant


def problems_of(application: Application, task: Task, given: Answers, *, at: datetime) -> Problems:
    """What stands in the way of a task with these answers, rows elsewhere included."""
    merchant = application.merchant
    identity = given if task is Task.IDENTITY else answers_of(task_row(application, Task.IDENTITY))
    day = documents.today(merchant, at)
    found = check(task, given, identity=identity, place=merchant.place, today=day)
    pending = given.get("number") or given.get("file")
    if task is Task.PERMITS and given.get("sells") == "some" and not pending and not permits_of(merchant):
        found["sells"] = NO_PERMIT
    if task is Task.TRAINING and not _trained(application, at):
        found["quiz"] = TRAINING_OPEN
    return found


def permits_of(merchant: Merchant) -> list[Document]:
    """What was handed in besides the identity, and counts or waits."""
    shown = Document.objects.of_shop(merchant.pk).exclude(kind__in=IDENTITY)
    return list(shown.filter(state__in=[DocumentState.HANDED_IN, DocumentState.VERIFIED]))


def answers_of(row: ApplicationTask) -> dict[str, str]:
    """What was typed so far."""
    found: dict[str, str] = json.loads(row.answers) if row.answers else {}
    return found


def preparing(application_id: UUID) -> Application:
    """Locked, with its tasks read once. :raises IllegalMove: it was handed in"""
    application = Application.objects.locked(application_id)
    if application.merchant.state != "preparing":
        raise IllegalMove(aggregate="application", move="save", state=application.merchant.state)
    prefetch_related_objects([application], "tasks")
    return application


def task_row(application: Application, task: Task) -> ApplicationTask:
    """:raises NotFound:"""
    for row in application.tasks.all():
        if row.name == task:
            return row
    raise NotFound


def done(application: Application, task: Task, *, at: datetime) -> bool:
    """Complete when it was saved, and complete still."""
    row = task_row(application, task)
    return row.state in DONE and not problems_of(application, task, answers_of(row), at=at)


def _trained(application: Application, at: datetime) -> bool:
    held = training.certificate(subject_id=application.applicant_id, slug=training.SELLER, at=at)
    return held is not None


def _kept(application: Application, upload: UploadedFile[bytes], actor: Actor, at: datetime) -> StoredFile:
    """Sealed at once, so that a slip elsewhere on the page doesn't lose the picture."""
    subject_id = application.merchant.subject_id
    stored = files.receive(
        subject_id=subject_id, upload=upload, purpose=documents.PURPOSE, actor=actor, at=at
    )
    if stored.media_type not in documents.PAPER:
        raise documents.NoPaper(field="file", name=files.safe_name(upload.name or ""))
    return stored


def _take_kind(application: Application, given: Answers) -> None:
    """Company, sole trader or private seller, and where: the list of tasks and their checks follow."""
    merchant = application.merchant
    kind, place = given.get("kind"), given.get("place")
    if kind in Merchant.Kind.values and kind != merchant.kind:
        merchant.kind, merchant.declaration = kind, ""
    merchant.place = place if place in COUNTRIES else merchant.place
    merchant.save(update_fields=["kind", "declaration", "place"])


def _look_again_at_account(application: Application, identity: Answers, *, at: datetime) -> None:
    """Another name of the business may no longer be the account's."""
    row = task_row(application, Task.PAYOUT)
    if row.state in DONE and problems_of(application, Task.PAYOUT, answers_of(row), at=at):
        row.state = TaskState.SAVED
        row.save(update_fields=["state"])


def _hand_in_permit(
    application: Application, given: dict[str, str], *, actor: Actor, at: datetime
) -> dict[str, str]:
    """A whole permit becomes a document, and its fields are free for the next one."""
    if not given.get("file"):
        return given
    merchant = application.merchant
    paper = documents.Paper(
        kind=DocumentKind(given["kind"]),
        number=given["number"],
        file=StoredFile.objects.get(pk=given["file"], subject_id=merchant.subject_id),
        issuer=given.get("issuer", ""),
        valid_until=day(given.get("valid_until", "")),
    )
    documents.hand_in(merchant_id=merchant.pk, paper=paper, actor=actor, at=at)
    return {"sells": given["sells"]}


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
