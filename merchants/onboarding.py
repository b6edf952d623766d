"""Applying to sell, and the decision about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from pypinyin import lazy_pinyin

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.ids import new_id
from merchants.capabilities import Capability
from merchants.events import MerchantApplied, MerchantApproved, MerchantRefused
from merchants.models import Acceptance, Membership, Merchant
from merchants.moving import leaf, move
from merchants.recheck_deadlines import start_recheck
from notifications.sending import send
from outbox import bus
from privacy.subjects import create_subject

CHECKED = "The licence and identity were checked."
# Paths of the portal that can't be a shop's name.
RESERVED = frozenset({"apply", "join", "new", "all", "help", "training", "api", "admin", "static"})


class TermsNotAccepted(Invalid):
    code = "terms_not_accepted"
    message = N_("To apply you have to accept the contract and the platform rules.")


class ApplicationIncomplete(Invalid):
    code = "application_incomplete"
    message = N_("Fill in every field of the application: buyers have a right to know who they buy from.")


class AlreadyApplied(DomainError):
    code = "already_applied"
    message = N_("You already have an application for this licence under review.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who applies: what buyers will see, and whom the platform may call."""

    display_name: str
    legal_name: str
    licence_number: str
    address_public: str
    contact_public: str
    contact_name: str
    contact_phone: str
    kind: str = "company"
    place: str = "CN"
    licence_valid_until: date | None = None


@transaction.atomic
def apply(
    *,
    applicant_id: UUID,
    identity: Identity,
    accepted: Mapping[str, str],
    actor: Actor,
    at: datetime,
    slug: str = "",
) -> Merchant:
    """Hand in an application; the applicant becomes the owner.

    `accepted` maps the key of each text to the version that was shown.
    :raises TermsNotAccepted: :raises ApplicationIncomplete: :raises AlreadyApplied:
    """
    _check(identity, accepted, applicant_id)
    merchant = Merchant.objects.create(
        subject=create_subject(locale="zh-hans", at=at),
        slug=slug or free_slug(identity.display_name),
        applied_at=at,
        **{name: _clean(getattr(identity, name)) for name in Identity.__slots__},
    )
    Acceptance.objects.bulk_create(
        Acceptance(merchant=merchant, text_key=key, text_version=version, actor=str(actor), at=at)
        for key, version in sorted(accepted.items())
    )
    Membership.objects.create(
        merchant=merchant, subject_id=applicant_id, capabilities=[str(Capability.OWNER)], since=at
    )
    leaf(merchant, "apply", {"legal_name": merchant.legal_name, "accepted": dict(accepted)}, at)
    bus.publish(MerchantApplied(merchant.pk, applicant_id), at=at)
    return merchant


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


def _check(identity: Identity, accepted: Mapping[str, str], applicant_id: UUID) -> None:
    optional = {"licence_valid_until"}
    if any(
        not str(getattr(identity, name) or "").strip() for name in Identity.__slots__ if name not in optional
    ):
        raise ApplicationIncomplete
    if not accepted or not all(accepted.values()):
        raise TermsNotAccepted
    open_ones = Merchant.objects.awaiting_decision().filter(licence_number=identity.licence_number.strip())
    if open_ones.filter(memberships__subject_id=applicant_id).exists():
        raise AlreadyApplied


def _clean(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def free_slug(display_name: str) -> str:
    """An ASCII name for the shop's address, read from its name; a suffix where it's taken."""
    spoken = "-".join(lazy_pinyin(display_name)) if not display_name.isascii() else display_name
    stem = re.sub(r"[^a-z0-9]+", "-", spoken.lower()).strip("-")[:48] or "shop"
    taken = stem in RESERVED or Merchant.objects.filter(slug=stem).exists()
    return f"{stem}-{new_id().hex[-6:]}" if taken else stem
