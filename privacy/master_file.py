"""The file that holds the master keys: outside the database and its backups, 0600, replaced as a whole."""

from __future__ import annotations

import base64
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from privacy import sealing
from privacy.key_service import KEY_BYTES, MasterKeyMissing, Wrapped

FORMAT = 2
# What format 1 derived from its first master key. Those digests stand in the database and may not move.
_OLD_PURPOSES = ("email", "phone", "accounts.sign_in", "accounts.network")


@dataclass(frozen=True, slots=True)
class Content:
    """The master keys by version, which of them wraps, and the keys that never rotate."""

    primary: int
    keys: dict[int, bytes] = field(repr=False)
    root: bytes = field(repr=False)
    fixed: dict[str, bytes] = field(repr=False)


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"anxin:" + purpose.encode()).derive(key)


@lru_cache(maxsize=256)
def _wrapping(key: bytes) -> bytes:
    return _derived(key, "wrap")


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _written(content: Content) -> str:
    return json.dumps(
        {
            "format": FORMAT,
            "current": content.primary,
            "keys": {str(version): _text(key) for version, key in sorted(content.keys.items())},
            "index": {
                "root": _text(content.root),
                "purposes": {name: _text(key) for name, key in content.fixed.items()},
            },
        }
    )


def _read(stored: dict[str, Any]) -> Content:
    keys = {int(version): base64.b64decode(key) for version, key in stored["keys"].items()}
    primary = int(stored["current"])
    if "index" in stored:
        root = base64.b64decode(stored["index"]["root"])
        fixed = {name: base64.b64decode(key) for name, key in stored["index"]["purposes"].items()}
    else:
        # Format 1: one-way from its first key, so that this key can be destroyed and no digest moves.
        root = _derived(keys[1], "index-root")
        fixed = {name: _derived(keys[1], f"blind-index:{name}") for name in _OLD_PURPOSES}
    if primary not in keys or any(len(key) != KEY_BYTES for key in (*keys.values(), root, *fixed.values())):
        raise ValueError("keys are missing or of a wrong length")
    return Content(primary, keys, root, fixed)


class KeyFile:
    """The keys of one file. It is looked at again whenever it was replaced, so no process needs a restart."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int, int] | None = None
        self._content: Content | None = None

    def content(self) -> Content:
        """:raises MasterKeyMissing: if it is absent, damaged, or open to others than its owner"""
        try:
            found = self.path.stat()
            mark = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._content is None or mark != self._seen:
                self._refuse_if_others_may_read(found.st_mode)
                self._content, self._seen = _read(json.loads(self.path.read_text())), mark
        except OSError as error:
            raise MasterKeyMissing(f"no master key at {self.path}: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError, AttributeError):
            # Without its cause: a parser's error may quote what it read.
            raise MasterKeyMissing(f"the master key file at {self.path} is damaged") from None
        return self._content

    def _refuse_if_others_may_read(self, mode: int) -> None:
        if mode & 0o077:
            raise MasterKeyMissing(
                f"{self.path} may be read by others than its owner (mode {mode & 0o777:04o})."
                f" Check who did, then run: chmod 600 {self.path}"
            )

    def primary(self) -> int:
        return self.content().primary

    def wrap(self, items: Sequence[tuple[bytes, bytes]]) -> list[Wrapped]:
        content = self.content()
        version, outer = content.primary, _wrapping(content.keys[content.primary])
        return [
            Wrapped(version, sealing.seal(key, key=outer, key_version=version, context=context), context)
            for key, context in items
        ]

    def unwrap(self, items: Sequence[Wrapped]) -> list[bytes]:
        keys = self.content().keys
        unknown = {each.master_version for each in items} - set(keys)
        if unknown:
            raise MasterKeyMissing(f"{self.path} has no master key of version {min(unknown)}")
        return [
            sealing.unseal(each.wrapped, key=_wrapping(keys[each.master_version]), context=each.context)
            for each in items
        ]

    def fixed_key(self, purpose: str) -> bytes:
        content = self.content()
        return content.fixed.get(purpose) or _derived(content.root, f"blind-index:{purpose}")

    def add(self) -> int:
        """A new key that wraps nothing yet; one that waits already is given instead."""
        with self._replacing() as content:
            waiting = max(content.keys)
            if waiting == content.primary:
                waiting += 1
                self._replace(content, keys={**content.keys, waiting: os.urandom(KEY_BYTES)})
        return waiting

    def promote(self) -> int:
        """The newest key wraps from now on."""
        with self._replacing() as content:
            newest = max(content.keys)
            if newest != content.primary:
                self._replace(content, primary=newest)
        return newest

    def drop(self, version: int) -> None:
        """Forget a key for ever. The caller has made sure that nothing is wrapped under it."""
        with self._replacing() as content:
            if version == content.primary:
                raise ValueError("the primary key can't be dropped")
            self._replace(content, keys={v: key for v, key in content.keys.items() if v != version})

    def versions(self) -> list[int]:
        return sorted(self.content().keys)

    def migrate(self) -> bool:
        """Write a file of an older format anew; whether there was anything to do."""
        with self._replacing() as content:
            old = bool(json.loads(self.path.read_text()).get("format") != FORMAT)
            if old:
                self._replace(content)
        return old

    @contextmanager
    def _replacing(self) -> Iterator[Content]:
        """One process at a time, each with what the one before has written."""
        lock = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self.content()
        finally:
            os.close(lock)

    def _replace(
        self, content: Content, *, primary: int | None = None, keys: dict[int, bytes] | None = None
    ) -> None:
        changed = Content(primary or content.primary, keys or content.keys, content.root, content.fixed)
        write_whole(self.path, _written(changed))


def write_whole(path: Path, text: str) -> None:
    """Beside it, to the disk, then in its place: a reader or a crash finds the old file or the new one."""
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def create(path: Path) -> None:
    """Make a key file with 0600 if there is none yet; an existing one is never touched."""
    fresh = Content(1, {1: os.urandom(KEY_BYTES)}, os.urandom(KEY_BYTES), {})
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(_written(fresh))
        file.flush()
        os.fsync(file.fileno())
