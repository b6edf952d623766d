"""Giving out a file of a case to someone who may see the case."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from complaints import access
from complaints.models import Complaint
from kernel.actor import Actor
from privacy import file_types


def answer(complaint: Complaint, exhibit_id: UUID, *, actor: Actor, at: datetime) -> HttpResponse:
    """A picture in the page, everything else as a download; never cached, never sniffed, never run."""
    exhibit = access.exhibit_of(complaint, exhibit_id)
    content = access.exhibit_content(exhibit, actor=actor, at=at)
    picture = exhibit.file.media_type in file_types.IMAGES
    media_type = "image/webp" if picture else exhibit.file.media_type
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = (
        content_disposition_header(not picture, exhibit.file.name) or "attachment"
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
