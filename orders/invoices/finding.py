"""Invoices for pages: the buyer's own, and a shop's; foreign and absent look the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.access import mask
from orders.invoice_queries import InvoicePaperQuerySet
from orders.invoice_states import InvoiceState, PaperState, TitleKind
from orders.models import Invoice, InvoicePaper, InvoiceRow, Order
from privacy import access_record, keys
from privacy.models import StoredFile
from rulebook import policies

TITLE = ("orders.Invoice.title", "orders.Invoice.tax_number")
SMALLEST = "promise.smallest_figure"
DAYS = 90
_ISSUED = Q(state=PaperState.ISSUED)
# What a shop's tabs show, and a buyer's.
TABS: dict[str, Q] = {
    "due": Q(state=PaperState.DUE),
    "late": Q(state=PaperState.DUE, late_at__isnull=False),
    "issued": _ISSUED,
    "all": Q(),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """Of the papers whose time ended in the last 90 days, so many were issued in it."""

    kept: int
    all: int
    shown: bool


def of_order(order: Order) -> list[Invoice]:
    """Every wish for an invoice of this order, the last one last, with its papers."""
    return list(Invoice.objects.of_order(order.pk).prefetch_related("papers__file", "papers__rows"))


def papers_of_buyer(actor: Actor) -> InvoicePaperQuerySet:
    if actor.subject_id is None:
        return InvoicePaper.objects.none()
    return InvoicePaper.objects.of_person(actor.subject_id).exclude(state=PaperState.DROPPED)


def issued_paper(order: Order, paper_id: UUID) -> InvoicePaper:
    """Of an order whose reader was checked. :raises NotFound: another order's, or not issued"""
    rows = InvoicePaper.objects.filter(_ISSUED, invoice__order_id=order.pk).select_related("file")
    return rows.get_or_not_found(pk=paper_id)


def papers_of_shop(membership: Membership) -> InvoicePaperQuerySet:
    membership.require(Capability.READ)
    return InvoicePaper.objects.of_merchant(membership.merchant_id)


def paper_of_shop(membership: Membership, paper_id: UUID) -> InvoicePaper:
    """:raises NotFound: also when it is another shop's"""
    found = papers_of_shop(membership).prefetch_related("rows").get_or_not_found(pk=paper_id)
    found.invoice.order.merchant = membership.merchant
    return found


def title_for_shop(membership: Membership, invoice: Invoice, *, at: datetime) -> dict[str, str]:
    """Whole while the shop has to issue it, each look recorded; afterwards a person's name is masked."""
    if not membership.can(Capability.ORDERS):
        return {"title": "", "tax_number": ""}
    try:
        keys.current(invoice.subject_id)
    except keys.KeyDestroyed:
        return {"title": "", "tax_number": ""}
    access_record.record(
        actor=membership.actor, subject_id=invoice.subject_id, purpose="orders.invoice", fields=TITLE, at=at
    )
    whole = invoice.state == InvoiceState.ASKED or invoice.kind == TitleKind.COMPANY
    title = invoice.title or ""
    return {"title": title if whole else mask(title), "tax_number": invoice.tax_number or ""}


def usual_rates(merchant_id: UUID, order: Order) -> dict[UUID, int]:
    """By line, the rate that the shop stated last for the same listing; none where it never did."""
    listings = {line.listing_id: line.pk for line in order.lines.all()}
    rows = InvoiceRow.objects.filter(paper__merchant_id=merchant_id, line__listing_id__in=listings)
    latest = rows.order_by("line__listing_id", "-paper__issued_at", "-id").distinct("line__listing_id")
    return {listings[listing]: rate for listing, rate in latest.values_list("line__listing_id", "rate")}


def counts(merchant_id: UUID) -> dict[str, int]:
    rows = InvoicePaper.objects.filter(merchant_id=merchant_id)
    return rows.aggregate(**{name: Count("id", filter=which) for name, which in TABS.items() if which})


def in_time(merchant_id: UUID, *, at: datetime) -> Figure:
    """For everybody: how often the shop issued what it owed in its time. One statement."""
    rows = InvoicePaper.objects.filter(
        merchant_id=merchant_id, due_at__gt=at - timedelta(days=DAYS), due_at__lte=at
    ).exclude(state=PaperState.DROPPED)
    found = rows.aggregate(all=Count("id"), kept=Count("id", filter=_ISSUED & Q(late_at__isnull=True)))
    return Figure(found["kept"], found["all"], found["all"] >= policies.number(SMALLEST, at))


def file_of(paper: InvoicePaper) -> StoredFile:
    """:raises NotFound: an erased person's paper has none, and one that isn't issued neither"""
    if paper.file is None:
        raise NotFound
    return paper.file
