"""A buyer's invoices: asked for, taken back, fetched; all of them in one list; the titles that are kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import access
from orders.invoice_states import INVOICE, MOST_TITLES
from orders.invoices import asking, clocks, finding, titles
from orders.models import InvoicePaper, Order
from orders.web import invoice_words
from orders.web.invoice_forms import TitleForm
from orders.web.presenting import View
from privacy.access_record import record_export
from privacy.web import stored_files
from rulebook import queries, wording
from web.errors import sentence
from web.export import csv_response
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"all": N_("All"), "due": N_("To be issued"), "late": N_("Late"), "issued": N_("Issued")}
MOST_IN_FILE = 5000


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_invoice(request: Request, number: str) -> HttpResponse:
    """How the invoice of one order stands; POST asks for it."""
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    if request.method == "POST":
        return _ask(request, actor, order)
    return _page(request, actor, order, _form(request, actor))


@idempotent
def _ask(request: Request, actor: Actor, order: Order) -> HttpResponse:
    form, now = TitleForm(request.POST, keeps=not request.acting), clock.now()
    if form.is_valid():
        try:
            title = form.written
            asking.ask(order_id=order.pk, title=title, actor=actor, at=now)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            _keep(request, form, title, actor)
            return redirect(request, "orders:invoice", order.number)
    return _page(request, actor, order, form, status=422)


def _keep(request: Request, form: TitleForm, title: titles.Title, actor: Actor) -> None:
    """After asking: a list that takes no more is said, and the invoice stands."""
    if not form.cleaned_data.get("keep"):
        return
    try:
        titles.keep(title=title, actor=actor, at=clock.now())
    except DomainError as refusal:
        messages.warning(request, sentence(refusal))


def _form(request: Request, actor: Actor) -> TitleForm:
    """Filled in with a title that the address names; somebody who acts for another doesn't read theirs."""
    wanted = request.GET.get("title", "")
    kept = [] if request.acting else titles.titles_of(actor)
    found = next((each for each in kept if str(each.pk) == wanted), None)
    initial = {"kind": found.kind, "title": found.title, "tax_number": found.tax_number} if found else {}
    return TitleForm(initial=initial, keeps=not request.acting)


def _page(request: Request, actor: Actor, order: Order, form: TitleForm, status: int = 200) -> HttpResponse:
    now = clock.now()
    found = finding.of_order(order)
    running = next((each for each in found if each.state in invoice_words.RUNNING), None)
    context = {
        "order": order,
        "rows": [invoice_words.invoice_row(each) for each in reversed(found)],
        "form": form,
        "may_ask": running is None and asking.may_ask(order, at=now),
        "may_withdraw": running is not None and INVOICE.allows(running.state, "end"),
        "kept": [] if request.acting else titles.titles_of(actor),
        "law": queries.citation(clocks.DUTY, wording.locale(), at=now),
        "now": now,
    }
    return page(request, "orders/invoice.html", context, status=status)


@require_POST
@idempotent
def withdrawal(request: Request, number: str) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    asking.withdraw(order_id=order.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:invoice", order.number)


@never_cache
@require_safe
def paper(request: Request, number: str, paper_id: UUID) -> HttpResponse:
    """The file that the shop handed in; saved, never shown in the page."""
    actor = access.buyer_of(request, scope=Scope.ORDERS)
    order = access.order_for_buyer(actor, number)
    stored = finding.file_of(finding.issued_paper(order, paper_id))
    return stored_files.answer(stored, purpose="orders.invoice", actor=actor, at=clock.now())


@never_cache
@require_safe
def listing(request: Request) -> HttpResponse:
    """All papers of this person over all shops; `?format=csv` is what is shown."""
    actor = access.buyer_or_nobody(request)
    if actor is None:
        return redirect_to_login(request.get_full_path())
    tab = request.GET.get("tab", "all")
    tab = tab if tab in TAB_WORDS else "all"
    found = finding.papers_of_buyer(actor).filter(finding.TABS[tab]).order_by("-made_at", "-id")
    if request.GET.get("format") == "csv":
        return _file(actor, list(found[:MOST_IN_FILE]))
    tabs = [
        {"url": f"?tab={name}", "label": _(word), "count": None, "current": name == tab}
        for name, word in TAB_WORDS.items()
    ]
    paged = paginate(request, found)
    rows = [invoice_words.paper_row(each) for each in paged]
    return page(request, "orders/invoices.html", {"tabs": tabs, "tab": tab, "paged": paged, "rows": rows})


def _file(actor: Actor, papers: list[InvoicePaper]) -> HttpResponse:
    fields, people = ("orders.InvoicePaper.file",), sorted({each.invoice.subject_id for each in papers})
    taken = record_export(
        actor=actor, what="orders.invoices", rows=len(papers), subject_ids=people, fields=fields,
        at=clock.now(),
    )  # fmt: skip
    header = [_("Order"), _("Shop"), _("Kind of paper"), _("State"), _("Number"), _("Sum"), _("Issued on")]
    rows = (
        [
            each.invoice.order.number,
            each.invoice.order.merchant.display_name,
            row["kind_word"],
            row["state_word"],
            each.number,
            each.amount.decimal_text,
            each.issued_at.isoformat(timespec="minutes") if each.issued_at else "",
        ]
        for each in papers
        for row in [invoice_words.paper_row(each)]
    )
    return csv_response("invoices", header, rows, number=taken)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: Request) -> HttpResponse:
    """The titles that a person keeps, and a form for one more."""
    form = TitleForm(request.POST if request.method == "POST" else None, keeps=False)
    if request.method == "POST" and form.is_valid():
        try:
            titles.keep(title=form.written, actor=request.actor, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The title is kept for your next invoice."))
            return redirect(request, "orders:invoice-titles")
    context: View = {"form": form, "rows": titles.titles_of(request.actor), "most": MOST_TITLES}
    return page(request, "orders/invoice_titles.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def removal(request: Request, title_id: UUID) -> HttpResponse:
    titles.give_up(title_id=title_id, actor=request.actor)
    messages.success(request, _("The title is deleted. Invoices that were made out to it stay."))
    return redirect(request, "orders:invoice-titles")
