"""The contract as it stood when the order was placed: readable, printable, a file to keep."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.mandate_scopes import Scope
from catalog import offers
from kernel import clock
from orders import access
from orders.models import Order, OrderLine
from orders.web import contract_file, parcel_view, presenting, taken_words, way_choice
from orders.web.presenting import View
from rulebook import wording
from web.http import Request
from web.respond import page


@never_cache
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.ORDERS), number)
    if request.GET.get("format") == "json":
        told = contract_file.told(order, at=clock.now())
        answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = f'attachment; filename="contract-{order.number}.json"'
        return answer
    return page(request, "orders/contract.html", _contract(order, at=clock.now()))


def _contract(order: Order, *, at: datetime) -> View:
    taken = taken_words.of_order(order)
    rows = [
        _line(line)
        | {
            "rights": presenting.line_rights(order, line, at=at),
            "causes": taken["causes_by_line"].get(line.pk, []),
        }
        for line in order.lines.all()
    ]
    return {
        "order": order,
        "rows": rows,
        "causes": taken["causes"],
        "taxed": presenting.taxed(order, at=at),
        "sent": [] if order.goes_nowhere else parcel_view.parcels(order),
        "shared": contract_file.shared_with(order),
        "way": way_choice.of_order(order),
        "now": at,
    }


def _line(line: OrderLine) -> View:
    content = line.content
    return {
        **presenting.thing_of(line),
        "line": line,
        "notices": presenting.notices_of(content),
        "description": offers.description(content, wording.locale()),
        "revision": line.revision.number,
        "published_at": line.revision.published_at,
        "promises": presenting.promises_said(line.terms),
        "confirmed_wording": _(line.confirmed_wording) if line.confirmed_wording else "",
    }
