"""The code of a gift card: how it looks, what is a slip of the pen, and the keyed digest that is kept."""

from __future__ import annotations

import secrets
import unicodedata

from kernel.ids import ALPHABET
from privacy import blind_index

PURPOSE = "payments.gift_card"
# 80 random bits in groups of four, as on a card.
LENGTH, GROUP = 16, 4
# As people read them off a screen; our own codes have none of these letters.
_MISREAD = str.maketrans("OIL", "011")


def fresh() -> str:
    """A code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def normal(text: str) -> str:
    """The code however it was typed: width, case, spaces, dashes and misread letters aside."""
    plain = unicodedata.normalize("NFKC", text[: LENGTH * 4]).upper().translate(_MISREAD)
    return "".join(each for each in plain if each.isalnum())[: LENGTH + 1]


def shown(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def digest(text: str) -> bytes:
    """What is kept of a code; its key differs from that of every other digest."""
    return bytes.fromhex(blind_index.of(PURPOSE, normal(text)))
