"""Who gets the letter before a clock of accounts and of personal data runs out."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.models import AccountFreeze
from accounts.staff import subjects_in
from accounts.staff_roles import Role
from notifications.reminders import Reader, Reminder
from privacy.models import Assessment, BreachClock


def owner_of_freeze(reference: UUID) -> Reminder:
    """The account's person: whoever holds a contact of it may still object."""
    held = AccountFreeze.objects.get(pk=reference)
    return Reminder(held.short, [Reader(held.subject_id, reverse("accounts:recovery"))])


def reviewers_of_emergency(reference: UUID) -> Reminder:
    """Everybody who may close the review; whose glass it was is refused there."""
    page = reverse("staff:emergencies")
    return Reminder(str(reference)[-8:], _readers(page, Role.SECURITY_OFFICER, Role.AUDITOR))


def officers_of_breach(reference: UUID) -> Reminder:
    """Both officers' desks: one decides, the other one confirms."""
    breach = BreachClock.objects.select_related("breach").get(pk=reference).breach
    page = reverse("admin:privacy_breach_change", args=[breach.pk])
    return Reminder(breach.number, _readers(page, Role.PRIVACY_OFFICER, Role.SECURITY_OFFICER))


def officers_of_assessment(reference: UUID) -> Reminder:
    """Whoever approves assessments."""
    found = Assessment.objects.get(pk=reference)
    page = reverse("admin:privacy_assessment_change", args=[found.pk])
    return Reminder(f"{found.kind} v{found.version}", _readers(page, Role.PRIVACY_OFFICER))


def officers_of_proof(reference: UUID) -> Reminder:
    """Whoever compares what shows that somebody is a guardian."""
    page = reverse("admin:privacy_guardianlink_change", args=[reference])
    return Reminder(str(reference)[-8:], _readers(page, Role.PRIVACY_OFFICER))


def person_at_border(reference: UUID) -> Reminder:
    """The young person, who decides alone from the birthday on."""
    return Reminder("", [Reader(reference, reverse("privacy:minors"))])


def _readers(page: str, *roles: Role) -> list[Reader]:
    found = dict.fromkeys(subject for role in roles for subject in subjects_in(role))
    return [Reader(subject, page) for subject in found]
