"""The public page of the books: every rule of the money, when it was last worked out, and what is open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from payments import book_checks, fund_figures
from payments.gift_cards import wallet
from payments.points import spending
from web.respond import page


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """No row and no name: whether each rule holds, what is owed to holders, and the protection fund."""
    standing = book_checks.standing()
    checks = sorted(standing.checks, key=lambda one: not one.offences)
    rows = [{"words": gettext(one.rule), "offences": one.offences} for one in checks]
    owed = {
        "cards": wallet.owed(),
        "points": spending.owed(),
        "shop_points": spending.owed(shops=True),
    }
    fund = {"sheet": fund_figures.sheet(), "on_top": fund_figures.compensations()}
    return page(request, "payments/books.html", {"standing": standing, "rows": rows, **owed, **fund})
