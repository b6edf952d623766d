"""Who gets the letter before a deadline of the catalogue, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from catalog.models import Certificate, SchemaNotice
from catalog.taking_down import members_of
from notifications.reminders import Reader, Reminder


def shop_of_notice(reference: UUID) -> Reminder:
    notice = SchemaNotice.objects.select_related("merchant", "change__category").get(pk=reference)
    path = reverse("catalog:shortfalls", args=[notice.merchant.slug])
    readers = [Reader(each, path) for each in members_of(notice.merchant)]
    return Reminder(str(notice.change.category), readers)


def shop_of_certificate(reference: UUID) -> Reminder:
    held = Certificate.objects.select_related("merchant").get(pk=reference)
    path = reverse("catalog:certificates", args=[held.merchant.slug])
    return Reminder(held.number, [Reader(each, path) for each in members_of(held.merchant)])
