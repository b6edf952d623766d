"""What follows when a shop's clock runs out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.staff import Role
from kernel.actor import Actor
from kernel.errors import N_
from merchants import applying, checking, deadlines, documents, telling
from merchants.document_lifecycle import DocumentState
from merchants.events import BrandClaimed, MerchantApplied
from merchants.models import Application, Document

FORGOTTEN = N_("Nobody went on with this application for too long. You can begin a new one.")


@transaction.atomic
def on_document_review_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody has checked the document in time: it goes to a senior and into the public figures."""
    document = Document.objects.locked(reference)
    if document.state != DocumentState.HANDED_IN or document.overdue_at is not None:
        return
    document.overdue_at = due_at
    document.save(update_fields=["overdue_at"])
    path = f"/admin/merchants/document/{document.pk}/change/"
    telling.desk(
        Role.SENIOR,
        "merchants.review_overdue",
        reference=document.pk,
        at=at,
        shop=document.merchant.display_name,
        path=path,
    )


@transaction.atomic
def on_document_warning_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The first warning, long before the end; the letters before the end itself follow."""
    document = Document.objects.locked(reference)
    if document.state != DocumentState.VERIFIED or document.valid_until is None:
        return
    telling.owners(
        document.merchant,
        "merchants.document_ending",
        reference=document.pk,
        at=at,
        until=document.valid_until,
        path=f"/merchant/{document.merchant.slug}/documents/",
    )


def on_document_expiry_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    documents.expire(document_id=reference, at=at)


def on_merchant_applied(event: MerchantApplied, *, at: datetime) -> None:
    """Ask the registers at once, so that the desk finds their answers beside the claims."""
    checking.ask_about(merchant_id=event.merchant_id, at=at)


def on_brand_claimed(event: BrandClaimed, *, at: datetime) -> None:
    """The register's answer lies beside the claim when staff open it."""
    checking.ask_about_brand(claim_id=event.claim_id, at=at)


@transaction.atomic
def on_application_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody has decided in time: the application goes to a senior and into the public figures."""
    application = Application.objects.select_related("merchant").filter(merchant_id=reference).first()
    if application is None or application.merchant.state != "applied":
        return
    application.overdue_at = due_at
    application.save(update_fields=["overdue_at"])
    path = f"/admin/merchants/application/{application.pk}/change/"
    telling.desk(
        Role.SENIOR,
        "merchants.review_overdue",
        reference=application.pk,
        at=at,
        shop=application.merchant.display_name,
        path=path,
    )


def on_application_draft_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody went on with it for so long: it is closed, and a new one can be begun."""
    application = Application.objects.select_related("merchant").filter(merchant_id=reference).first()
    if application is not None and application.merchant.state == "preparing":
        applying.give_up(application_id=application.pk, reason=FORGOTTEN, actor=Actor.system(), at=at)


# Deadline kind → what happens at its instant.
OUTCOMES = {
    deadlines.APPLICATION_REVIEW: on_application_due,
    deadlines.APPLICATION_DRAFT: on_application_draft_due,
    deadlines.DOCUMENT_REVIEW: on_document_review_due,
    deadlines.DOCUMENT_WARNING: on_document_warning_due,
    deadlines.DOCUMENT_EXPIRY: on_document_expiry_due,
}
