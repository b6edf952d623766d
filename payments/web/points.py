"""A person's bonus points: how many, what ends when, and every movement, to filter and to take along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import NotFound
from payments.paying_out.turns import ZONE
from payments.points import spending, terms
from payments.points.spending import Movement, MovementKind
from web.export import csv_response
from web.http import Request
from web.paging import paginate
from web.respond import page


@never_cache
@login_required
@require_safe
def points(request: Request) -> HttpResponse:
    """Only one's own: this page knows no mandate."""
    if request.actor.subject_id is None:
        raise NotFound()
    subject_id, now, kind = request.actor.subject_id, clock.now(), request.GET.get("kind", "")
    moved = spending.movements(subject_id, kind)
    if request.GET.get("format") == "csv":
        return _file(moved)
    context = {
        **_standing(subject_id, now),
        "paged": paginate(request, [{"row": each, "words": _(each.words)} for each in moved]),
        "kinds": [(str(each), each.label) for each in MovementKind],
        "kind": kind if kind in set(MovementKind) else "",
    }
    return page(request, "payments/points.html", context)


def _standing(subject_id: UUID, now: datetime) -> dict[str, object]:
    balance = spending.balance(subject_id, at=now)
    return {
        "balance": balance,
        "endings": spending.endings(subject_id, at=now),
        "earning": terms.permille(now),
        "share": terms.share_permille(now) // 10,
        "now": now,
    }


def _file(moved: Sequence[Movement]) -> HttpResponse:
    """One line per movement, newest first, as on the page."""
    header = [_("Time"), _("Movement"), _("Payment"), _("Bonus points"), _("Points afterwards")]
    rows = [
        [
            each.at.astimezone(ZONE).isoformat(timespec="seconds"),
            _(each.words),
            each.number,
            each.points,
            each.after,
        ]
        for each in moved
    ]
    return csv_response("points", header, rows)
