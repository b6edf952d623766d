"""The decision about an application, and the name of the shop's address."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from django.db import transaction
from pypinyin import lazy_pinyin

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.ids import new_id
from merchants.events import MerchantApproved, MerchantRefused
from merchants.models import Merchant
from merchants.moving import move
from merchants.recheck_deadlines import start_recheck
from notifications.sending import send
from outbox import bus

CHECKED = "The licence and identity were checked."
# Paths of the portal that can't be a shop's name.
RESERVED = frozenset({"apply", "join", "new", "all", "help", "training", "api", "admin", "static"})


class AlreadyApplied(DomainError):
    code = "already_applied"
    message = N_("You already have an application for this licence under review.")


@transaction.atomic
def approve(*, merchant_id: UUID, actor: Actor, at: datetime, reason: str = CHECKED) -> Merchant:
    """Admit the merchant and tell its owners why.

    :raises IllegalMove: the application was decided already
    """
    merchant = Merchant.objects.locked(merchant_id)
    move(merchant, "approve", reason=reason, actor=actor, at=at, since=at, verified_at=at)
    start_recheck(merchant, at=at)
    bus.publish(MerchantApproved(merchant.pk), at=at)
    _tell_owners(merchant, "merchants.application_approved", at)
    return merchant


@transaction.atomic
def refuse(*, merchant_id: UUID, reason: str, actor: Actor, at: datetime) -> Merchant:
    """Turn the application down with reasons; the letter names the way to appeal.

    :raises IllegalMove: the application was decided already
    :raises ReasonMissing: a refusal without reasons
    """
    merchant = Merchant.objects.locked(merchant_id)
    done = move(merchant, "refuse", reason=reason, actor=actor, at=at)
    bus.publish(MerchantRefused(merchant.pk), at=at)
    _tell_owners(
        merchant,
        "merchants.application_refused",
        at,
        f"/merchant/{merchant.slug}/appeals/application/{done.pk}/",
    )
    return merchant


def _tell_owners(merchant: Merchant, kind: str, at: datetime, path: str = "") -> None:
    params = {"shop": merchant.display_name, "path": path or f"/merchant/{merchant.slug}/"}
    for owner in merchant.memberships.filter(ended_at__isnull=True).order_by("id"):
        send(subject_id=owner.subject_id, kind=kind, reference=merchant.pk, params=params, at=at)


def free_slug(display_name: str) -> str:
    """An ASCII name for the shop's address, read from its name; a suffix where it's taken."""
    spoken = "-".join(lazy_pinyin(display_name)) if not display_name.isascii() else display_name
    stem = re.sub(r"[^a-z0-9]+", "-", spoken.lower()).strip("-")[:48] or "shop"
    taken = stem in RESERVED or Merchant.objects.filter(slug=stem).exists()
    return f"{stem}-{new_id().hex[-6:]}" if taken else stem
