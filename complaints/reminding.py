"""Who gets the letter before a deadline of a case, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from complaints.models import Complaint
from notifications.reminders import Reader, Reminder
from orders.reminding import shop_of_return


def buyer_of_case(reference: UUID) -> Reminder:
    case = Complaint.objects.get(pk=reference)
    path = reverse("complaints:case", args=[case.number])
    return Reminder(case.number, [Reader(case.subject_id, path)])


def shop_of_case(reference: UUID) -> Reminder:
    case = Complaint.objects.select_related("merchant").get(pk=reference)
    path = reverse("complaints:shop-case", args=[case.merchant.slug, case.number])
    members = case.merchant.memberships.filter(ended_at__isnull=True).order_by("since", "id")
    readers = [Reader(each, path) for each in members.values_list("subject_id", flat=True)]
    return Reminder(case.number, readers)


def shop_that_answers(reference: UUID) -> Reminder:
    """A promised answer is owed to a case or to a return."""
    if Complaint.objects.filter(pk=reference).exists():
        return shop_of_case(reference)
    return shop_of_return(reference)


def reviewers(reference: UUID) -> Reminder:
    """Every reviewer: the queue is common, and whoever is free takes the case."""
    case = Complaint.objects.get(pk=reference)
    path = reverse("admin:complaints_complaint_change", args=[case.pk])
    return Reminder(case.number, [Reader(each, path) for each in subjects_in(Role.REVIEWER)])
