"""What came of reports, in the open: figures by kind, and results with their reasons."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from oversight import access, figures
from oversight.models import Matter
from oversight.states import STATE_WORDS, Kind, MatterState
from oversight.web import words
from rulebook import policies
from web.http import Request
from web.paging import paginate
from web.respond import page

PER_PAGE = 10


@require_safe
def reports(request: Request) -> HttpResponse:
    at = clock.now()
    found, shown = figures.of_year(at=at), paginate(request, access.results(), PER_PAGE)
    context = {
        "found": found,
        "kinds": [{"row": row, "kind": _(words.SHORT[Kind(row.kind)])} for row in found.rows],
        "outcomes": [
            {"said": _(STATE_WORDS[MatterState(name)]), "n": found.outcome(name)} for name in figures.OUTCOMES
        ],
        "page": shown,
        "rows": [_result(matter) for matter in shown.items],
        "now": at,
        "usual": policies.value("oversight.decision", at)["length"],
        "urgent": policies.value("oversight.urgent", at)["length"],
    }
    return page(request, "oversight/reports.html", context)


def _result(matter: Matter) -> dict[str, object]:
    told = words.of_matter(matter)
    return {**told, "authority": words.authority(told["ruling"])}


@require_safe
def figures_file(request: Request) -> HttpResponse:
    """The same numbers for programs."""
    return JsonResponse(figures.as_data(figures.of_year(at=clock.now())))
