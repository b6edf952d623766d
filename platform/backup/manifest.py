"""What a part of a backup says about itself, and whether it is true."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from backup.files import Safe, Written, measured
from backup.refusals import Damaged, Refused
from privacy.journal import Head

FORMAT = 1
NAME = "manifest.json"
DATA, KEYS = "data", "keys"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One part: which backup, when (platform's instant), of what, and the digests of its files."""

    part: str
    backup_id: str
    at: datetime
    server: str
    sealed: bool
    migrations: dict[str, list[str]]
    counts: dict[str, int]
    files: dict[str, Written]
    leaves: int = 0
    leaves_digest: str = ""
    journal: Head = field(default_factory=lambda: Head(0, ""))
    stored_files: int = 0

    @property
    def bytes(self) -> int:
        """Of its files together."""
        return sum(one.bytes for one in self.files.values())

    def save(self, folder: Path, safe: Safe) -> None:
        said = json.loads(json.dumps(asdict(self), default=str)) | {"format": FORMAT}
        said["digest"] = _digest(said, safe)
        (folder / NAME).write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
        (folder / NAME).chmod(0o600)


def peek(folder: Path) -> str:
    """The backup's id, before anything is believed. :raises Refused: there is no backup"""
    return str(_stored(folder)["backup_id"])


def load(folder: Path, part: str, safe: Safe) -> Manifest:
    """The manifest, once it and every file it names were checked.

    :raises Damaged: something was changed, or is missing
    :raises Refused: it is no backup of ours, or of another part
    """
    said = _stored(folder)
    digest = said.pop("digest", "")
    if said.get("sealed") and safe.key is None:
        raise Refused("This backup is sealed. Name its passphrase with --passphrase-file.")
    if not said.get("sealed") and safe.key is not None:
        raise Refused("This backup is not sealed, although a passphrase was named: it may have been swapped.")
    if not hmac.compare_digest(str(digest), _digest(said, safe)):
        raise Damaged(f"{folder / NAME} was changed, or the passphrase is not the right one.")
    if said.get("format") != FORMAT or said.get("part") != part:
        raise Refused(f"{folder} holds no “{part}” part of a backup in format {FORMAT}.")
    found = _read(said)
    for name, written in found.files.items():
        if measured(folder / name) != written:
            raise Damaged(f"{folder / name} is damaged: its size or digest is not the one in the manifest.")
    return found


def _read(said: dict[str, Any]) -> Manifest:
    said.pop("format")
    said["at"] = datetime.fromisoformat(said["at"])
    said["files"] = {name: Written(**one) for name, one in said["files"].items()}
    said["journal"] = Head(**said["journal"])
    return Manifest(**said)


def _stored(folder: Path) -> dict[str, Any]:
    try:
        said = json.loads((folder / NAME).read_text())
    except OSError:
        raise Refused(f"There is no backup in {folder}: it has no {NAME}.") from None
    except ValueError:
        raise Damaged(f"{folder / NAME} can't be read any more.") from None
    if not isinstance(said, dict) or "backup_id" not in said:
        raise Refused(f"{folder / NAME} is not the manifest of a backup.")
    return said


def _digest(said: dict[str, Any], safe: Safe) -> str:
    """With a passphrase only its holder can make it; without one it shows accidents, not malice."""
    words = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    if safe.key is None:
        return hashlib.sha256(words).hexdigest()
    return hmac.new(safe.key, b"manifest|" + words, hashlib.sha256).hexdigest()
