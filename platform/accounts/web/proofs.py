"""How a browser's person proved themselves, and when last: allauth's record in the session, on real time."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.http import HttpRequest


def age_of_proof(request: HttpRequest) -> float | None:
    """Seconds since the last proof in this session (sign-in counts); None without one."""
    records = get_authentication_records(request, request.user)
    instants = [float(record["at"]) for record in records if "at" in record]
    # A proof from the future proves nothing: its clock was wrong.
    ages = [age for age in (time.time() - instant for instant in instants) if age > -60]
    return min(ages) if ages else None


def note(request: HttpRequest, *, method: str) -> None:
    """Write down that the signed-in person has just proved themselves in this way."""
    record_authentication(request, request.user, method=method, reauthenticated=True)


def last_method(request: HttpRequest) -> str:
    """By what this session was proved last: password, code, mfa; "" when that is unknown."""
    records = get_authentication_records(request, request.user)
    return str(records[-1].get("method", "")) if records else ""
