"""Giving out one side of a document: never cached, never sniffed, never run."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from kernel.actor import Actor
from merchants import access
from merchants.models import Document


def answer(document: Document, side: str, *, purpose: str, actor: Actor, at: datetime) -> HttpResponse:
    """A picture in the page, a PDF as a download."""
    content, media_type = access.paper(document, side, purpose=purpose, actor=actor, at=at)
    picture = media_type.startswith("image/")
    name = f"{document.kind}-{side}.{'webp' if picture else 'pdf'}"
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(not picture, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
