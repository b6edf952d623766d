"""The master key as the rest of the house sees it: it wraps, unwraps, and derives what never rotates."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from privacy.external_keys import ExternalKeys
from privacy.key_service import KEY_BYTES, KeyService, MasterKeyMissing, Wrapped
from privacy.master_file import KeyFile, create

__all__ = [
    "KEY_BYTES",
    "MasterKeyMissing",
    "Wrapped",
    "check",
    "create",
    "current_version",
    "fixed_key",
    "prepare",
    "service",
    "unwrap",
    "wrap",
]


def service() -> KeyService:
    """The key service at ANXIN_KEY_SERVICE, else the key file."""
    return _service(str(settings.KEY_SERVICE), str(settings.MASTER_KEY_FILE))


@cache
def _service(address: str, path: str) -> KeyService:
    return ExternalKeys(address) if address else KeyFile(Path(path))


def prepare() -> None:
    """Bring a key file of an older format up to date, in place. :raises MasterKeyMissing: see `check`"""
    found = service()
    found.primary()
    if isinstance(found, KeyFile):
        found.migrate()


def check() -> None:
    """:raises MasterKeyMissing: saying what is wrong with the key, and what to do"""
    service().primary()


def current_version() -> int:
    return service().primary()


def wrap(items: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
    """Wrap (key, context) pairs under the current master key."""
    return service().wrap(items)


def unwrap(items: Sequence[Wrapped]) -> list[bytes]:
    """:raises SealBroken: when one was changed or belongs to another key"""
    return service().unwrap(items) if items else []


def fixed_key(purpose: str) -> bytes:
    """32 bytes for one purpose that stay the same when master keys come and go."""
    return service().fixed_key(purpose)
