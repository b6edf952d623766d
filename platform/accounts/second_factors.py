"""What an account has besides its password: an authenticator app, passkeys, recovery codes.

allauth's table holds an id wherever it would hold a secret or a name; the text stands in SealedSecret,
so it is re-sealed with the person's other cells and is gone when the key is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from allauth.core import context as allauth_context
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from accounts.models import SealedSecret, User

_for_subject: ContextVar[UUID | None] = ContextVar("second_factor_of", default=None)


@contextmanager
def sealing_for(subject_id: UUID) -> Iterator[None]:
    """Outside of the person's own request: whose key seals what allauth hands over."""
    token = _for_subject.set(subject_id)
    try:
        yield
    finally:
        _for_subject.reset(token)


def keep(text: str) -> str:
    """Seal under the key of the person at work; gives what stands for it."""
    subject_id = _for_subject.get()
    if subject_id is None:
        subject_id = allauth_context.request.user.subject_id
    secret = SealedSecret(subject_id=subject_id, text=text)
    secret.save()
    return str(secret.pk)


def opened(reference: str) -> str:
    """:raises KeyDestroyed: after erasure"""
    return str(SealedSecret.objects.get(pk=UUID(reference)).text)


def kinds_of(user: User) -> set[str]:
    """ "totp", "webauthn", "recovery_codes": those that are set up."""
    return set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))


def of_account(user: User) -> list[Authenticator]:
    """All, the oldest first."""
    return list(Authenticator.objects.filter(user_id=user.pk).order_by("created_at", "pk"))


def name_of(factor: Authenticator) -> str:
    """What its owner called a passkey."""
    return opened(factor.data["name"])


def codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None without any set."""
    factor = Authenticator.objects.filter(user_id=user.pk, type="recovery_codes").first()
    return len(factor.wrap().get_unused_codes()) if factor else None


@transaction.atomic
def give_app(*, user: User, secret: str) -> Authenticator:
    """An authenticator app with a secret that is known already (base32), and recovery codes: for seeding."""
    with sealing_for(user.subject_id):
        factor: Authenticator = TOTP.activate(user, secret).instance
        RecoveryCodes.activate(user)
    return factor


@transaction.atomic
def drop_all(*, user: User) -> int:
    """Every factor and its sealed secrets."""
    gone: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    SealedSecret.objects.filter(subject_id=user.subject_id).delete()
    return gone


def rename(factor: Authenticator, name: str) -> None:
    SealedSecret.objects.filter(pk=UUID(factor.data["name"])).delete()
    factor.data["name"] = keep(name)
    factor.save(update_fields=["data"])
