"""Asking registers about what a shop claims, and keeping what they said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from merchants import documents, numbers, payout_accounts, registers
from merchants.application_tasks import Task
from merchants.applying import answers_of
from merchants.document_kinds import OF_A_BRAND, DocumentKind
from merchants.document_lifecycle import DocumentState
from merchants.models import ApplicationTask, BrandLink, Check, Document, Merchant
from merchants.registers import Question
from privacy.opened import by_machine


@transaction.atomic
def ask_about(*, merchant_id: UUID, at: datetime) -> list[Check]:
    """Put every question about the shop: its register entry, its licences, its people, its account."""
    merchant = Merchant.objects.get_or_not_found(pk=merchant_id)
    with by_machine():
        made = [_ask(merchant, question, at=at) for question in _questions(merchant, at=at)]
        _note_account(merchant, made, at=at)
    return made


@transaction.atomic
def ask_about_account(*, merchant_id: UUID, at: datetime) -> Check | None:
    """Ask only whether the account for its money is the shop's own; None: it has none."""
    merchant = Merchant.objects.get_or_not_found(pk=merchant_id)
    with by_machine():
        made = [_ask(merchant, question, at=at) for question in _account(merchant)]
        _note_account(merchant, made, at=at)
    return made[0] if made else None


def _note_account(merchant: Merchant, made: list[Check], *, at: datetime) -> None:
    account = payout_accounts.current(merchant.pk)
    said = [one.result for one in made if one.what == "account"]
    if account is not None and said == [registers.Result.MATCHED]:
        payout_accounts.mark_verified(account, actor=Actor.system(), at=at)


@transaction.atomic
def ask_about_brand(*, claim_id: UUID, at: datetime) -> Check | None:
    """Ask the register of trademarks whether the mark is whose the shop says it is."""
    link = BrandLink.objects.filter(claim_id=claim_id, position=0).select_related("claim__brand").first()
    if link is None:
        return None
    merchant, brand = Merchant.objects.get_or_not_found(pk=link.merchant_id), link.claim.brand
    paper = link.papers.select_related("document").order_by("-added_at", "-id").first()
    question = Question(
        what="licence",
        name=brand.owner,
        number=brand.registration_number,
        kind=DocumentKind.TRADEMARK,
        valid_until=paper.document.valid_until if paper else None,
        today=documents.today(merchant, at),
    )
    with by_machine():
        return _ask(merchant, question, at=at)


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
    # Those name the owner of a mark, not the shop: ask_about_brand.
    shown = shown.exclude(kind__in=OF_A_BRAND)
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
    yield from _account(merchant)


def _account(merchant: Merchant) -> Iterator[Question]:
    account = payout_accounts.current(merchant.pk)
    if account is not None:
        yield Question(what="account", name=account.holder, number=account.number)


def _owner(merchant: Merchant) -> Iterator[Question]:
    row = ApplicationTask.objects.filter(application__merchant=merchant, name=Task.OWNER).first()
    said = answers_of(row) if row is not None else {}
    if merchant.kind != "private" and said.get("number"):
        yield Question(what="person", name=said["name"], number=numbers.normal(said["number"]), kind="owner")
