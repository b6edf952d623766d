"""The public list of sanctions: who, what, why, since when and until when; and how often we were wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from merchants import inspection_figures, publication
from merchants.penalty_lifecycle import STEP_WORDS, STEPS
from merchants.web.standing import row
from web import respond
from web.http import Request
from web.paging import paginate


@require_safe
def sanctions(request: Request) -> HttpResponse:
    """Filtered by step and by whether it is in force; the newest first."""
    at, step, now = clock.now(), request.GET.get("step", ""), request.GET.get("state", "")
    found = publication.shown()
    found = found.filter(step=step) if step in STEPS else found
    found = found.filter(state=now) if now in ("in_force", "ended") else found
    page = paginate(request, found)
    context = {
        "page": page,
        "rows": [row(each, at) for each in page.items],
        "steps": [{"code": str(each), "said": _(STEP_WORDS[each])} for each in STEPS],
        "step": step,
        "state": now,
        **_figures(at=at),
        "now": at,
    }
    return respond.page(request, "merchants/sanctions.html", context)


def _figures(*, at: datetime) -> dict[str, Any]:
    """How often we were wrong, and what inspections came to."""
    ruled, overturned = publication.appeal_figures(at=at)
    return {
        "ruled": ruled,
        "overturned": overturned,
        "share": round(overturned * 100 / ruled) if ruled else None,
        "inspections": inspection_figures.of_year(at=at),
    }
