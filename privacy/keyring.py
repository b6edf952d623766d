"""Keys of subjects as a process holds them: fetched (a page's in one query), remembered, dropped."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps

from privacy import master, notices, sealing

# Keys live at most five minutes in memory, and only until the next notice.
LIFETIME_SECONDS = 300.0
LIMIT = 20_000


class KeyDestroyed(RuntimeError):
    """The subject was erased: what was sealed under this key can't be read any more."""


class KeyRestricted(KeyDestroyed):
    """Kept after erasure because a rule demands it: opens for a named purpose only (`keys.opening_kept`)."""


@dataclass(slots=True)
class _Key:
    """One version; `secret` is unwrapped at first use and never printed."""

    use: str
    closed: bool
    master_version: int
    wrapped: bytes | None = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)


@dataclass(slots=True)
class _Ring:
    """All keys of one subject, as they were at one moment."""

    until: float
    keys: dict[int, _Key]

    def latest(self, use: str) -> int | None:
        """The version to use for something new; none after erasure."""
        return max(
            (v for v, key in self.keys.items() if key.use == use and key.wrapped and not key.closed),
            default=None,
        )


_NO_KEYS = _Ring(0.0, {})
_rings: dict[UUID, _Ring] = {}
_opened: ContextVar[frozenset[tuple[UUID, int]]] = ContextVar("privacy_kept_opened", default=frozenset())


def wrapping_context(subject_id: UUID, version: int) -> bytes:
    """What a wrapped key is bound to, so that no subject's key passes for another's."""
    return f"privacy_subjectkey|{subject_id}|{version}".encode()


def current(subject_id: UUID) -> tuple[int, bytes]:
    """Version and data key to seal with. :raises KeyDestroyed: after erasure"""
    ring = _ring(subject_id)
    version = ring.latest("data")
    if version is None:
        raise KeyDestroyed(str(subject_id))
    return version, _secret(subject_id, version, ring.keys[version])


def of_version(subject_id: UUID, version: int) -> bytes:
    """The key that sealed a value.

    :raises KeyDestroyed: after erasure; KeyRestricted: kept by a rule, and nobody opened it for a purpose
    """
    # The way of nearly every cell of a list: known, fresh, and no notice to be asked for.
    ring, now = _rings.get(subject_id), time.monotonic()
    if ring is not None and now < ring.until and now < notices.next_look:
        known = ring.keys.get(version)
        if known is not None and known.secret is not None and known.use == "data":
            return known.secret
    key = _of(subject_id, version)
    if key.use == "kept" and (subject_id, version) not in _opened.get():
        raise KeyRestricted(str(subject_id))
    return _secret(subject_id, version, key)


def to_seal(subject_id: UUID, version: int) -> bytes:
    """The key of one version for writing: a kept key takes values without being opened for reading."""
    return _secret(subject_id, version, _of(subject_id, version))


def salt(subject_id: UUID) -> bytes | None:
    """The key of the subject's proofs, which never rotates; none until the first use of an older subject.

    :raises KeyDestroyed: after erasure
    """
    ring = _ring(subject_id)
    version = next((v for v, key in ring.keys.items() if key.use == "salt"), None)
    return None if version is None else _secret(subject_id, version, ring.keys[version])


@contextmanager
def kept_opened(subject_id: UUID, versions: Iterable[int]) -> Iterator[None]:
    """Let these kept keys of the subject open; `keys.opening_kept` alone calls it and writes who looked."""
    token = _opened.set(_opened.get() | {(subject_id, version) for version in versions})
    try:
        yield
    finally:
        _opened.reset(token)


def preload(subject_ids: Iterable[UUID]) -> None:
    """Fetch the keys of all these subjects in one query, before a page opens their fields."""
    _obey_notice()
    now = time.monotonic()
    _fetch({one for one in subject_ids if one not in _rings or _rings[one].until < now})


def forget_all() -> None:
    """Empty this process's cache (a notice, a test)."""
    _rings.clear()
    sealing.forget()


def _ring(subject_id: UUID) -> _Ring:
    _obey_notice()
    found = _rings.get(subject_id)
    if found is None or found.until < time.monotonic():
        _fetch({subject_id})
        found = _rings.get(subject_id, _NO_KEYS)
    return found


def _of(subject_id: UUID, version: int) -> _Key:
    key = _ring(subject_id).keys.get(version)
    if key is None:
        # Made by another process after we fetched: ask once more.
        _fetch({subject_id})
        key = _rings.get(subject_id, _NO_KEYS).keys.get(version)
    if key is None or key.use == "salt":
        raise KeyDestroyed(str(subject_id))
    return key


def _secret(subject_id: UUID, version: int, key: _Key) -> bytes:
    if key.wrapped is None:
        raise KeyDestroyed(str(subject_id))
    if key.secret is None:
        _unwrap([(subject_id, version, key)])
    assert key.secret is not None
    return key.secret


def _obey_notice() -> None:
    if notices.arrived():
        forget_all()


def _fetch(subject_ids: set[UUID]) -> None:
    """One query; data keys are unwrapped at once, the others when they are used."""
    if not subject_ids:
        return
    if len(_rings) + len(subject_ids) > LIMIT:
        forget_all()
    until = time.monotonic() + LIFETIME_SECONDS
    rings = {one: _Ring(until, {}) for one in subject_ids}
    for subject_id, version, use, closed_at, master_version, wrapped in _rows(subject_ids):
        rings[subject_id].keys[version] = _Key(
            use, closed_at is not None, master_version, None if wrapped is None else bytes(wrapped)
        )
    _unwrap(
        [
            (subject_id, version, key)
            for subject_id, ring in rings.items()
            for version, key in ring.keys.items()
            if key.use == "data" and key.wrapped
        ]
    )
    # A subject always has rows: whoever sees none (a shop's role) says nothing about the next who asks.
    _rings.update((one, ring) for one, ring in rings.items() if ring.keys)


def _rows(subject_ids: set[UUID]) -> Any:
    """Destroyed ones too: a version that is known to be gone needs no second look."""
    return (
        apps.get_model("privacy", "SubjectKey")
        ._default_manager.filter(subject_id__in=subject_ids)
        .values_list("subject_id", "version", "use", "closed_at", "master_version", "wrapped")
    )


def _unwrap(found: list[tuple[UUID, int, _Key]]) -> None:
    secrets = master.unwrap(
        [
            master.Wrapped(key.master_version, key.wrapped or b"", wrapping_context(subject_id, version))
            for subject_id, version, key in found
        ]
    )
    for (_, _, key), secret in zip(found, secrets, strict=True):
        key.secret = secret
