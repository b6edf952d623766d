"""A copy of everything held about a person: queued with the request, built by the worker, kept for days."""

from __future__ import annotations

from datetime import datetime

from privacy.models import CopyState, PersonalCopy, Request


def queue(*, request: Request, at: datetime) -> PersonalCopy:
    """Ask the worker for the copy that answers `request`."""
    return PersonalCopy.objects.create(request=request, asked_at=at)


def drop(*, request: Request, at: datetime) -> None:
    """Nobody waits for it any more: it isn't built, and a finished one stays until it expires."""
    PersonalCopy.objects.filter(request=request, state__in=[CopyState.WAITING, CopyState.BUILDING]).update(
        state=CopyState.EXPIRED, claimed_until=None
    )
