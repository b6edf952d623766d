"""Who gets the letter before a deadline of the money, and the page it leads to."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from accounts.staff import Role, subjects_in
from merchants import reminding as merchants_reminding
from merchants.models import Merchant
from notifications.reminders import Reader, Reminder
from payments.deposits import shown
from payments.models import DepositCall, Difference, Dispute, GiftCard, PointsLot
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
    left = _told_here(lot)
    if not left:
        return Reminder("0", [])
    assert lot.account.subject_id is not None, "a shop's lot has a clock of its own"
    return Reminder(str(left), [Reader(lot.account.subject_id, reverse("payments:points"))])


def shop_of_points(reference: UUID) -> Reminder:
    """Who may spend for the shop: once of all points that end together, while some are left."""
    lot = PointsLot.objects.select_related("account__merchant").get(pk=reference)
    left, merchant = _told_here(lot), lot.account.merchant
    if not left or merchant is None:
        return Reminder("0", [])
    path = reverse("orders:merchant-rewards", args=[merchant.slug])
    return Reminder(str(left), merchants_reminding.owners(merchant, path))


def _told_here(lot: PointsLot) -> int:
    """How many end with this lot; nothing when another lot of the same instant tells it."""
    together = PointsLot.objects.open_of(lot.account_id).filter(expires_at=lot.expires_at)
    return spending.ending_at(lot.account, lot.expires_at) if together.first() == lot else 0


def owners_of_deposit(reference: UUID) -> Reminder:
    """While it still lacks something: how much, told to who may fill it."""
    call = DepositCall.objects.select_related("deposit").get(pk=reference)
    merchant = Merchant.objects.get(pk=call.deposit.merchant_id)
    short = shown.due(merchant.pk)
    path = reverse("payments:merchant-money", args=[merchant.slug])
    return (
        Reminder(str(short.missing), merchants_reminding.owners(merchant, path))
        if short
        else Reminder("0", [])
    )


def desk_of_dispute(reference: UUID) -> Reminder:
    """The money desk answers; whoever is free takes it."""
    held = Dispute.objects.get(pk=reference)
    path = reverse("admin:payments_dispute_change", args=[held.pk])
    return Reminder(str(held), [Reader(one, path) for one in subjects_in(Role.MONEY_DESK)])
