"""How requests reach the other side: over HTTP to one fixed address, or straight in (demo and tests)."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from django.conf import settings

from payments.gateways.protocol import Answer, Request

TIMEOUT_SECONDS = 5
LIMIT_BYTES = 1024 * 1024


def over_http(request: Request) -> Answer:
    """POST to the configured address. Host and port never come from data; no redirect is followed."""
    base = urlsplit(settings.LOOPBACK_URL)
    if base.hostname is None or not request.path.startswith("/"):
        raise ValueError(f"no place to call: {request.path}")
    https = base.scheme == "https"
    connection_type = http.client.HTTPSConnection if https else http.client.HTTPConnection
    connection = connection_type(base.hostname, base.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("POST", request.path, request.body, request.headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(LIMIT_BYTES))
    except (OSError, http.client.HTTPException):
        return Answer(0)
    finally:
        connection.close()
