"""What a file really is, by its first bytes; names and browsers' claims don't count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# ISO base media brands by family (ISO/IEC 14496-12, MPEG-4 registration authority).
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"isom": "video/mp4",
    b"iso2": "video/mp4",
    b"mp41": "video/mp4",
    b"mp42": "video/mp4",
    b"avc1": "video/mp4",
    b"qt  ": "video/quicktime",
    b"M4A ": "audio/mp4",
}


def _webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


_SIGNS: list[tuple[str, Callable[[bytes], bool]]] = [
    ("image/jpeg", lambda head: head[:3] == b"\xff\xd8\xff"),
    ("image/png", lambda head: head[:8] == b"\x89PNG\r\n\x1a\n"),
    ("image/webp", _webp),
    ("application/pdf", lambda head: head[:5] == b"%PDF-"),
]

# Things that no photograph, film or receipt needs (EICAR is the scanners' own test string).
BAD_MARKS = (
    b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR",
    b"<script",
    b"<?php",
    b"/JavaScript",
    b"/Launch",
    b"/OpenAction",
)


class Refused(Exception):
    """Why a file stays locked away; the code is shown to its owner."""


_BOM = b"\xef\xbb\xbf"


def _xml(head: bytes) -> bool:
    return head.removeprefix(_BOM).lstrip()[:5] == b"<?xml"


# Invoices as tax offices make them; an OFD file is a ZIP, what is in it the examiner looks at.
_PAPER_SIGNS: list[tuple[str, Callable[[bytes], bool]]] = [
    ("application/pdf", lambda head: head[:5] == b"%PDF-"),
    ("application/ofd", lambda head: head[:4] == b"PK\x03\x04"),
    ("application/xml", _xml),
]

EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "audio/mp4": ("m4a",),
    "application/ofd": ("ofd",),
    "application/xml": ("xml",),
}
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})


def sniff(head: bytes) -> str | None:
    """The media type of the first 32 bytes, or None for what we don't take."""
    for media_type, matches in _SIGNS:
        if matches(head):
            return media_type
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12])
    return None


def sniff_paper(head: bytes) -> str | None:
    """The same for invoices: PDF, OFD or XML, and nothing else."""
    return next((media_type for media_type, matches in _PAPER_SIGNS if matches(head)), None)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What one kind of upload may be: how it is told by its first bytes, and how that is said."""

    sniff: Callable[[bytes], str | None]
    papers: bool = False


USUAL = Accepted(sniff)
PAPERS = Accepted(sniff_paper, papers=True)


def name_fits(name: str, media_type: str) -> bool:
    """Whether the name's ending says what the bytes say."""
    return name.lower().rpartition(".")[2] in EXTENSIONS[media_type]
