"""Where a finder of a weakness writes to, for people and for machines."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kernel import clock
from web import respond

# The text says when it is stale; RFC 9116 asks for less than a year.
FRESH = timedelta(days=180)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    contact = settings.SECURITY_CONTACT
    context = {"contact": contact, "shown": contact.removeprefix("mailto:")}
    return respond.page(request, "desk/security.html", context)


@require_safe
def text(request: HttpRequest) -> HttpResponse:
    return HttpResponse(security_txt(at=clock.now()), content_type="text/plain; charset=utf-8")


def security_txt(*, at: datetime) -> str:
    """The file of RFC 9116; good for half a year from `at` (UTC)."""
    until = (at + FRESH).replace(microsecond=0)
    lines = {
        "Contact": settings.SECURITY_CONTACT,
        "Expires": until.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": "zh, en",
        "Canonical": f"{settings.BASE_URL}/.well-known/security.txt",
        "Policy": f"{settings.BASE_URL}/security",
    }
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items())
