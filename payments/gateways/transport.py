"""How requests reach the other side: over HTTP, and only to addresses that the settings name."""

from __future__ import annotations

from django.conf import settings

from payments.gateways.protocol import Answer, Request
from web import outgoing

# A day's statement as a file; an answer of the interface is never that long.
FILE_BYTES, FILE_SECONDS = 64 * 1024 * 1024, 60
_DOWNLOADS = "/v3/billdownload/"


def over_http(request: Request) -> Answer:
    """Call the provider's configured address. Host and port never come from data; no redirect is followed."""
    place = outgoing.Origin.of(_url(request), inside=settings.SANDBOX)
    is_file = request.origin == "files" or request.path.startswith(_DOWNLOADS)
    answer = outgoing.post(
        place,
        request.path,
        body=request.body,
        headers=request.headers,
        method=request.method,
        timeout=FILE_SECONDS if is_file else outgoing.TIMEOUT_SECONDS,
        limit=FILE_BYTES if is_file else outgoing.LIMIT_BYTES,
    )
    return Answer(answer.status, answer.body, answer.headers)


def _url(request: Request) -> str:
    if request.provider == "sandbox":
        return str(settings.LOOPBACK_URL)
    given = settings.PROVIDERS[request.provider]
    return str(given["bills_url"] if request.origin == "files" else given["url"])
