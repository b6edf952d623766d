"""Is it alive, may it be asked, how is it: two answers for machines and one page for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk import health
from kernel import clock
from kernel.errors import NotFound
from notifications import disruptions
from notifications.disruption_lifecycle import COMPONENT_WORDS, STAGE_WORDS, Component, Stage
from notifications.models import Disruption
from rulebook import wording
from web import paging, respond

# So many disruptions stand in the feed; the page has them all.
FEED = 20


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
    found = health.measure(at=now)
    running = disruptions.running() if found.database and found.migrated else []
    context = {"health": found, "running": [_shown(each) for each in running], "now": now}
    return respond.page(request, "desk/status.html", context | {"language": wording.locale()})


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Every disruption that there was, the newest first."""
    found = paging.paginate(request, disruptions.history())
    context = {"page": found, "rows": [_shown(each) for each in found], "language": wording.locale()}
    return respond.page(request, "desk/status_history.html", context)


@require_safe
def feed(request: HttpRequest, language: str) -> HttpResponse:
    """The newest updates as Atom, in one of our languages.

    :raises NotFound: another language
    """
    if language not in disruptions.LANGUAGES:
        raise NotFound
    here = request.build_absolute_uri(reverse("desk:status-history"))
    with translation.override(language):
        body = _atom(disruptions.history()[:FEED], here, language)
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


def _atom(found: Iterable[Disruption], here: str, language: str) -> str:
    title = gettext("Disruptions of the platform")
    made = Atom1Feed(title=title, link=here, description="", language=language)
    for each in found:
        for said in each.updates.all():
            made.add_item(
                title=f"{each.title[language]} · {gettext(STAGE_WORDS[Stage(said.stage)])}",
                link=f"{here}#d-{each.pk}",
                description=said.words[language],
                unique_id=f"urn:uuid:{said.pk}",
                updateddate=said.at,
            )
    return str(made.writeString("utf-8"))


def _shown(held: Disruption) -> dict[str, Any]:
    """One disruption in the reader's language."""
    language = wording.locale()
    return {
        "held": held,
        "title": held.title[language],
        "stage": gettext(STAGE_WORDS[Stage(held.stage)]),
        "concerned": [gettext(COMPONENT_WORDS[Component(each)]) for each in held.components],
        "updates": [
            (said.at, gettext(STAGE_WORDS[Stage(said.stage)]), said.words[language])
            for said in held.updates.all()
        ],
    }
