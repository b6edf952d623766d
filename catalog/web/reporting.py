"""Older reports of offers, from before `oversight` took them over: a number still leads to its answer."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog import access, offers, reports
from catalog.finding_states import REPORT_OUTCOMES, REPORT_REASONS
from catalog.models import ListingReport
from deadlines import booking
from web.http import Request
from web.respond import page, redirect


@require_safe
def report(request: Request, key: str) -> HttpResponse:
    """The old address of the form: on to the one that takes reports of everything."""
    listing = access.public_listing(key)
    return redirect(request, f"{reverse('oversight:new')}?listing={listing.pk}")


@never_cache
@require_safe
def status(request: Request, number: str) -> HttpResponse:
    """Where it stands, for whoever holds the number; not what was written, nor by whom."""
    held: ListingReport = access.report_of(number)
    clock_row = booking.find(kind=reports.CLOCK, reference=held.pk)
    context = {
        "held": held,
        "title": offers.title(held.revision.content, get_language() or "zh-hans"),
        "cause": _(REPORT_REASONS[held.cause]),
        "outcome": _(REPORT_OUTCOMES[held.state]) if held.state in REPORT_OUTCOMES else "",
        "due_at": clock_row.due_at if clock_row else None,
    }
    return page(request, "catalog/report_status.html", context)
