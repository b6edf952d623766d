"""What an account has besides its password: an authenticator app, passkeys, recovery codes."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from accounts.models import User


def kinds_of(user: User) -> set[str]:
    """ "totp", "webauthn", "recovery_codes": those that are set up."""
    return set(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
