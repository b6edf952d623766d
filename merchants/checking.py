"""Asking registers about what a shop claims, and keeping what they said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from merchants import documents, numbers, payout_accounts, registers
from merchants.application_tasks import Task
from merchants.applying import answers_of
from merchants.document_lifecycle import DocumentState
from merchants.models import ApplicationTask, Check, Document, Merchant
from merchants.registers import Question
from privacy.opened import by_machine


@transaction.atomic
def ask_about(*, merchant_id: UUID, at: datetime) -> list[Check]:
    """Put every question about the shop: its register entry, its licences, its people, its account."""
    merchant = Merchant.objects.get_or_not_found(pk=merchant_id)
    with by_machine():
        return [_ask(merchant, question, at=at) for question in _questions(merchant, at=at)]


def latest(merchant_id: UUID) -> list[Check]:
    """The newest answer to each question, as staff read them beside what was claimed."""
    found: dict[tuple[str, str], Check] = {}
    for each in Check.objects.filter(merchant_id=merchant_id).order_by("at", "id"):
        found[each.what, each.kind] = each
    return list(found.values())


def _ask(merchant: Merchant, question: Question, *, at: datetime) -> Check:
    register = registers.for_question(question)
    made = Check(
        merchant=merchant,
        subject_id=merchant.subject_id,
        what=question.what,
        kind=question.kind,
        verifier=register.name,
        result=register.ask(question),
        at=at,
    )
    made.masked = numbers.last_four(question.number)
    made.save(force_insert=True)
    return made


def _questions(merchant: Merchant, *, at: datetime) -> Iterator[Question]:
    day = documents.today(merchant, at)
    shown = Document.objects.of_shop(merchant.pk).filter(
        state__in=[DocumentState.HANDED_IN, DocumentState.VERIFIED]
    )
    for document in shown:
        what = {"business_licence": "register", "identity_card": "person"}.get(document.kind, "licence")
        yield Question(
            what=what,
            name=merchant.legal_name,
            number=document.number,
            kind=document.kind,
            valid_until=document.valid_until,
            today=day,
        )
    yield from _owner(merchant)
    account = payout_accounts.current(merchant.pk)
    if account is not None:
        yield Question(what="account", name=account.holder, number=account.number)


def _owner(merchant: Merchant) -> Iterator[Question]:
    row = ApplicationTask.objects.filter(application__merchant=merchant, name=Task.OWNER).first()
    said = answers_of(row) if row is not None else {}
    if merchant.kind != "private" and said.get("number"):
        yield Question(what="person", name=said["name"], number=numbers.normal(said["number"]), kind="owner")
