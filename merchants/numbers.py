"""Numbers of registers: their form, and their check character where the register has one."""

from __future__ import annotations

import re
import unicodedata

# GB 32100-2015: the alphabet without I, O, S, V and Z; weights are the powers of 3 modulo 31.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Production SC, business JY, registered sale of packaged food YB, each with 14 digits.
_FOOD = re.compile(r"(SC|JY|YB)\d{14}")


def normal(text: str) -> str:
    """Half-width capitals without spaces, dots and dashes: as it stands on paper and screen alike."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", text)).upper()


def credit_code_check(first: str) -> str:
    """The last character of a unified social credit code from its first 17.

    :raises ValueError: for characters outside the alphabet
    """
    total = sum(_ALPHABET.index(one) * weight for one, weight in zip(first, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def is_credit_code(number: str) -> bool:
    """Eighteen characters, six digits of a region from the third on, and the right last one."""
    if not re.fullmatch(rf"[{_ALPHABET}]{{2}}\d{{6}}[{_ALPHABET}]{{10}}", number):
        return False
    return credit_code_check(number[:17]) == number[17]


def is_food_licence(number: str, *prefixes: str) -> bool:
    """One of `prefixes` (SC, JY, YB) and 14 digits."""
    return bool(_FOOD.fullmatch(number)) and number[:2] in prefixes


def last_four(number: str) -> str:
    """What may be shown of a sealed number: its end, the rest as stars."""
    return f"{'*' * max(len(number) - 4, 0)}{number[-4:]}" if len(number) > 4 else "****"
