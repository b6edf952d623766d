"""Who gets the letter before a clock of accounts runs out."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.models import AccountFreeze
from notifications.reminders import Reader, Reminder


def owner_of_freeze(reference: UUID) -> Reminder:
    """The account's person: whoever holds a contact of it may still object."""
    held = AccountFreeze.objects.get(pk=reference)
    return Reminder(held.short, [Reader(held.subject_id, reverse("accounts:recovery"))])
