"""Who acts for a merchant: adding, changing and removing members."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import freezing
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.capabilities import Capability
from merchants.events import MemberAdded, MemberRemoved
from merchants.models import Membership, Merchant
from outbox import bus


class NoCapability(Invalid):
    code = "no_capability"
    message = N_("Choose at least one thing that this member may do.")


class LastOwner(DomainError):
    code = "last_owner"
    message = N_("A shop needs an owner. Make somebody else owner first.")


@transaction.atomic
def add_member(
    *, merchant_id: UUID, subject_id: UUID, capabilities: Sequence[Capability], actor: Actor, at: datetime
) -> Membership:
    """Let a person act for the merchant; an existing member gets the new capabilities.

    :raises NoCapability: :raises NotFound:
    """
    if not capabilities:
        raise NoCapability
    merchant = Merchant.objects.locked(merchant_id)
    granted = sorted({str(each) for each in capabilities})
    membership, made = Membership.objects.get_or_create(
        merchant=merchant,
        subject_id=subject_id,
        ended_at=None,
        defaults={"capabilities": granted, "since": at},
    )
    if made:
        bus.publish(MemberAdded(merchant.pk, membership.pk), at=at)
    elif membership.capabilities != granted:
        _keep_an_owner(membership, granted)
        membership.capabilities = granted
        membership.save(update_fields=["capabilities"])
    return membership


@transaction.atomic
def remove_member(*, merchant_id: UUID, membership_id: UUID, actor: Actor, at: datetime) -> Membership:
    """End a membership; it counts from the next request on.

    :raises LastOwner: :raises NotFound: not a member of this merchant
    """
    merchant = Merchant.objects.locked(merchant_id)
    membership = Membership.objects.filter(merchant=merchant).still_there(membership_id)
    if membership is None:
        raise NotFound
    _keep_an_owner(membership, [])
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    bus.publish(MemberRemoved(merchant.pk, membership.pk), at=at)
    return membership


def _keep_an_owner(membership: Membership, granted: Sequence[str]) -> None:
    if Capability.OWNER in granted or Capability.OWNER not in membership.capabilities:
        return
    others = Membership.objects.filter(merchant=membership.merchant, ended_at__isnull=True)
    if not others.exclude(pk=membership.pk).filter(capabilities__contains=[str(Capability.OWNER)]).exists():
        raise LastOwner


def in_other_hands(merchant_id: UUID) -> bool:
    """Whether the account of somebody who may move the shop's money is frozen after a theft."""
    running = Membership.objects.filter(merchant_id=merchant_id, ended_at__isnull=True)
    found = running.filter(capabilities__overlap=[str(Capability.OWNER), str(Capability.FINANCE)])
    return freezing.any_frozen(found.values_list("subject_id", flat=True))
