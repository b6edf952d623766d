"""Letters about invoices: to the shop that has to issue one, to the buyer who gets it or doesn't."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.urls import reverse

from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.reminders import Reader, Reminder
from notifications.sending import send
from orders.announcing import path_for
from orders.invoice_events import (
    CreditNoteDue,
    InvoiceAsked,
    InvoiceIssued,
    InvoiceLate,
    InvoiceNudged,
    InvoiceRefused,
)
from orders.invoice_states import PaperKind
from orders.models import InvoicePaper, Order
from orders.reminding import shop_of_order

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_BUYER: dict[str, Value] = {"number": "A7M3Q9XK2PB", "path": "/orders/A7M3Q9XK2PB/"}
_SHOP: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/merchant/shan-zhi/invoices/",
    "amount": Money(12900),
}
KINDS = (
    LetterKind("orders.invoice_asked", sample={**_SHOP, "until": _DAY}),
    LetterKind("orders.credit_note_due", sample={**_SHOP, "until": _DAY}),
    LetterKind("orders.invoice_late_shop", sample=_SHOP),
    LetterKind("orders.invoice_nudged", sample=_SHOP),
    LetterKind("orders.invoice_issued", sample={**_BUYER, "amount": Money(12900)}),
    LetterKind("orders.credit_note_issued", sample={**_BUYER, "amount": Money(12900)}),
    LetterKind("orders.invoice_refused", sample={**_BUYER, "reason": "title_unknown"}),
    LetterKind("orders.invoice_late", sample=_BUYER),
)


def on_invoice_asked(event: InvoiceAsked, *, at: datetime) -> None:
    _to_shop(event.order_id, event.paper_id, "invoice_asked", dated=True, at=at)


def on_credit_note_due(event: CreditNoteDue, *, at: datetime) -> None:
    _to_shop(event.order_id, event.paper_id, "credit_note_due", dated=True, at=at)


def on_invoice_issued(event: InvoiceIssued, *, at: datetime) -> None:
    kind = "credit_note_issued" if event.kind == PaperKind.CREDIT_NOTE else "invoice_issued"
    _to_buyer(event.order_id, event.paper_id, kind, at=at, amount=Money(event.amount_minor))


def on_invoice_refused(event: InvoiceRefused, *, at: datetime) -> None:
    _to_buyer(event.order_id, event.paper_id, "invoice_refused", at=at, reason=event.reason)


def on_invoice_late(event: InvoiceLate, *, at: datetime) -> None:
    _to_buyer(event.order_id, event.paper_id, "invoice_late", at=at)
    _to_shop(event.order_id, event.paper_id, "invoice_late_shop", dated=False, at=at)


def on_invoice_nudged(event: InvoiceNudged, *, at: datetime) -> None:
    _to_shop(event.order_id, event.paper_id, "invoice_nudged", dated=False, at=at)


def shop_of_paper(reference: UUID) -> Reminder:
    """Who acts for the shop, and the page on which the paper is issued."""
    paper = InvoicePaper.objects.select_related("invoice__order__merchant").get(pk=reference)
    order = paper.invoice.order
    readers = [Reader(each.subject_id, _path(order, paper)) for each in shop_of_order(order.pk).readers]
    return Reminder(order.number, readers)


def _path(order: Order, paper: InvoicePaper) -> str:
    return reverse("orders:merchant-invoice", args=[order.merchant.slug, paper.pk])


def _to_shop(order_id: UUID, paper_id: UUID, kind: str, *, dated: bool, at: datetime) -> None:
    paper = InvoicePaper.objects.select_related("invoice__order__merchant").get(pk=paper_id)
    order = paper.invoice.order
    said: dict[str, Value] = {"number": order.number, "path": _path(order, paper), "amount": paper.amount}
    if dated:
        said["until"] = paper.due_at
    for reader in shop_of_order(order_id).readers:
        send(subject_id=reader.subject_id, kind=f"orders.{kind}", reference=paper_id, params=said, at=at)


def _to_buyer(order_id: UUID, paper_id: UUID, kind: str, *, at: datetime, **more: Value) -> None:
    order = Order.objects.get(pk=order_id)
    said: dict[str, Value] = {"number": order.number, "path": path_for(order), **more}
    send(subject_id=order.subject_id, kind=f"orders.{kind}", reference=paper_id, params=said, at=at)
