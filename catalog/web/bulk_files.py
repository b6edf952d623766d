"""The table of prices and stock as a file, and back."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from catalog.bulk import rows as table
from catalog.bulk import sheets
from catalog.web import bulk
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from web.errors import sentence
from web.export import csv_response, xlsx_response
from web.http import Request

FILES = {"csv": csv_response, "xlsx": xlsx_response}


@require_safe
def export(request: Request, slug: str, ending: str) -> HttpResponse:
    """The rows found, all pages of them."""
    membership = membership_for(request.actor, slug)
    if ending not in FILES:
        raise Http404
    found = table.found(membership.merchant_id, bulk.wanted(request.GET))
    rows = table.read(found.iterator(2000), locale=get_language() or "zh-hans")
    return FILES[ending](f"{slug}-prices-and-stock", sheets.header(), sheets.lines(rows))


@require_POST
def upload(request: Request, slug: str) -> HttpResponse:
    """What the file would change, as the check shows it; a refusal answers with the table."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    file = request.FILES.get("file")
    if file is None:
        return bulk.table_page(request, membership, refused=_("Choose the file first."))
    try:
        sheet = sheets.read(file, size=file.size or 0, merchant_id=membership.merchant_id, at=clock.now())
        return bulk.show_check(request, membership, sheet.changes, unread=sheet.unread)
    except DomainError as refused:
        return bulk.table_page(request, membership, refused=sentence(refused))
