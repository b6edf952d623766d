"""Is it alive, may it be asked, how is it: two answers for machines and one page for everybody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk import health
from kernel import clock
from web import respond


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """This process answers; it asks nobody."""
    return HttpResponse("alive\n", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    found = health.measure(at=clock.now())
    said = {
        "ready": found.ready,
        "database": found.database,
        "migrated": found.migrated,
        "closed_because": found.closed_because,
        "relay_lag_seconds": found.relay_lag,
        "sweep_lag_seconds": found.sweep_lag,
        "parked": found.parked,
    }
    return JsonResponse(said, status=200 if found.ready else 503)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return respond.page(request, "desk/status.html", {"health": health.measure(at=now), "now": now})
