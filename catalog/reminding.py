"""Who gets the letter before a deadline of the catalogue, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from catalog.models import Certificate, ListingReport, PaperNotice, SchemaNotice
from catalog.taking_down import members_of
from notifications.reminders import Reader, Reminder


def shop_of_notice(reference: UUID) -> Reminder:
    notice = SchemaNotice.objects.select_related("merchant", "change__category").get(pk=reference)
    path = reverse("catalog:shortfalls", args=[notice.merchant.slug])
    readers = [Reader(each, path) for each in members_of(notice.merchant)]
    return Reminder(str(notice.change.category), readers)


def shop_of_papers(reference: UUID) -> Reminder:
    notice = PaperNotice.objects.select_related("merchant").get(pk=reference)
    path = reverse("catalog:shortfalls", args=[notice.merchant.slug])
    return Reminder(
        notice.merchant.display_name, [Reader(each, path) for each in members_of(notice.merchant)]
    )


def shop_of_certificate(reference: UUID) -> Reminder:
    held = Certificate.objects.select_related("merchant").get(pk=reference)
    path = reverse("catalog:certificates", args=[held.merchant.slug])
    return Reminder(held.number, [Reader(each, path) for each in members_of(held.merchant)])


def desk_of_report(reference: UUID) -> Reminder:
    """The catalogue desk answers; whoever is free takes it."""
    held = ListingReport.objects.get(pk=reference)
    path = reverse("admin:catalog_listingreport_change", args=[held.pk])
    return Reminder(held.number, [Reader(one, path) for one in subjects_in(Role.CATALOGUE_DESK)])
