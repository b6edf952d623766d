"""The public figures: which promises with a date were kept, and which were broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from deadlines import queues
from kernel import clock
from web.respond import page


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """A page of its own, and the fragment that the page of open data embeds."""
    at = clock.now()
    context = {"records": queues.figures(at=at), "days": queues.BACK.days, "now": at}
    return page(request, "deadlines/figures.html", context, fragment="figures")
