"""The second factor of staff: which ones they hold, and whether one was shown a moment ago."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.http import HttpRequest

from accounts.models import User
from accounts.second_factors import sealing_for

# Codes on paper open an account again, never the staff pages.
STRONG = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)


def held_by(user: User) -> set[str]:
    """ "totp", "webauthn", both or none."""
    return set(Authenticator.objects.filter(user=user, type__in=STRONG).values_list("type", flat=True))


def fresh_proof(request: HttpRequest, *, seconds: int, now: datetime) -> str:
    """The second factor that this browser has shown within so many seconds; "" for none."""
    for record in reversed(get_authentication_records(request, request.user)):
        age = now.timestamp() - float(record.get("at", 0))
        kind = str(record.get("type", ""))
        if kind in STRONG and -60 < age < seconds:
            return kind
    return ""


def check_code(request: HttpRequest, user: User, code: str) -> bool:
    """Whether this is the present code of the person's app; each code counts once, tries are limited."""
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        return False
    held = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if held is None or not held.wrap().validate_code(code.strip()):
        return False
    held.record_usage()
    record_authentication(request, user, method="mfa", type=held.type, id=held.pk, reauthenticated=True)
    return True


def enrol_app(user: User, *, secret: str = "") -> None:
    """Give a person of the demo or of a test an authenticator app. A second time changes nothing."""
    if "totp" not in held_by(user):
        with sealing_for(user.subject_id):
            totp.TOTP.activate(user, secret or totp.generate_totp_secret())


def present_code(user: User, *, now: datetime) -> str | None:
    """What the person's app shows now; None without one. For the demo and tests only."""
    held: Any = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if held is None:
        return None
    counter = int(now.timestamp()) // app_settings.TOTP_PERIOD
    return str(totp.format_hotp_value(totp.hotp_value(decrypt(held.data["secret"]), counter)))
