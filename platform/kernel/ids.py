"""Keys made in Python, and numbers that people can read out."""

from __future__ import annotations

import os
import secrets
import threading
import time
from uuid import UUID

# Crockford's base 32: no I, L, O, U, so a number survives a telephone call.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A version 7 UUID (RFC 9562): time-ordered, and strictly growing within a process (§6.2, method 2)."""
    global _last
    fresh = (time.time_ns() // 1_000_000) << 74 | int.from_bytes(os.urandom(10), "big") >> 6
    with _lock:
        _last = bits = max(fresh, _last + 1)
    # 48 bits of time, version, 12 bits, variant, 62 bits.
    time_part, rest = bits >> 74, bits & ((1 << 74) - 1)
    return UUID(int=time_part << 80 | 0x7 << 76 | (rest >> 62) << 64 | 0x2 << 62 | rest & ((1 << 62) - 1))


def public_number(prefix: str) -> str:
    """`prefix` and ten random characters (50 bits): can't be guessed and tells no count."""
    return prefix + "".join(secrets.choice(ALPHABET) for _ in range(10))
