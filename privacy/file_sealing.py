"""Files sealed in pieces, so that a large one never stands in memory twice.

Each piece is bound to its file, its place and to being the last one or not (after the STREAM construction,
Hoang et al. 2015), so that pieces can't be dropped, moved or appended unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from privacy import sealing

PIECE = 1024 * 1024
_LENGTH = 4


def _context(file_id: str, number: int, last: bool) -> bytes:
    return f"privacy_storedfile|content|{file_id}|{number}|{'last' if last else 'more'}".encode()


def seal_pieces(pieces: Iterable[bytes], *, file_id: str, key: bytes, key_version: int) -> Iterator[bytes]:
    """Length-prefixed sealed pieces of the plain `pieces`."""
    number, before = 0, b""
    for piece in pieces:
        if number or before:
            yield _sealed(before, file_id, number - 1, False, key, key_version)
        before = piece
        number += 1
    yield _sealed(before, file_id, max(number - 1, 0), True, key, key_version)


def _sealed(plain: bytes, file_id: str, number: int, last: bool, key: bytes, key_version: int) -> bytes:
    sealed = sealing.seal(plain, key=key, key_version=key_version, context=_context(file_id, number, last))
    return len(sealed).to_bytes(_LENGTH, "big") + sealed


def key_version_of(source: IO[bytes]) -> int:
    """Read from the first piece; the position is left at the start."""
    head = source.read(_LENGTH + sealing.HEADER + 16)
    source.seek(0)
    return sealing.key_version_of(head[_LENGTH:])


def open_pieces(source: IO[bytes], *, file_id: str, key: bytes) -> Iterator[bytes]:
    """The plain pieces. :raises SealBroken: when a piece is changed, missing, moved or added"""
    following = _read(source)
    if following is None:
        raise sealing.SealBroken("the file is empty")
    number = 0
    while following is not None:
        sealed, following = following, _read(source)
        yield sealing.unseal(sealed, key=key, context=_context(file_id, number, following is None))
        number += 1


def _read(source: IO[bytes]) -> bytes | None:
    prefix = source.read(_LENGTH)
    if not prefix:
        return None
    length = int.from_bytes(prefix, "big")
    sealed = source.read(length)
    if len(sealed) != length or length > PIECE + 1024:
        raise sealing.SealBroken("the file was cut off")
    return sealed
