"""Keyed digests by which a sealed value can be found. What they leak, and their width: decision 0031."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from contextlib import suppress

from privacy import master

_MAINLAND_MOBILE = re.compile(r"86(1[3-9]\d{9})")


def of(purpose: str, text: str) -> str:
    """64 hex characters; the key differs by purpose, so two columns can't be joined on it."""
    return hmac.new(master.fixed_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def normal_email(address: str) -> str:
    """NFKC, trimmed, lower case, the domain in its ASCII form: what makes two spellings one address.

    "name+tag" stays apart from "name": whether they are one mailbox only its provider knows.
    """
    local, at, domain = unicodedata.normalize("NFKC", address).strip().lower().rpartition("@")
    # What is no domain that mail could reach stays as it was typed.
    with suppress(UnicodeError):
        domain = domain if domain.isascii() else domain.encode("idna").decode()
    return f"{local}{at}{domain}"


def normal_phone(number: str) -> str:
    """ASCII digits with a leading +; mainland numbers without a prefix get +86."""
    text = unicodedata.normalize("NFKC", number).strip()
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())
    if text.startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+" + digits if _MAINLAND_MOBILE.fullmatch(digits) else "+86" + digits


def email(address: str) -> str:
    return of("email", normal_email(address))


def phone(number: str) -> str:
    return of("phone", normal_phone(number))
