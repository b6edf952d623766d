"""The master key: kept outside the database and its backups, versioned, never logged."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from privacy import sealing

KEY_BYTES = 32


class MasterKeyMissing(RuntimeError):
    """The key file is absent or unreadable: nothing personal can be read or written."""


def create(path: Path) -> None:
    """Make a key file with 0600 if there is none yet; an existing one is never touched."""
    content = json.dumps({"current": 1, "keys": {"1": base64.b64encode(os.urandom(KEY_BYTES)).decode()}})
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(content)


@cache
def _load(path: str) -> tuple[int, dict[int, bytes]]:
    try:
        stored = json.loads(Path(path).read_text())
        keys = {int(version): base64.b64decode(key) for version, key in stored["keys"].items()}
        current = int(stored["current"])
    except (OSError, ValueError, KeyError) as error:
        raise MasterKeyMissing(f"no master key at {path}: {type(error).__name__}") from error
    if current not in keys or any(len(key) != KEY_BYTES for key in keys.values()):
        raise MasterKeyMissing(f"the master key file at {path} is damaged")
    return current, keys


def current_version() -> int:
    return _load(str(settings.MASTER_KEY_FILE))[0]


def derive(purpose: str, *, version: int | None = None) -> bytes:
    """A 32-byte key for one purpose (HKDF-SHA256, RFC 5869); the master key itself is never used directly."""
    return _derive(str(settings.MASTER_KEY_FILE), purpose, version)


@cache
def _derive(path: str, purpose: str, version: int | None) -> bytes:
    current, keys = _load(path)
    master = keys[current if version is None else version]
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"anxin:" + purpose.encode()).derive(master)


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key under the master key of one version; opens only with the context it was wrapped with."""

    master_version: int
    wrapped: bytes = field(repr=False)
    context: bytes


def wrap(items: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
    """Wrap (key, context) pairs under the current master key."""
    version = current_version()
    outer = derive("wrap", version=version)
    return [
        Wrapped(version, sealing.seal(key, key=outer, key_version=version, context=context), context)
        for key, context in items
    ]


def unwrap(items: Sequence[Wrapped]) -> list[bytes]:
    """:raises SealBroken: when one was changed or belongs to another key"""
    return [
        sealing.unseal(each.wrapped, key=derive("wrap", version=each.master_version), context=each.context)
        for each in items
    ]
