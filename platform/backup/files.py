"""The files of a backup: written once, sealed when there is a passphrase, known by digest."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from backup.refusals import Damaged, Refused
from privacy import file_sealing, sealing

KEY_VERSION = 1
SHORTEST = 16


@dataclass(frozen=True, slots=True)
class Written:
    """One file as the manifest remembers it."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Safe:
    """How one backup's files are written: under a key of a passphrase, or plainly."""

    backup_id: str
    key: bytes | None

    @classmethod
    def of(cls, backup_id: str, passphrase: Path | None) -> Safe:
        """:raises Refused: no passphrase in the file, or a short one"""
        if passphrase is None:
            return cls(backup_id, None)
        words = passphrase.read_bytes().strip() if passphrase.is_file() else b""
        if len(words) < SHORTEST:
            raise Refused(f"{passphrase} must hold a passphrase of at least {SHORTEST} characters.")
        # 32 MiB and about a tenth of a second for each guess.
        return cls(backup_id, Scrypt(salt=backup_id.encode(), length=32, n=2**15, r=8, p=1).derive(words))

    def write(self, path: Path, pieces: Iterable[bytes]) -> Written:
        """:raises OSError: the disk is full, for one"""
        if self.key is not None:
            pieces = file_sealing.seal_pieces(
                pieces, file_id=self._place(path), key=self.key, key_version=KEY_VERSION
            )
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as out:
            os.fchmod(out.fileno(), 0o600)
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                size += len(piece)
            out.flush()
            os.fsync(out.fileno())
        return Written(size, digest.hexdigest())

    def read(self, path: Path) -> Iterator[bytes]:
        """:raises Damaged: it does not open under this passphrase"""
        with path.open("rb") as source:
            if self.key is None:
                while piece := source.read(file_sealing.PIECE):
                    yield piece
                return
            try:
                yield from file_sealing.open_pieces(source, file_id=self._place(path), key=self.key)
            except sealing.SealBroken as problem:
                raise Damaged(f"{path.name} does not open under this passphrase ({problem}).") from None

    def _place(self, path: Path) -> str:
        return f"backup:{self.backup_id}:{path.name}"


def measured(path: Path) -> Written:
    """Size and digest of a file as it lies there. :raises Damaged: it is missing"""
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as source:
            while piece := source.read(file_sealing.PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError as problem:
        raise Damaged(f"{path} can't be read: {problem.strerror}.") from None
    return Written(size, digest.hexdigest())
