"""How requests reach the other side: over HTTP to one fixed address, or straight in (demo and tests)."""

from __future__ import annotations

from django.conf import settings

from payments.gateways.protocol import Answer, Request
from web import outgoing


def over_http(request: Request) -> Answer:
    """POST to the configured address. Host and port never come from data; no redirect is followed."""
    place = outgoing.Origin.of(settings.LOOPBACK_URL, inside=True)
    answer = outgoing.post(place, request.path, body=request.body, headers=request.headers)
    return Answer(answer.status, answer.body)
