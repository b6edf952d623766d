"""What a file really is, by its first bytes; names and browsers' claims don't count."""

from __future__ import annotations

from collections.abc import Callable

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

EXTENSIONS = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "audio/mp4": ("m4a",),
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


def name_fits(name: str, media_type: str) -> bool:
    """Whether the name's ending says what the bytes say."""
    return name.lower().rpartition(".")[2] in EXTENSIONS[media_type]
