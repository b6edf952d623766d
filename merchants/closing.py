"""A shop that leaves says so thirty days before, on its own page; orders and cases are carried on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from law import windows
from merchants.events import ClosingAnnounced, ClosingWithdrawn, MerchantStandingChanged
from merchants.lifecycle import MERCHANT
from merchants.models import Merchant
from merchants.moving import leaf, move
from outbox import bus
from rulebook import current

EXIT = "merchants.exit"
RULE = "cn.merchant.exit_notice"
AT_ITS_OWN_WISH = N_("The shop closed at its own wish, after it had said so on its page.")


class ClosingAlready(DomainError):
    code = "closing_already"
    message = N_("The shop has announced its closing already. It closes on %(day)s.")


class NotClosing(DomainError):
    code = "not_closing"
    message = N_("The shop hasn't announced that it closes.")


@transaction.atomic
def announce(*, merchant_id: UUID, actor: Actor, at: datetime) -> Merchant:
    """Tell buyers on the shop's page; it closes by itself when the law's notice is over.

    :raises ClosingAlready: :raises IllegalMove: it doesn't trade any more
    """
    merchant = Merchant.objects.locked(merchant_id)
    MERCHANT.target(merchant.state, "close")
    if merchant.closing_at is not None:
        raise ClosingAlready(day=merchant.closing_at.date().isoformat())
    pack, calendar = current.pack(current.HOME, at), current.calendar(current.HOME)
    window = windows.window(pack=pack, calendar=calendar, rule_id=RULE, start=at)
    merchant.closing_at = window.due_at
    merchant.save(update_fields=["closing_at"])
    booking.book(kind=EXIT, reference=merchant.pk, at=at, **window.as_booking())
    leaf(merchant, "announce_closing", {"closes": window.due_at.isoformat(), "actor": str(actor)}, at)
    bus.publish(ClosingAnnounced(merchant.pk), at=at)
    return merchant


@transaction.atomic
def withdraw(*, merchant_id: UUID, actor: Actor, at: datetime) -> Merchant:
    """The shop stays. :raises NotClosing:"""
    merchant = Merchant.objects.locked(merchant_id)
    if merchant.closing_at is None:
        raise NotClosing
    merchant.closing_at = None
    merchant.save(update_fields=["closing_at"])
    booking.cancel(kind=EXIT, reference=merchant.pk, at=at)
    leaf(merchant, "withdraw_closing", {"actor": str(actor)}, at)
    bus.publish(ClosingWithdrawn(merchant.pk), at=at)
    return merchant


@transaction.atomic
def on_exit_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The notice is over: nothing new is sold; what was sold is carried on to its end."""
    merchant = Merchant.objects.locked(reference)
    if merchant.closing_at is None or not MERCHANT.allows(merchant.state, "close"):
        return
    move(
        merchant, "close", reason=AT_ITS_OWN_WISH, rule_id=RULE, actor=Actor.system(), at=at, closing_at=None
    )
    bus.publish(MerchantStandingChanged(merchant.pk, str(merchant.state), RULE), at=at)
