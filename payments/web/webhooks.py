"""The providers' door: only a signed notice gets through, and it is done once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kernel import clock
from payments import webhooks
from payments.gateways import registry
from payments.gateways.documents import LIMIT_BYTES
from payments.gateways.protocol import ForgedNotice


def signed_headers(request: HttpRequest) -> dict[str, str]:
    """Header names in lower case. WSGI joins a repeated header with a comma, which no signature has."""
    return {name.lower(): value for name, value in request.headers.items()}


def raw_body(request: HttpRequest) -> bytes:
    """The body as it came.

    :raises ForgedNotice: when it says it is longer than any notice
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT_BYTES:
        raise ForgedNotice()
    return request.body


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """What the provider wants to hear once its notice is safe with us, also for a repetition; 400: forged."""
    webhooks.receive(
        provider=provider, headers=signed_headers(request), body=raw_body(request), at=clock.now()
    )
    said = registry.gateway(provider).receipt()
    return HttpResponse(said.body, content_type=said.content_type, status=said.status)
