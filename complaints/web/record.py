"""The public record of complaints about a shop, as a page and as the part that the shop's page embeds."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import record
from kernel import clock
from merchants.access import public_merchant
from web import respond
from web.http import Request


@require_safe
def shop_record(request: Request, slug: str) -> HttpResponse:
    """Counts of the last twelve months by outcome."""
    merchant = public_merchant(slug)
    found = record.of_shop(merchant.pk, at=clock.now())
    outcomes = [
        (_("Settled between buyer and shop"), found.agreed),
        (_("Ruled for the buyer"), found.upheld),
        (_("Ruled partly for the buyer"), found.partly),
        (_("Ruled for the shop"), found.refused),
        (_("Withdrawn by the buyer"), found.withdrawn),
        (_("Still running"), found.running),
    ]
    context = {"merchant": merchant, "record": found, "outcomes": outcomes}
    return respond.page(request, "complaints/record.html", context, fragment="record")
