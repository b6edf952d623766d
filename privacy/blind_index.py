"""Keyed digests by which an encrypted value can be found, and nothing else learnt."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata

from privacy import master


def of(purpose: str, text: str) -> str:
    """64 hex characters; the key differs by purpose, so two columns can't be joined on it."""
    return hmac.new(master.fixed_key(purpose), text.encode(), hashlib.sha256).hexdigest()


def normal_email(address: str) -> str:
    """NFKC, trimmed, lower case: what makes two spellings one address."""
    return unicodedata.normalize("NFKC", address).strip().lower()


def normal_phone(number: str) -> str:
    """Digits with a leading +; mainland numbers without a prefix get +86."""
    digits = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", number))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return digits if digits.startswith("+") else "+86" + digits


def email(address: str) -> str:
    return of("email", normal_email(address))


def phone(number: str) -> str:
    return of("phone", normal_phone(number))
