"""Commitments for the evidence log: salted digests whose salt dies with the subject's key."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from uuid import UUID

from evidence.canonical import canonical
from privacy import keys


def salt(*, subject_id: UUID, label: str, reference: UUID) -> bytes:
    """32 bytes from the subject's salt key: who holds a receipt gets it; erasure makes it unfindable."""
    key = keys.salt_key(subject_id)
    return hmac.new(key, f"anxin:leaf-salt|{label}|{reference}".encode(), hashlib.sha256).digest()


def commit(*, subject_id: UUID, label: str, reference: UUID, payload: dict[str, Any]) -> bytes:
    """The 32-byte commitment to `payload` (texts, whole numbers, lists, dicts)."""
    return digest(
        salt=salt(subject_id=subject_id, label=label, reference=reference), label=label, payload=payload
    )


def digest(*, salt: bytes, label: str, payload: dict[str, Any]) -> bytes:
    """SHA-256 over a fixed-length salt, the label's length and text, and the canonical payload."""
    name = label.encode()
    return hashlib.sha256(
        b"anxin:leaf:1" + salt + len(name).to_bytes(2, "big") + name + canonical(payload)
    ).digest()
