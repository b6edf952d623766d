"""The receipt of a paid order: a page to print, and the same as JSON to keep."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.money import Money
from orders import access
from orders.invoices import receipts
from orders.invoices.receipts import Receipt
from orders.models import OrderLine
from orders.web import discount_words, presenting
from orders.web.presenting import View
from payments.gateways.registry import GATEWAYS
from web.http import Request
from web.respond import page

SCHEMA = "anxin.receipt.1"


@never_cache
@require_safe
def show(request: Request, number: str) -> HttpResponse:
    """The buyer's own; `?format=json` is the file."""
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.ORDERS), number)
    found = receipts.of_order(order)
    if request.GET.get("format") == "json":
        answer = JsonResponse(_file(found), json_dumps_params={"ensure_ascii": False, "indent": 2})
        answer["Content-Disposition"] = f'attachment; filename="receipt-{order.number}.json"'
        return answer
    return page(request, "orders/order_receipt.html", _view(found))


def _view(found: Receipt) -> View:
    order, now = found.order, clock.now()
    return {
        "order": order,
        "rows": [_line(found, line) for line in order.lines.all()],
        "taxed": presenting.taxed(order, at=now),
        "means": [{"title": _title(each.provider), "means": each} for each in found.means],
        "refunds": found.refunds,
        "now": now,
    }


def _line(found: Receipt, line: OrderLine) -> View:
    causes = found.causes.get(line.pk, [])
    return {
        **presenting.thing_of(line),
        "line": line,
        "off": discount_words.rows(line, causes, found.promotions),
    }


def _title(provider: str) -> str:
    gateway = GATEWAYS.get(provider)
    return _(gateway.title) if gateway else provider


def _file(found: Receipt) -> View:
    """Sums as decimals of the currency, instants with their zone; the words in the reader's language."""
    order = found.order
    return {
        "schema": SCHEMA,
        "order": order.number,
        "paid_at": order.paid_at.isoformat() if order.paid_at else "",
        "currency": order.currency,
        "seller": {
            "name": order.merchant.legal_name,
            "shop": order.merchant.display_name,
            "credit_code": order.merchant.licence_number,
        },
        "lines": [_line_file(found, line) for line in order.lines.all()],
        "goods": _sum(order.goods),
        "taken_off": _sum(order.discount),
        "freight": _sum(order.freight),
        "total": _sum(order.total),
        "gone_back": _sum(order.refunded),
        "left": _sum(order.left),
        "means": [
            {"by": _title(each.provider), "number": each.number, "payment": each.payment_number,
             "at": each.taken_at.isoformat()}
            for each in found.means
        ],
        "refunds": [
            {"amount": _sum(each.amount), "state": each.state, "at": each.asked_at.isoformat()}
            for each in found.refunds
        ],
    }  # fmt: skip


def _line_file(found: Receipt, line: OrderLine) -> View:
    view = _line(found, line)
    return {
        "what": view["title"],
        "choice": view["choice"],
        "quantity": line.quantity,
        "each": _sum(line.unit),
        "taken_off": [
            {"by": str(off["kind"]), "name": off["name"], "amount": _sum(off["amount"])}
            for off in view["off"]
        ],
        "paid": _sum(line.goods_paid),
        "freight": _sum(Money(line.freight_minor, line.order.currency)),
        "tax": line.tax,
        "gone_back": _sum(Money(line.refunded_minor, line.order.currency)),
    }


def _sum(amount: Money) -> str:
    return amount.decimal_text
