"""Real picture files for tests, made by the library that cameras' files are read with."""

from __future__ import annotations

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MARK = b"GPS-and-owner-of-the-camera"


def photo(
    *,
    name: str = "kettle.jpg",
    size: tuple[int, int] = (900, 600),
    colour: str = "teal",
    exif: bytes | None = None,
) -> SimpleUploadedFile:
    """A picture of one colour in the form that its name says."""
    out = io.BytesIO()
    form = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}[name.rpartition(".")[2]]
    extra = {"exif": exif} if exif else {}
    Image.new("RGB", size, colour).save(out, form, **extra)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def from_a_camera(*, turn: int = 6) -> SimpleUploadedFile:
    """A JPEG with its place, its owner and a turn of the camera in its EXIF."""
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = turn, MARK.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return photo(name="from-a-camera.jpg", size=(900, 600), exif=exif.tobytes())


def claiming(width: int, height: int) -> SimpleUploadedFile:
    """A PNG whose header alone claims so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return SimpleUploadedFile("huge.png", body)


def named(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)
