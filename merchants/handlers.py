"""What follows when a shop's clock runs out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.staff import Role
from merchants import deadlines, documents, telling
from merchants.document_lifecycle import DocumentState
from merchants.models import Document


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


# Deadline kind → what happens at its instant.
OUTCOMES = {
    deadlines.DOCUMENT_REVIEW: on_document_review_due,
    deadlines.DOCUMENT_WARNING: on_document_warning_due,
    deadlines.DOCUMENT_EXPIRY: on_document_expiry_due,
}
