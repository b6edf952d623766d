"""From whatever was sent to the widths that pages show: pixels only, upright, nothing else survives."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.errors import N_, Invalid
from privacy import file_types

LIMIT_BYTES = 15 * 1024 * 1024
# A phone's picture has up to 50 megapixels; a decoder holds 3 bytes for each.
PIXELS = 50_000_000
SMALLEST = 200
# Cards show 320, pages 640, the picture alone 1280; a smaller original is never blown up.
WIDTHS = (320, 640, 1280)
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError)


class PictureEmpty(Invalid):
    code = "picture_empty"
    message = N_("“%(name)s” is empty. Choose the file again.")


class PictureTooLarge(Invalid):
    code = "picture_too_large"
    message = N_(
        "“%(name)s” is larger than %(limit)s MB."
        " Save it smaller (1,280 pixels across are enough) and send it again."
    )


class PictureTypeRefused(Invalid):
    code = "picture_type_refused"
    message = N_("“%(name)s” isn't a picture that can be taken. Send JPG, PNG or WebP.")


class PictureUnreadable(Invalid):
    code = "picture_unreadable"
    message = N_("“%(name)s” can't be opened: it's damaged or cut off. Save it anew and send it again.")


class PictureHuge(Invalid):
    code = "picture_huge"
    message = N_(
        "“%(name)s” has more than %(limit)s million pixels. Save it smaller (1,280 pixels across are enough)."
    )


class PictureTiny(Invalid):
    code = "picture_tiny"
    message = N_(
        "“%(name)s” is smaller than %(limit)s × %(limit)s pixels;"
        " buyers couldn't see the goods. Send a larger one."
    )


@dataclass(frozen=True, slots=True)
class Made:
    """`width` and `height` of the upright original; `files` are WebP by width."""

    width: int
    height: int
    files: Mapping[int, bytes]


def make(plain: bytes, *, name: str) -> Made:
    """Decode and draw anew in every width; place, camera, thumbnails and whatever was appended are gone.

    :raises PictureEmpty, PictureTooLarge, PictureTypeRefused, PictureUnreadable, PictureHuge, PictureTiny:
    """
    media_type = _media_type(plain, name)
    try:
        with Image.open(io.BytesIO(plain), formats=[_FORMATS[media_type]]) as picture:
            _require_fit(picture.size, name)
            size = _upright(picture)
            # A JPEG can be decoded at a half or a quarter: memory for what is shown, not for what was sent.
            picture.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
            whole = _on_white(ImageOps.exif_transpose(picture))
    except Invalid:
        raise
    except Image.DecompressionBombError as error:
        raise PictureHuge(name=name, limit=PIXELS // 1_000_000) from error
    except _BROKEN as error:
        raise PictureUnreadable(name=name) from error
    return Made(width=size[0], height=size[1], files={width: _drawn(whole, width) for width in WIDTHS})


def _media_type(plain: bytes, name: str) -> str:
    if not plain:
        raise PictureEmpty(name=name)
    if len(plain) > LIMIT_BYTES:
        raise PictureTooLarge(name=name, limit=LIMIT_BYTES // 1_048_576)
    media_type = file_types.sniff(plain[:32])
    if media_type not in _FORMATS or not file_types.name_fits(name, str(media_type)):
        raise PictureTypeRefused(name=name)
    return str(media_type)


def _require_fit(size: tuple[int, int], name: str) -> None:
    """By the header alone, before a single pixel is decoded."""
    width, height = size
    if width * height > PIXELS:
        raise PictureHuge(name=name, limit=PIXELS // 1_000_000)
    if min(width, height) < SMALLEST:
        raise PictureTiny(name=name, limit=SMALLEST)


def _upright(picture: Image.Image) -> tuple[int, int]:
    """Width and height as people see them: cameras write the turn beside the pixels (EXIF 2.32, 0x0112)."""
    width, height = picture.size
    return (height, width) if picture.getexif().get(0x0112, 1) >= 5 else (width, height)


def _on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, which would turn black: the product stands on white."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")
    return picture.convert("RGB")


def _drawn(whole: Image.Image, width: int) -> bytes:
    """Within a square of that width, never larger; from bare pixels, so nothing rides along."""
    shown = whole.copy()
    shown.thumbnail((width, width), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    Image.frombytes("RGB", shown.size, shown.tobytes()).save(out, "WEBP", quality=82, method=4)
    return out.getvalue()
