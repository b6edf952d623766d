"""The portal's first page."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from desk import on_time, shop_today
from kernel import clock
from merchants import access
from merchants.lifecycle import STATE_WORDS, MerchantState
from web import respond
from web.http import Request


@require_safe
def today(request: Request, slug: str) -> HttpResponse:
    """What is due, what waits for others, the money, and how dispatch goes."""
    membership, now = access.membership_for(request.actor, slug), clock.now()
    merchant = access.admitted(membership)
    day = shop_today.Day(merchant, at=now)
    context = {
        "merchant": merchant,
        "membership": membership,
        "now": now,
        "state_said": _(STATE_WORDS[MerchantState(merchant.state)]),
        "decision": access.standing_decision(merchant),
        "work": day.work(),
        "waiting": day.waiting(),
        "due_today": day.due_today(),
        "money": shop_today.money(merchant),
        "chart": on_time.chart(merchant, at=now),
        "counts": day.counts(),
    }
    return respond.page(request, "desk/shop_today.html", context)
