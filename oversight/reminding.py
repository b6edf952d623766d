"""Who gets the letter before a deadline of a matter, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from merchants import reminding
from notifications.reminders import Reader, Reminder
from oversight.models import Matter


def desk_of_matter(reference: UUID) -> Reminder:
    """The catalogue desk decides; whoever is free takes it."""
    return _desk(reference, Role.CATALOGUE_DESK)


def seniors_of_matter(reference: UUID) -> Reminder:
    return _desk(reference, Role.SENIOR)


def shop_of_matter(reference: UUID) -> Reminder:
    matter = Matter.objects.select_related("merchant").get(pk=reference)
    assert matter.merchant is not None
    path = reverse("oversight:shop-matter", args=[matter.merchant.slug, matter.number])
    return Reminder(matter.number, reminding.owners(matter.merchant, path))


def _desk(reference: UUID, role: Role) -> Reminder:
    matter = Matter.objects.get(pk=reference)
    path = reverse("admin:oversight_matter_change", args=[matter.pk])
    return Reminder(matter.number, [Reader(one, path) for one in subjects_in(role)])
