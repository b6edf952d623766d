"""How often a shop kept what it promised, for everybody; the shop's page embeds it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalog.promises import WATCH_WORDS
from catalog.schema import in_language
from kernel import clock
from merchants.access import public_merchant
from orders import promise_figures
from orders.invoices import finding
from orders.messages import reading
from rulebook import wording
from web import respond
from web.http import Request


@require_safe
def shop_promises(request: Request, slug: str) -> HttpResponse:
    """Kept so many of so many in the last 90 days, by promise."""
    merchant = public_merchant(slug)
    rows = [
        {
            "said": in_language(each.promise.texts, wording.locale()),
            "watch": _(WATCH_WORDS[each.promise.watch]),
            "figure": each,
        }
        for each in promise_figures.of_shop(merchant.pk, at=clock.now())
    ]
    invoices = finding.in_time(merchant.pk, at=clock.now())
    context = {
        "merchant": merchant,
        "rows": rows,
        "days": promise_figures.DAYS,
        "invoices": invoices,
        "answers": reading.in_time(merchant.pk, at=clock.now()),
    }
    return respond.page(request, "orders/kept_promises.html", context, fragment="kept")
