"""The order of lists for one reader: off unless switched on, and only over what they agreed to."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from privacy import remembering
from web.http import Request
from web.respond import is_own_path, redirect

COOKIE = f"{settings.COOKIE_PREFIX}anxin_order"
MINE = "mine"


@require_POST
def choice(request: Request) -> HttpResponse:
    """Switch it on or off; on needs the consent to remember, which is asked on its own page."""
    on = request.POST.get("order") == MINE
    if on and not remembering.remembers(request):
        return redirect(request, f"{reverse('privacy:consents')}#personalisation")
    there = request.POST.get("next", "")
    response = redirect(request, there if is_own_path(request, there) else "catalog:search")
    if on:
        response.set_cookie(
            COOKIE,
            MINE,
            max_age=remembering.HALF_A_YEAR_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response


def is_on(request: Request) -> bool:
    """Whether this browser asked for it; what it may use is asked when the list is made."""
    return request.COOKIES.get(COOKIE) == MINE and remembering.remembers(request)


def first(request: Request, *, at: datetime) -> tuple[UUID, ...]:
    """What stands first for this reader; nothing for everybody else, at no cost."""
    return tuple(remembering.seen(request, at=at)) if is_on(request) else ()
