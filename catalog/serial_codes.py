"""Serial codes: how they look, what of them is a slip of the pen, and the keyed digest that is kept."""

from __future__ import annotations

import secrets
import unicodedata

from kernel.ids import ALPHABET
from privacy import blind_index

PURPOSE = "catalog.serial_code"
# 75 random bits and a check character, in groups of four as on a label.
RANDOM, GROUP = 15, 4
# What a brand prints itself: shorter ones could be tried out, longer ones nobody types.
SHORTEST, LONGEST = 10, 64
# As people read them off a label.
_MISREAD = str.maketrans("OIL", "011")


def fresh() -> str:
    """A code of ours that nobody can guess."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return body + check_character(body)


def check_character(body: str) -> str:
    """Luhn's sum over 32 signs: finds any one wrong sign and nearly every swap of neighbours."""
    total = 0
    for place, sign in enumerate(reversed(body)):
        number = ALPHABET.index(sign) * (2 if place % 2 == 0 else 1)
        total += number // len(ALPHABET) + number % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]


def is_ours(code: str) -> bool:
    """Whether a code in its normal form has the form of those that we make, its check character included."""
    whole = len(code) == RANDOM + 1 and all(each in ALPHABET for each in code)
    return whole and check_character(code[:-1]) == code[-1]


def normal(text: str) -> str:
    """The code however it was typed: width, case, spaces and dashes aside."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST * 3]).upper()
    return "".join(each for each in plain if each.isalnum())[: LONGEST + 1]


def readings(text: str) -> tuple[str, str]:
    """As typed, and with O for 0 and I or L for 1: our own codes have none of these letters."""
    typed = normal(text)
    return typed, typed.translate(_MISREAD)


def shown(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def digest(code: str) -> bytes:
    """What is kept of a code; its key differs from that of every other digest."""
    return bytes.fromhex(blind_index.of(PURPOSE, code))
