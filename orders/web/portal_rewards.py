"""A shop's points in its portal: what it has, what earned them, what they went into; redeemed for fees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import rewarding
from orders.web import portal_page
from payments.paying_out.turns import ZONE
from payments.points import redeeming, shop_view
from payments.points.shop_view import ShopMovement
from payments.points.spending import MovementKind
from privacy.access_record import record_export
from web.export import csv_response
from web.forms import Form
from web.http import Request
from web.idempotency import idempotent
from web.paging import Fetched, asked_for, paginate
from web.respond import page, redirect

MOST_IN_FILE = 10_000


class RedeemForm(Form):
    points = forms.IntegerField(
        label=gettext_lazy("How many points"),
        help_text=gettext_lazy("One point lowers a fee by one fen. Redeemed points don't end any more."),
        min_value=1,
        max_value=10**12,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: Request, slug: str) -> HttpResponse:
    """Whoever keeps the shop's money reads and redeems; the filter and the file follow what is shown."""
    if request.method == "POST":
        return _redeem(request, slug)
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    if request.GET.get("format") == "csv":
        return _file(request, membership)
    return _page(request, membership, RedeemForm())


@idempotent
def _redeem(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.FINANCE)
    form = RedeemForm(request.POST)
    if form.is_valid():
        wanted, at = form.cleaned_data["points"], clock.now()
        try:
            redeeming.redeem(merchant_id=membership.merchant_id, points=wanted, actor=membership.actor, at=at)
        except DomainError as refused:
            form.refuse(refused)
    if form.errors:
        return _page(request, membership, form, status=422)
    messages.success(request, _("Redeemed. Your next settlements pay less in fees until it is used up."))
    return redirect(request, "orders:merchant-rewards", slug)


def _page(request: Request, membership: Membership, form: RedeemForm, status: int = 200) -> HttpResponse:
    kind, oldest_first = _asked(request)

    def fetch(part: slice) -> list[dict[str, Any]]:
        return _rows(_moved(membership, kind, oldest_first, part))

    asked, at = asked_for(request), clock.now()
    total = shop_view.count(membership.merchant_id, kind=kind)
    context = {
        **portal_page.frame(membership),
        "standing": shop_view.standing(membership.merchant_id, at=at),
        "rates": shop_view.rates(at),
        "paged": paginate(request, Fetched(asked.start, fetch(asked), fetch), total=total),
        "kinds": [(str(each), each.label) for each in MovementKind],
        "kind": kind,
        "oldest_first": oldest_first,
        "form": form,
        "now": at,
    }
    return page(request, "orders/portal_rewards.html", context, status=status)


def _asked(request: Request) -> tuple[str, bool]:
    kind = request.GET.get("kind", "")
    return kind if kind in set(MovementKind) else "", request.GET.get("sort") == "oldest"


def _moved(membership: Membership, kind: str, oldest_first: bool, part: slice) -> list[ShopMovement]:
    return shop_view.movements(membership.merchant_id, kind=kind, oldest_first=oldest_first, part=part)


def _rows(moved: Sequence[ShopMovement]) -> list[dict[str, Any]]:
    numbers = rewarding.numbers_of([each.order_id for each in moved if each.order_id])
    return [
        {
            "row": each,
            "words": _(each.words),
            "grounds": " · ".join(each.grounds),
            "number": numbers.get(each.order_id, "") if each.order_id else "",
        }
        for each in moved
    ]


def _file(request: Request, membership: Membership) -> HttpResponse:
    """One line per movement, as on the page."""
    kind, oldest_first = _asked(request)
    rows = _rows(_moved(membership, kind, oldest_first, slice(0, MOST_IN_FILE)))
    taken = record_export(
        actor=membership.actor,
        what="orders.points",
        rows=len(rows),
        subject_ids=(),
        fields=(),
        at=clock.now(),
    )
    header = [_("Time"), _("Movement"), _("Order"), _("Points"), _("Points afterwards")]
    return csv_response("shop-points", header, [_cells(each) for each in rows], number=taken)


def _cells(each: dict[str, Any]) -> list[object]:
    return [
        each["row"].at.astimezone(ZONE).isoformat(timespec="seconds"),
        " · ".join(filter(None, [each["words"], each["grounds"]])),
        each["number"],
        each["row"].points,
        each["row"].after,
    ]
