"""Codes of ours that travel by mail or text: kept in the session as a keyed digest, never as they are."""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from kernel.errors import N_, DomainError
from privacy import blind_index

LIFETIME_SECONDS = 15 * 60
TRIES = 3
DIGITS = 9


class CodeWrong(DomainError):
    code = "code_wrong"
    message = N_("This code doesn't match. Copy it from the newest message.")
    status = 422


class CodeGone(DomainError):
    """Too old, tried too often, or never sent."""

    code = "code_gone"
    message = N_("This code is no longer good. Ask for a new one.")
    status = 410


def issue(session: MutableMapping[str, Any], *, purpose: str, about: str) -> str:
    """A new code for `purpose`, e.g. 123-456-789; `about` says what it proves. The older one is void."""
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    salt = secrets.token_hex(8)
    session[_slot(purpose)] = {
        "digest": _digest(purpose, about, digits, salt),
        "salt": salt,
        "about": about,
        "until": time.time() + LIFETIME_SECONDS,
        "tries": 0,
    }
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def pending(session: MutableMapping[str, Any], *, purpose: str) -> str | None:
    """What the code on its way would prove; None when there is none."""
    kept = session.get(_slot(purpose))
    return str(kept["about"]) if kept and kept["until"] > time.time() else None


def redeem(session: MutableMapping[str, Any], *, purpose: str, typed: str) -> str:
    """What the code proves; it is good once.

    :raises CodeGone: none is pending, or three tries have failed
    :raises CodeWrong: it is another one
    """
    kept = session.get(_slot(purpose))
    if not kept or kept["until"] <= time.time():
        forget(session, purpose=purpose)
        raise CodeGone(field="code")
    digits = "".join(sign for sign in typed if sign.isdigit())
    if hmac.compare_digest(kept["digest"], _digest(purpose, kept["about"], digits, kept["salt"])):
        forget(session, purpose=purpose)
        return str(kept["about"])
    session[_slot(purpose)] = {**kept, "tries": kept["tries"] + 1}
    if kept["tries"] + 1 >= TRIES:
        forget(session, purpose=purpose)
        raise CodeGone(field="code")
    raise CodeWrong(field="code")


def forget(session: MutableMapping[str, Any], *, purpose: str) -> None:
    session.pop(_slot(purpose), None)


def _slot(purpose: str) -> str:
    return f"code:{purpose}"


def _digest(purpose: str, about: str, digits: str, salt: str) -> str:
    return blind_index.of("accounts.code", "|".join((purpose, about, digits, salt)))
