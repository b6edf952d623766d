"""Making, finding and revoking tokens. The secret is shown once and is nowhere afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.events import TokenMade, TokenRevoked
from accounts.models import ApiToken
from accounts.token_scopes import OF_A_PERSON, OF_A_SHOP, Scope
from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from outbox import bus
from privacy import blind_index
from rulebook import policies

MARK = "anx"
SHAPE = re.compile(rf"{MARK}_[a-z2-7]{{8}}_[A-Za-z0-9_-]{{43}}")
PURPOSE = "accounts.api_token"
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


class TokenTooLong(Invalid):
    code = "token_too_long"
    message = N_("A token lives %(days)s days at most. Choose a shorter time.")


class TokenScopes(Invalid):
    code = "token_scopes"
    message = N_("Choose at least one thing that the token may do, of those that are offered here.")


@transaction.atomic
def issue(
    *,
    subject_id: UUID,
    scopes: Sequence[Scope],
    days: int,
    actor: Actor,
    at: datetime,
    merchant_id: UUID | None = None,
) -> tuple[ApiToken, str]:
    """The token's row and its secret, which nobody can read again. Ask for a fresh proof before.

    :raises TokenScopes: none, or such as don't belong to a shop or person
    :raises TokenTooLong: more days than the policy allows
    """
    offered = OF_A_SHOP if merchant_id else OF_A_PERSON
    if not scopes or not set(scopes) <= set(offered):
        raise TokenScopes(field="scopes")
    most = policies.number("tokens.days", at)
    if not 0 < days <= most:
        raise TokenTooLong(field="days", days=most)
    prefix = f"{MARK}_{''.join(secrets.choice(_LETTERS) for _ in range(8))}"
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    made = ApiToken.objects.create(
        subject_id=subject_id,
        merchant_id=merchant_id,
        prefix=prefix,
        digest=blind_index.of(PURPOSE, secret),
        scopes=sorted(set(scopes)),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    bus.publish(TokenMade(made.pk, subject_id, prefix), at=at)
    return made, secret


@transaction.atomic
def revoke(*, token_id: UUID, actor: Actor, at: datetime) -> ApiToken:
    """From the next request on it opens nothing; revoked already, nothing changes.

    :raises NotFound:
    """
    found = ApiToken.objects.select_for_update(of=("self",), no_key=True).filter(pk=token_id).first()
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = at
        found.save(update_fields=["revoked_at"])
        bus.publish(TokenRevoked(found.pk, found.subject_id, found.prefix), at=at)
    return found


def revoke_own(*, token_id: UUID, subject_id: UUID, actor: Actor, at: datetime) -> ApiToken:
    """A person's own token. :raises NotFound: also for somebody else's"""
    if not ApiToken.objects.filter(pk=token_id, subject_id=subject_id, merchant_id=None).exists():
        raise NotFound
    return revoke(token_id=token_id, actor=actor, at=at)


def revoke_all(*, subject_id: UUID, at: datetime) -> int:
    """Everything a person's programs hold: for a frozen, closed or taken account. Gives how many."""
    return ApiToken.objects.filter(subject_id=subject_id, revoked_at=None).update(revoked_at=at)


def take_back(*, subject_id: UUID, since: datetime, at: datetime) -> int:
    """The account was in other hands: no program goes on with a key that they may have made."""
    return revoke_all(subject_id=subject_id, at=at)


def presented(secret: str, *, at: datetime) -> ApiToken | None:
    """The live token of this secret; its last day of use is written once a day."""
    if not SHAPE.fullmatch(secret):
        return None
    found = ApiToken.objects.filter(
        digest=blind_index.of(PURPOSE, secret), revoked_at=None, expires_at__gt=at
    ).first()
    if found is not None and found.last_used_on != at.date():
        ApiToken.objects.filter(Q(last_used_on=None) | Q(last_used_on__lt=at.date()), pk=found.pk).update(
            last_used_on=at.date()
        )
    return found


def of_person(subject_id: UUID) -> list[ApiToken]:
    """A person's own tokens, the newest first."""
    return list(
        ApiToken.objects.filter(subject_id=subject_id, merchant_id=None).order_by("-created_at", "-id")
    )


def of_shop(merchant_id: UUID) -> list[ApiToken]:
    """A shop's tokens, whoever made them, the newest first."""
    return list(ApiToken.objects.filter(merchant_id=merchant_id).order_by("-created_at", "-id"))
