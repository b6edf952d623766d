"""A shop's tokens: only an owner makes them, and one can do what the shop's own pages do, no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts import tokens
from accounts.models import ApiToken
from accounts.token_scopes import Scope
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership

NEEDS = {
    Scope.LISTINGS_READ: Capability.READ,
    Scope.LISTINGS_WRITE: Capability.LISTINGS,
    Scope.ORDERS_READ: Capability.READ,
    Scope.ORDERS_SHIP: Capability.ORDERS,
    Scope.RETURNS: Capability.READ,
    Scope.RETURNS_ANSWER: Capability.ORDERS,
    Scope.MONEY_READ: Capability.FINANCE,
    Scope.COMPLAINTS_READ: Capability.READ,
    Scope.COMPLAINTS_ANSWER: Capability.ORDERS,
}


def issue(
    *, membership: Membership, scopes: Sequence[Scope], days: int, at: datetime
) -> tuple[ApiToken, str]:
    """The row and its secret, shown once.

    :raises NotFound: for a member who isn't an owner
    """
    membership.require(Capability.OWNER)
    return tokens.issue(
        subject_id=membership.subject_id,
        merchant_id=membership.merchant_id,
        scopes=scopes,
        days=days,
        actor=membership.actor,
        at=at,
    )


def revoke(*, membership: Membership, token_id: UUID, at: datetime) -> ApiToken:
    """:raises NotFound: also for another shop's"""
    membership.require(Capability.OWNER)
    found = next((each for each in tokens.of_shop(membership.merchant_id) if each.pk == token_id), None)
    if found is None:
        raise NotFound
    return tokens.revoke(token_id=found.pk, actor=membership.actor, at=at)
