"""Tracking codes: 80 bits that only their digest is kept of; whoever holds one sees the matter."""

from __future__ import annotations

import unicodedata

from kernel.ids import ALPHABET
from privacy import blind_index

PURPOSE, SEED = "oversight.code", "oversight.code_seed"
LENGTH, GROUP = 16, 4
# What people read a letter as (Crockford's base 32).
_MEANT = str.maketrans("OILU", "011V")


def of_key(key: str) -> str:
    """The code of a form's own key: sent twice, the same form gives the same code, and nobody else has it."""
    number = int(blind_index.of(SEED, key), 16)
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(LENGTH))


def digest(code: str) -> bytes:
    return bytes.fromhex(blind_index.of(PURPOSE, code))


def shown(code: str) -> str:
    """In groups, as people read it out."""
    return "-".join(code[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def normal(text: str) -> str:
    """However it was typed: width, case, spaces and dashes aside; "" if it can't be one."""
    plain = unicodedata.normalize("NFKC", text[:60]).upper()
    kept = "".join(each for each in plain if each.isascii() and each.isalnum()).translate(_MEANT)
    return kept if len(kept) == LENGTH else ""
