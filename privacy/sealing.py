"""AES-256-GCM with key commitment: one sealed value opens under one key, in one place only."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

ALGORITHM = 1
NONCE = 12
COMMITMENT = 16
HEADER = 1 + 2 + NONCE + COMMITMENT


class SealBroken(RuntimeError):
    """The ciphertext was changed, moved to another place, or belongs to another key."""


@dataclass(frozen=True, slots=True)
class _Derived:
    cipher: AESGCM
    commit: bytes


def _expand(key: bytes, info: bytes) -> bytes:
    return HKDFExpand(hashes.SHA256(), 32, info).derive(key)


@lru_cache(maxsize=4096)
def _derived(key: bytes) -> _Derived:
    return _Derived(AESGCM(_expand(key, b"anxin:seal")), _expand(key, b"anxin:commit"))


def forget() -> None:
    """Drop derived keys, with every cache of the keys themselves."""
    _derived.cache_clear()


def _commitment(derived: _Derived, nonce: bytes) -> bytes:
    return hmac.new(derived.commit, nonce, hashlib.sha256).digest()[:COMMITMENT]


def seal(plain: bytes, *, key: bytes, key_version: int, context: bytes) -> bytes:
    """Header (algorithm, key version, nonce, key commitment) and ciphertext; `context` is authenticated."""
    derived = _derived(key)
    nonce = os.urandom(NONCE)
    header = bytes([ALGORITHM]) + key_version.to_bytes(2, "big") + nonce + _commitment(derived, nonce)
    return header + derived.cipher.encrypt(nonce, plain, header + context)


def key_version_of(sealed: bytes) -> int:
    """:raises SealBroken: for bytes that no version of this code has sealed"""
    if len(sealed) < HEADER + 16 or sealed[0] != ALGORITHM:
        raise SealBroken("not a sealed value")
    return int.from_bytes(sealed[1:3], "big")


def unseal(sealed: bytes, *, key: bytes, context: bytes) -> bytes:
    """:raises SealBroken: unless key, bytes and context are all those of the sealing"""
    key_version_of(sealed)
    derived = _derived(key)
    header, body = sealed[:HEADER], sealed[HEADER:]
    nonce = header[3 : 3 + NONCE]
    if not hmac.compare_digest(header[3 + NONCE :], _commitment(derived, nonce)):
        raise SealBroken("sealed under another key")
    try:
        return derived.cipher.decrypt(nonce, body, header + context)
    except InvalidTag as error:
        raise SealBroken("changed, or not in its place") from error
