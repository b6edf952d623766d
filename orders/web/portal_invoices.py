"""The shop's invoices: what is due and until when, issued with number and file, or lawfully sent back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import N_, DomainError
from kernel.money import Money
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.invoice_queries import InvoicePaperQuerySet
from orders.invoice_states import PaperState, RefusalReason
from orders.invoices import clocks, drawing, finding, issuing
from orders.models import InvoicePaper
from orders.web import invoice_words, portal_page
from orders.web.invoice_forms import FileForm, IssueForm, RefuseForm
from orders.web.presenting import View
from privacy.access_record import record_export
from privacy.web import stored_files
from rulebook import queries, wording
from web.export import csv_response
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"due": N_("To be issued"), "late": N_("Late"), "issued": N_("Issued"), "all": N_("All")}
MOST_IN_FILE = 5000


@never_cache
@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    tab = request.GET.get("tab", "due")
    tab = tab if tab in TAB_WORDS else "due"
    found = _found(membership, tab, request.GET.get("q", ""))
    if request.GET.get("format") == "csv":
        return _file(membership, list(found[:MOST_IN_FILE]))
    held, paged = finding.counts(membership.merchant_id), paginate(request, found)
    tabs = [{**each, "count": held.get(name)} for name, each in _tabs(tab).items()]
    context = {
        **portal_page.frame(membership),
        "tabs": tabs,
        "tab": tab,
        "q": request.GET.get("q", ""),
        "paged": paged,
        "rows": [invoice_words.paper_row(each) for each in paged],
        "now": clock.now(),
    }
    return page(request, "orders/portal_invoices.html", context)


def _tabs(current: str) -> dict[str, View]:
    return dict(zip(TAB_WORDS, portal_page.tabs(TAB_WORDS, current), strict=True))


def _found(membership: Membership, tab: str, asked: str) -> InvoicePaperQuerySet:
    found = finding.papers_of_shop(membership).filter(finding.TABS[tab])
    wanted = asked.strip().upper()[:40]
    if wanted:
        found = found.of_number(wanted)
    return found.order_by("due_at", "id") if tab in ("due", "late") else found.order_by("-made_at", "-id")


def _file(membership: Membership, papers: list[InvoicePaper]) -> HttpResponse:
    """Exactly the rows that are shown, without whom they are made out to."""
    taken = record_export(
        actor=membership.actor, what="orders.invoices", rows=len(papers), subject_ids=(), fields=(),
        at=clock.now(),
    )  # fmt: skip
    header = [
        _("Order"),
        _("Kind of paper"),
        _("State"),
        _("Number"),
        _("Sum"),
        _("Issue by"),
        _("Issued on"),
    ]
    rows = (
        [each.invoice.order.number, row["kind_word"], row["state_word"], each.number,
         each.amount.decimal_text, each.due_at.isoformat(timespec="minutes"),
         each.issued_at.isoformat(timespec="minutes") if each.issued_at else ""]
        for each in papers
        for row in [invoice_words.paper_row(each)]
    )  # fmt: skip
    return csv_response("invoices", header, rows, number=taken)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, slug: str, paper_id: UUID) -> HttpResponse:
    """One paper: what it has to say; POST issues it."""
    needs = Capability.ORDERS if request.method == "POST" else Capability.READ
    membership = membership_for(request.actor, slug, needs=needs)
    paper = finding.paper_of_shop(membership, paper_id)
    if request.method == "POST":
        return _issue(request, membership, paper)
    return _page(request, membership, paper, _form(membership, paper))


@idempotent
def _issue(request: Request, membership: Membership, paper: InvoicePaper) -> HttpResponse:
    form = _form(membership, paper, request.POST, request.FILES)
    if form.is_valid():
        try:
            issuing.issue(paper_id=paper.pk, issued=form.issued, actor=membership.actor, at=clock.now())
        except DomainError as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Issued. The buyer is told, and can fetch the file."))
            return redirect(request, "orders:merchant-invoice", membership.merchant.slug, paper.pk)
    return _page(request, membership, paper, form, status=422)


def _form(membership: Membership, paper: InvoicePaper, *data: Any) -> IssueForm:
    order = paper.invoice.order
    said = drawing.said_of(order, paper) if paper.state == PaperState.DUE else {}
    lines = {line.pk: line.title(wording.locale()) for line in order.lines.all() if said.get(line.pk)}
    known = drawing.rates_of(paper)
    rates = known or finding.usual_rates(membership.merchant_id, order)
    initial = {"amount": paper.amount.decimal_text}
    return IssueForm(*data, paper=paper, lines=lines, rates=rates, asks_rates=not known, initial=initial)


def _page(
    request: Request, membership: Membership, paper: InvoicePaper, form: IssueForm, status: int = 200
) -> HttpResponse:
    now, may_act = clock.now(), membership.can(Capability.ORDERS)
    is_due = paper.state == PaperState.DUE
    context = {
        **portal_page.frame(membership),
        **invoice_words.paper_row(paper),
        "order": paper.invoice.order,
        "made_out": finding.title_for_shop(membership, paper.invoice, at=now),
        "lines": _lines(paper),
        "form": form,
        "refuse_form": RefuseForm(),
        "file_form": FileForm(),
        "may_issue": is_due and may_act,
        "may_refuse": is_due and may_act and not paper.is_credit_note,
        "law": queries.citation(clocks.DUTY, wording.locale(), at=now),
        "now": now,
    }
    return page(request, "orders/portal_invoice.html", context, status=status)


def _lines(paper: InvoicePaper) -> list[View]:
    """What it says line by line: as issued, else as it would be now."""
    lines = {line.pk: line for line in paper.invoice.order.lines.select_related("revision")}
    locale = wording.locale()
    if paper.state == PaperState.ISSUED:
        return [
            {"title": lines[row.line_id].title(locale), "gross": row.gross, "row": row,
             "rate": f"{row.rate / 100:g}%"}
            for row in paper.rows.all()
        ]  # fmt: skip
    if paper.state == PaperState.DROPPED:
        return []
    said = drawing.said_of(paper.invoice.order, paper)
    return [
        {"title": lines[key].title(locale), "gross": Money(minor, paper.currency)}
        for key, minor in said.items()
        if minor
    ]


def _opened(request: Request, slug: str, paper_id: UUID) -> tuple[Membership, InvoicePaper]:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    return membership, finding.paper_of_shop(membership, paper_id)


@require_POST
@idempotent
def refusal(request: Request, slug: str, paper_id: UUID) -> HttpResponse:
    """Sent back to the buyer for a lawful reason, so that they can put it right and ask again."""
    membership, paper = _opened(request, slug, paper_id)
    form = RefuseForm(request.POST)
    if form.is_valid():
        reason = RefusalReason(form.cleaned_data["reason"])
        issuing.refuse(paper_id=paper.pk, reason=reason, actor=membership.actor, at=clock.now())
        messages.success(request, _("Sent back. The buyer can put it right and ask again."))
    return redirect(request, "orders:merchant-invoice", slug, paper.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, slug: str, paper_id: UUID) -> HttpResponse:
    """The file as handed in; POST hands in another one where the first was locked away."""
    membership, paper = _opened(request, slug, paper_id)
    if request.method == "POST":
        return _again(request, membership, paper)
    stored = finding.file_of(paper)
    return stored_files.answer(stored, purpose="orders.invoice", actor=membership.actor, at=clock.now())


@idempotent
def _again(request: Request, membership: Membership, paper: InvoicePaper) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        issuing.hand_in_again(
            paper_id=paper.pk, upload=form.cleaned_data["file"], actor=membership.actor, at=clock.now()
        )
        messages.success(request, _("The file is handed in; it is examined now."))
    return redirect(request, "orders:merchant-invoice", membership.merchant.slug, paper.pk)
