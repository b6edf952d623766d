"""Taking a second factor away: the trail keeps what is needed to undo it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import changing
from accounts.finding import account_locked
from accounts.models import User
from kernel.errors import NotFound

REMOVABLE = ("totp", "webauthn")


def own_factor(user: User, factor_id: int, *, type: str = "") -> Authenticator:
    """:raises NotFound: absent, or somebody else's"""
    types = (type,) if type else REMOVABLE
    factor = Authenticator.objects.filter(pk=factor_id, user_id=user.pk, type__in=types).first()
    if factor is None:
        raise NotFound
    return factor


@transaction.atomic
def remove(*, user_id: UUID, factor_id: int, at: datetime) -> None:
    """:raises NotFound: absent, or somebody else's"""
    user = account_locked(user_id)
    factor = own_factor(user, factor_id)
    changing.factor_removed(user=user, factor=factor, at=at)
    factor.delete()
    delete_dangling_recovery_codes(user)
