"""Who gets the letter before a deadline of the money, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from notifications.reminders import Reader, Reminder
from payments.models import Difference, Dispute, GiftCard, PointsLot
from payments.points import spending
from payments.starting import payment_url


def desk_of_difference(reference: UUID) -> Reminder:
    """The money desk looks into it; whoever is free takes it."""
    held = Difference.objects.get(pk=reference)
    path = reverse("admin:payments_difference_change", args=[held.pk])
    return Reminder(str(held.day), [Reader(one, path) for one in subjects_in(Role.MONEY_DESK)])


def buyer_of_card(reference: UUID) -> Reminder:
    """Whoever ordered it and hasn't paid yet."""
    card = GiftCard.objects.select_related("payment").get(pk=reference)
    return Reminder(card.payment.number, [Reader(card.buyer_id, payment_url(card.payment.number))])


def owner_of_points(reference: UUID) -> Reminder:
    """Told once of all points that end at one instant, and only while some are left."""
    lot = PointsLot.objects.select_related("account").get(pk=reference)
    together = PointsLot.objects.open_of(lot.account_id).filter(expires_at=lot.expires_at)
    left = spending.ending_at(lot.account, lot.expires_at)
    if not left or together.first() != lot:
        return Reminder("0", [])
    return Reminder(str(left), [Reader(lot.account.subject_id, reverse("payments:points"))])


def desk_of_dispute(reference: UUID) -> Reminder:
    """The money desk answers; whoever is free takes it."""
    held = Dispute.objects.get(pk=reference)
    path = reverse("admin:payments_dispute_change", args=[held.pk])
    return Reminder(str(held), [Reader(one, path) for one in subjects_in(Role.MONEY_DESK)])
