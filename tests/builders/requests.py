"""Data requests for tests, made through the use cases."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from kernel.actor import Actor
from privacy import requests
from privacy.models import Request
from privacy.states import Channel, RequestKind

ASKED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def a_request(
    subject_id: UUID,
    kind: RequestKind = RequestKind.CORRECT,
    *,
    details: str = "我的名字写错了，应该是林未。",
    at: datetime = ASKED,
) -> Request:
    """Asked by the person, signed in."""
    return requests.ask(
        subject_id=subject_id, kind=kind, details=details, actor=Actor.buyer(subject_id), at=at
    )


def a_request_by_telephone(
    subject_id: UUID, officer: Actor, kind: RequestKind = RequestKind.CORRECT, *, at: datetime = ASKED
) -> Request:
    """Written down by an officer; nobody knows yet that it is the person."""
    return requests.ask(
        subject_id=subject_id, kind=kind, details="来电", channel=Channel.PHONE, actor=officer, at=at
    )
