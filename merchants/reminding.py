"""Who gets the letter before a deadline of a shop, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from merchants.models import Application, Document, IdentityChange, Merchant, TrainingAttempt
from notifications.reminders import Reader, Reminder
from privacy import subjects


def owners_of_document(reference: UUID) -> Reminder:
    document = Document.objects.select_related("merchant").get(pk=reference)
    path = reverse("merchants:documents", args=[document.merchant.slug])
    return Reminder(document.merchant.display_name, owners(document.merchant, path))


def desk_of_document(reference: UUID) -> Reminder:
    """Everybody of the merchant desk: the queue is common."""
    document = Document.objects.select_related("merchant").get(pk=reference)
    path = reverse("admin:merchants_document_change", args=[document.pk])
    return Reminder(document.merchant.display_name, desk(path))


def applicant_of_draft(reference: UUID) -> Reminder:
    application = Application.objects.select_related("merchant").get(merchant_id=reference)
    path = reverse("merchants:application", args=[application.pk])
    return Reminder(application.merchant.display_name, [Reader(application.applicant_id, path)])


def desk_of_application(reference: UUID) -> Reminder:
    application = Application.objects.select_related("merchant").get(merchant_id=reference)
    path = reverse("admin:merchants_application_change", args=[application.pk])
    return Reminder(application.merchant.display_name, desk(path))


def owners_of_shop(reference: UUID) -> Reminder:
    """To the page where the identity is confirmed or a change is reported."""
    merchant = Merchant.objects.get(pk=reference)
    path = reverse("merchants:identity", args=[merchant.slug])
    return Reminder(merchant.display_name, owners(merchant, path))


def desk_of_change(reference: UUID) -> Reminder:
    change = IdentityChange.objects.select_related("merchant").get(pk=reference)
    path = reverse("admin:merchants_identitychange_change", args=[change.pk])
    return Reminder(change.merchant.display_name, desk(path))


def owners(merchant: Merchant, path: str) -> list[Reader]:
    found = merchant.memberships.filter(ended_at__isnull=True, capabilities__contains=["owner"])
    return [Reader(each, path) for each in found.order_by("id").values_list("subject_id", flat=True)]


def desk(path: str) -> list[Reader]:
    return [Reader(each, path) for each in subjects_in(Role.MERCHANT_DESK)]


def person_of_training(reference: UUID) -> Reminder:
    """Whoever passed it; the course is named as they read it on its page."""
    held = TrainingAttempt.objects.get(pk=reference)
    path = reverse("merchants:training", args=[held.course])
    return Reminder("", [Reader(held.subject_id, path)] if subjects.lives(held.subject_id) else [])
