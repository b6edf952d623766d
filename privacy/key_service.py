"""What keeps the master keys, said once: a file today, a service of its own elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

KEY_BYTES = 32


class MasterKeyMissing(RuntimeError):
    """The master key is absent, unreadable or badly kept: nothing personal can be read or written."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A key under the master key of one version; opens only with the context it was wrapped with."""

    master_version: int
    wrapped: bytes = field(repr=False)
    context: bytes


class KeyService(Protocol):
    """Wraps and unwraps in batches; the master keys themselves never leave it."""

    def primary(self) -> int:
        """The version that wraps now."""

    def versions(self) -> list[int]:
        """All versions that still unwrap."""

    def wrap(self, items: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        """Wrap (key, context) pairs under the primary key."""

    def unwrap(self, items: Sequence[Wrapped]) -> list[bytes]:
        """:raises SealBroken: when one was changed or moved; MasterKeyMissing: for an unknown version"""

    def fixed_key(self, purpose: str) -> bytes:
        """32 bytes that never rotate: blind indexes and whatever must be found again by its digest."""

    def add(self) -> int:
        """A new key that wraps nothing yet (first roll-out)."""

    def promote(self) -> int:
        """The newest key wraps from now on (second roll-out)."""

    def drop(self, version: int) -> None:
        """Destroy a key under which nothing lies any more (third roll-out)."""
