"""The trail of what was changed about the safety of an account, and the letters about it."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.models import AccountChange, Changed, User
from kernel.actor import Actor
from notifications.kinds import Value
from notifications.sending import send

PATH = "/account/security/"
WEIXIN = "weixin"


@transaction.atomic
def note(
    *,
    subject_id: UUID,
    kind: Changed,
    actor: Actor,
    at: datetime,
    before: str | None = None,
    reference: str = "",
) -> AccountChange:
    """Write a step down; `before` is what it replaced, sealed under the person's key."""
    change = AccountChange(
        subject_id=subject_id,
        kind=kind,
        before=before,
        reference=reference,
        actor=str(actor),
        at=at,
    )
    change.save()
    return change


@transaction.atomic
def factor_added(*, user: User, type: str, at: datetime) -> None:
    """An app, a passkey or a new set of codes: a step of the trail and a letter."""
    newest = Authenticator.objects.filter(user_id=user.pk, type=type).order_by("-created_at", "-pk").first()
    reference = str(newest.pk) if newest else ""
    _factor(user, Changed.FACTOR_ADDED, "accounts.factor_added", type, reference=reference, at=at)


@transaction.atomic
def weixin_connected(*, user: User, at: datetime) -> None:
    """A WeChat account opens the account from now on."""
    _factor(user, Changed.FACTOR_ADDED, "accounts.factor_added", WEIXIN, reference=WEIXIN, at=at)


@transaction.atomic
def factor_removed(*, user: User, factor: Authenticator, at: datetime) -> None:
    """Before it goes: what is needed to put it back stands in the trail."""
    kept = json.dumps({"type": factor.type, "data": factor.data})
    _factor(user, Changed.FACTOR_REMOVED, "accounts.factor_removed", factor.type, before=kept, at=at)


@transaction.atomic
def password_set(*, user: User, at: datetime) -> None:
    """A step of the trail; the letter is written by whoever changed it."""
    actor = Actor.buyer(user.subject_id)
    note(subject_id=user.subject_id, kind=Changed.PASSWORD, actor=actor, at=at)


def _factor(
    user: User,
    kind: Changed,
    letter: str,
    type: str,
    *,
    at: datetime,
    reference: str = "",
    before: str | None = None,
) -> None:
    actor = Actor.buyer(user.subject_id)
    note(subject_id=user.subject_id, kind=kind, actor=actor, at=at, before=before, reference=reference)
    params: dict[str, Value] = {"factor": type, "at": at, "path": PATH}
    send(subject_id=user.subject_id, kind=letter, reference=user.pk, params=params, at=at)


def since(subject_id: UUID, instant: datetime) -> list[AccountChange]:
    """The steps from the instant on, the newest first."""
    return list(AccountChange.objects.filter(subject_id=subject_id, at__gte=instant).order_by("-at", "-pk"))
