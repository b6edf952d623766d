"""Handing in a whole application: the identity becomes the shop's, and the platform's clock begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from merchants import deadlines, documents, numbers
from merchants.application_tasks import Answers, Task, identity_document, tasks_for
from merchants.applying import answers_of, day, done, preparing, task_row
from merchants.document_lifecycle import DocumentState
from merchants.events import MerchantApplied
from merchants.models import Acceptance, Document, Merchant
from merchants.moving import leaf, move
from merchants.onboarding import AlreadyApplied, free_slug
from merchants.payout_accounts import record_account
from merchants.seller_kinds import USED_THINGS
from merchants.texts import TEXTS
from outbox import bus
from privacy.models import StoredFile
from rulebook import policies

DEPOSIT = "merchants.deposit"
# Nobody decides this step, yet history wants words.
HANDED_IN = N_("The application was handed in.")


class TasksOpen(DomainError):
    code = "application_tasks_open"
    message = N_("%(count)s tasks are still open. Complete them, then hand in the application.")


@transaction.atomic
def hand_in(*, application_id: UUID, actor: Actor, at: datetime) -> Merchant:
    """Everything is complete: the identity becomes the shop's, and the platform's two days begin.

    :raises TasksOpen: naming how many; AlreadyApplied: this licence is under review; IllegalMove
    """
    application = preparing(application_id)
    merchant = application.merchant
    open_ones = [task for task in tasks_for(merchant.kind) if not done(application, task, at=at)]
    if open_ones:
        raise TasksOpen(count=len(open_ones), tasks=[str(task) for task in open_ones])
    said = {task: answers_of(task_row(application, task)) for task in Task}
    _refuse_twice(merchant, said[Task.IDENTITY])
    _hand_in_identity_document(merchant, said[Task.IDENTITY], actor=actor, at=at)
    for text in TEXTS:
        Acceptance.objects.get_or_create(
            merchant=merchant,
            text_key=text.key,
            text_version=text.version,
            defaults={"actor": str(actor), "at": at},
        )
    record_account(merchant, said[Task.PAYOUT], at=at)
    for column, value in _public(merchant, said, at=at).items():
        setattr(merchant, column, value)
    merchant.save()
    move(merchant, "hand_in", reason=HANDED_IN, actor=actor, at=at)
    application.handed_in_at, application.overdue_at = at, None
    application.deposit_minor = int(policies.value(DEPOSIT, at)[merchant.kind])
    application.save(update_fields=["handed_in_at", "overdue_at", "deposit_minor"])
    deadlines.start_application_review(merchant, at=at)
    leaf(merchant, "apply", {"legal_name": merchant.legal_name, "accepted": _accepted()}, at)
    bus.publish(MerchantApplied(merchant.pk, application.applicant_id), at=at)
    return merchant


def _refuse_twice(merchant: Merchant, identity: Answers) -> None:
    number = numbers.normal(identity["number"])
    others = Merchant.objects.awaiting_decision().exclude(pk=merchant.pk)
    if merchant.kind != "private" and others.filter(licence_number=number).exists():
        raise AlreadyApplied


def _hand_in_identity_document(merchant: Merchant, identity: Answers, *, actor: Actor, at: datetime) -> None:
    """The licence or card that the task holds becomes a document, unless it is one already."""
    held = Document.objects.filter(merchant=merchant, file_id=UUID(identity["file"]))
    if held.filter(state__in=[DocumentState.HANDED_IN, DocumentState.VERIFIED]).exists():
        return
    stored = StoredFile.objects.get(pk=identity["file"], subject_id=merchant.subject_id)
    back = identity.get("back")
    paper = documents.Paper(
        kind=identity_document(merchant.kind),
        number=identity["number"],
        file=stored,
        back=StoredFile.objects.get(pk=back, subject_id=merchant.subject_id) if back else None,
        valid_until=day(identity.get("valid_until", "")),
    )
    documents.hand_in(merchant_id=merchant.pk, paper=paper, actor=actor, at=at)


def _public(merchant: Merchant, said: Mapping[Task, Answers], *, at: datetime) -> dict[str, object]:
    """The columns of the shop that its answers fill; a private seller's number is nobody's to read."""
    identity, contacts = said[Task.IDENTITY], said[Task.CONTACTS]
    private = merchant.kind == "private"
    named = merchant.slug if not merchant.slug.startswith("new-") else free_slug(identity["display_name"])
    return {
        "slug": named,
        "display_name": identity["display_name"],
        "legal_name": identity["legal_name"],
        "licence_number": "" if private else numbers.normal(identity["number"]),
        "licence_valid_until": day(identity.get("valid_until", "")),
        "declaration": identity.get("declaration", "") if private else "",
        "address_public": _where(said, private=private),
        "contact_public": contacts["contact_public"],
        "contact_name": contacts["contact_name"],
        "contact_phone": contacts["contact_phone"],
        "applied_at": at,
    }


def _where(said: Mapping[Task, Answers], *, private: bool) -> str:
    """Where a business sits is public by law; of a person at home only the region is."""
    if private and said[Task.IDENTITY].get("declaration") == USED_THINGS:
        return said[Task.RETURNS]["region"]
    return said[Task.IDENTITY]["address_public"]


def _accepted() -> dict[str, str]:
    return {text.key: text.version for text in TEXTS}
