"""Keys made in Python, and numbers that people can read out."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

# Crockford's base 32: no I, L, O, U, so a number survives a telephone call.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): time-ordered, so that indexes grow at their end."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value &= ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | 0x7 << 76 | 0x2 << 62)


def public_number(prefix: str) -> str:
    """`prefix` and ten random characters (50 bits): can't be guessed and tells no count."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))
