"""Prices and stock of all variants in one table: seen, changed, checked, taken, reported."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from catalog import access
from catalog.bulk import applying, changes
from catalog.bulk import rows as table
from catalog.bulk.changes import Change, NothingToChange
from catalog.bulk.rows import TableRow, Wanted
from catalog.bulk.sheets import Unread
from catalog.lifecycle import ListingState
from catalog.web import bulk_form, bulk_page
from catalog.web.bulk_form import StepForm, Typed
from kernel import clock
from kernel.errors import DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from web.errors import sentence
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

PER_PAGE = 50
TABLE, CHECK, REPORT = "catalog/bulk.html", "catalog/bulk_check.html", "catalog/bulk_report.html"


def wanted(query: QueryDict) -> Wanted:
    """The filter of an address; nonsense in it is passed over."""
    low, state, sort = (query.get(name, "").strip() for name in ("low", "state", "sort"))
    return Wanted(
        category=query.get("category", "")[:40],
        state=state if state in list(ListingState) else "",
        text=query.get("q", "").replace("\x00", "").strip()[:80],
        low=int(low[:7]) if low.isascii() and low.isdigit() else None,
        sort=sort if sort in table.SORTS else "",
    )


@require_safe
def index(request: Request, slug: str) -> HttpResponse:
    """Every variant with its price and stock; whoever may change listings can type into it."""
    membership = membership_for(request.actor, slug)
    return table_page(request, membership)


def table_page(
    request: Request,
    membership: Membership,
    *,
    typed: Typed | None = None,
    form: StepForm | None = None,
    refused: str = "",
) -> HttpResponse:
    asked = wanted(request.GET)
    paged = paginate(request, table.found(membership.merchant_id, asked), per_page=PER_PAGE)
    shown = {
        **bulk_page.listed(paged, asked, typed, form, access.categories(), get_language() or "zh-hans"),
        "merchant": membership.merchant,
        "may_edit": membership.can(Capability.LISTINGS),
        "refused": refused,
        "query": request.GET.urlencode(),
        "limit": applying.most(at=clock.now()),
    }
    return page(request, TABLE, shown, fragment="rows", status=422 if refused or shown["problems"] else 200)


@require_POST
def check(request: Request, slug: str) -> HttpResponse:
    """Old beside new, and every row that a rule refuses; nothing is written by looking."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    if "plan" in request.POST:
        return _check_again(request, membership)
    form, typed = StepForm(request.POST), _typed(request, membership)
    if not form.is_valid() or typed.problems:
        return table_page(request, membership, typed=typed, form=form)
    try:
        return show_check(request, membership, _stepped(request, membership, form, typed))
    except DomainError as refused:
        return table_page(request, membership, typed=typed, form=form, refused=sentence(refused))


def _check_again(request: Request, membership: Membership) -> HttpResponse:
    typed = bulk_form.typed_anew(request.POST, changes.read(request.POST["plan"]))
    try:
        return show_check(request, membership, typed.changes, typed)
    except NothingToChange as refused:
        messages.info(request, sentence(refused))
        return redirect(request, "catalog:bulk", membership.merchant.slug)


def _typed(request: Request, membership: Membership) -> Typed:
    ids = bulk_form.shown_rows(request.POST)[:PER_PAGE]
    rows, _gone = table.of_ids(membership.merchant_id, ids, locale=get_language() or "zh-hans")
    return bulk_form.typed(request.POST, [rows[each] for each in ids if each in rows])


def _stepped(request: Request, membership: Membership, form: StepForm, typed: Typed) -> list[Change]:
    """What was typed, and the step for those it is meant for.

    :raises TooManyChanges: :raises NothingToChange:
    """
    step, scope = form.step(), form.cleaned_data["scope"]
    if step.is_empty:
        return typed.changes
    there = changes.by_id(typed.changes)
    if scope != "found":
        chosen = typed.ticked if scope != "page" else there.keys()
        return [each.stepped(step) if each.variant_id in chosen else each for each in typed.changes]
    every = _every(membership, wanted(request.GET))
    return [there.get(row.variant_id, changes.unchanged(row)).stepped(step) for row in every]


def _every(membership: Membership, asked: Wanted) -> list[TableRow]:
    found, most = table.found(membership.merchant_id, asked), applying.most(at=clock.now())
    if (number := found.count()) > most:
        raise changes.TooManyChanges(count=number, limit=most)
    return table.read(found, locale=get_language() or "zh-hans")


def show_check(
    request: Request,
    membership: Membership,
    found: list[Change],
    typed: Typed | None = None,
    unread: Sequence[Unread] = (),
) -> HttpResponse:
    """:raises NothingToChange: :raises TooManyChanges: :raises NotFound: a row of another shop"""
    at = clock.now()
    context = bulk_page.checked(membership, found, locale=get_language() or "zh-hans", at=at)
    context |= {
        "query": request.GET.urlencode(),
        "unread": unread,
        **bulk_page.put_right(context["lines"], typed),
    }
    return page(request, CHECK, context, status=422 if context["problems"] else 200)


@require_POST
@idempotent
def application(request: Request, slug: str) -> HttpResponse:
    """Take the checked changes; sent twice, they are taken once."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    made = applying.apply(
        merchant_id=membership.merchant_id,
        changes=changes.read(request.POST.get("plan", "")),
        together=request.POST.get("together") == "on",
        language=get_language() or "zh-hans",
        actor=membership.actor,
        at=clock.now(),
    )
    return redirect(request, "catalog:bulk-change", slug, made.pk)


@require_safe
def report(request: Request, slug: str, change_id: str) -> HttpResponse:
    """What became of each row."""
    membership = membership_for(request.actor, slug)
    made = access.bulk_change_for(membership, change_id)
    paged = paginate(request, made.lines, per_page=100)
    context: dict[str, Any] = bulk_page.reported(made, paged.items, slug, at=clock.now())
    may_edit = membership.can(Capability.LISTINGS)
    return page(request, REPORT, {**context, "page": paged, "may_edit": may_edit})
