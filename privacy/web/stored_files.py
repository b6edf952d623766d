"""Giving out a sealed file to somebody who may see it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kernel.actor import Actor
from privacy import file_types, files
from privacy.models import StoredFile


def answer(stored: StoredFile, *, purpose: str, actor: Actor, at: datetime) -> HttpResponse:
    """A picture in the page, everything else as a download; never cached, never sniffed, never run.

    :raises FileNotReady: before it was examined
    """
    content = files.content(file_id=stored.pk, purpose=purpose, actor=actor, at=at)
    if stored.media_type not in file_types.IMAGES:
        return download(stored, content)
    return _sealed_off(HttpResponse(content, content_type="image/webp"), stored, attached=False)


def download(stored: StoredFile, content: bytes) -> HttpResponse:
    """Saved, never shown: what stands in it runs nowhere."""
    return _sealed_off(HttpResponse(content, content_type=stored.media_type), stored, attached=True)


def _sealed_off(response: HttpResponse, stored: StoredFile, *, attached: bool) -> HttpResponse:
    response["Content-Disposition"] = content_disposition_header(attached, stored.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
