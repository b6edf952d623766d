"""Looking into invoices as tax offices make them: OFD packages and XML hold data, and nothing that runs."""

from __future__ import annotations

import io
import zipfile
import zlib

from privacy.file_types import BAD_MARKS, Refused

# The package's own table of contents (GB/T 33190-2016).
ROOT = "OFD.xml"
MOST_PARTS = 2_000
MOST_BYTES = 50 * 1024 * 1024
# Entities read other files, or grow without end.
_XML_MARKS = (b"<!doctype", b"<!entity", *(mark.lower() for mark in BAD_MARKS))


def look_into(plain: bytes, media_type: str) -> None:
    """:raises Refused: what it says it is isn't so, or something in it could run"""
    if media_type == "application/xml":
        _look_at_xml(plain)
    if media_type == "application/ofd":
        _look_at_package(plain)


def _look_at_xml(plain: bytes) -> None:
    lowered = plain.replace(b"\0", b"").lower()
    if any(mark in lowered for mark in _XML_MARKS):
        raise Refused("active_content")


def _look_at_package(plain: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(plain)) as package:
            parts = package.infolist()
            if ROOT not in package.namelist():
                raise Refused("not_an_invoice")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Refused("too_large_inside")
            for part in parts:
                if part.filename.lower().endswith(".xml"):
                    _look_at_xml(package.read(part))
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        raise Refused("not_an_invoice") from error
