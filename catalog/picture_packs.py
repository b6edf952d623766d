"""Pictures in a ZIP: named by their files, taken one at a time, so that no pack can fill memory or disk."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog import pictures
from catalog.picture_making import LIMIT_BYTES, PictureTooLarge, PictureUnreadable
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from privacy.files import safe_name
from web.errors import sentence

MOST = 1000
# The directory alone of a ZIP with more names than that costs memory before anything is read.
MOST_NAMES = 5 * MOST
_UTF8 = 0x800
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class PackUnreadable(Invalid):
    code = "picture_pack_unreadable"
    message = N_("The pictures have to come as one ZIP file without a password.")


class PackTooMany(Invalid):
    code = "picture_pack_too_many"
    message = N_(
        "The ZIP file holds more than %(limit)s pictures. Split it, and send the parts one after the other."
    )


class PictureNameTwice(Invalid):
    code = "picture_name_twice"
    message = N_("“%(name)s” is in the ZIP file twice. Give each picture its own name.")


@dataclass(slots=True)
class Taken:
    """`problems` are (name, sentence)."""

    count: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


def size(stream: IO[bytes]) -> int:
    """How many pictures the pack names.

    :raises PackUnreadable: :raises PackTooMany: before anything is unpacked
    """
    return len(_entries(stream))


def take(
    stream: IO[bytes], *, merchant_id: UUID, actor: Actor, at: datetime, first: int = 0, most: int = MOST
) -> Taken:
    """Put `most` of the pack's pictures, from the `first` on, into the shop's collection.

    :raises PackUnreadable: :raises PackTooMany:
    """
    entries = _entries(stream)
    names = [safe_name(_name(each)) for each in entries]
    found = Taken()
    with zipfile.ZipFile(stream) as pack:
        for place in range(first, min(first + most, len(entries))):
            name = names[place]
            try:
                if name in names[:place]:
                    raise PictureNameTwice(name=name)
                upload = SimpleUploadedFile(name, _content(pack, entries[place], name))
                pictures.add(merchant_id=merchant_id, upload=upload, actor=actor, at=at)
                found.count += 1
            except DomainError as refused:
                found.problems.append((name, sentence(refused)))
    return found


def _content(pack: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Never more than a picture may weigh, whatever the directory says of it."""
    try:
        with pack.open(entry) as file:
            content = file.read(LIMIT_BYTES + 1)
    except (*_BROKEN, NotImplementedError) as error:
        raise PictureUnreadable(name=name) from error
    if len(content) > LIMIT_BYTES:
        raise PictureTooLarge(name=name, limit=LIMIT_BYTES // 1_048_576)
    return content


def _entries(stream: IO[bytes]) -> list[zipfile.ZipInfo]:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as pack:
            every = pack.infolist()
    except _BROKEN as error:
        raise PackUnreadable from error
    if len(every) > MOST_NAMES:
        raise PackTooMany(limit=MOST)
    found = [each for each in every if _is_picture(each)]
    if not found or any(each.flag_bits & _ENCRYPTED for each in found):
        raise PackUnreadable
    if len(found) > MOST:
        raise PackTooMany(limit=MOST)
    return found


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    """What systems put beside the pictures is passed over; what isn't one is refused when it is read."""
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and not path.name.startswith(".") and "__MACOSX" not in path.parts


def _name(entry: zipfile.ZipInfo) -> str:
    """The file's name alone: folders, and ways out of them, mean nothing here.

    Windows packs Chinese names in the system's encoding without saying so, which is read as code page 437.
    """
    name = PurePosixPath(entry.filename.replace("\\", "/")).name
    if entry.flag_bits & _UTF8 or name.isascii():
        return name
    try:
        return name.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return name
