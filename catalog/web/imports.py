"""Listings from a file, in the portal: send it, say which column is which, try it, take it, see each row."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import access
from catalog.import_models import ImportLine, ImportRun, ImportState
from catalog.importing import columns as naming
from catalog.importing import reading, runs, workbooks, working
from catalog.importing.writing import DRAFTED, PUBLISHED, REFUSED, UNCHANGED, WAITING
from catalog.schema import in_language
from catalog.web.forms import ImportForm
from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from web.errors import sentence
from web.export import csv_response
from web.http import Request
from web.paging import paginate
from web.respond import page, redirect, wants_fragment

WORDS = {
    PUBLISHED: N_("on sale"),
    WAITING: N_("waits to be read"),
    DRAFTED: N_("draft"),
    UNCHANGED: N_("unchanged"),
    REFUSED: N_("refused"),
}
STATE_WORDS = {
    ImportState.RECEIVED: N_("The file is being read"),
    ImportState.READ: N_("Waits for you"),
    ImportState.WAITING: N_("On its way"),
    ImportState.DONE: N_("Done"),
    ImportState.FAILED: N_("Couldn't be taken"),
    ImportState.STOPPED: N_("Stopped"),
}
# Why a file ended without its rows, by the code that its run keeps.
FAILURES: dict[str, str] = {
    each.code: each.message
    for each in (
        reading.FileUnreadable,
        workbooks.WorkbookUnreadable,
        workbooks.WorkbookTooBig,
        working.TooManyRows,
        working.MemberGone,
    )
}
MOST_LISTED = 20


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, slug: str) -> HttpResponse:
    """Send a file; below it the last ones, with what became of them."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = {"upload": form.cleaned_data["file"], "pack": form.cleaned_data["pack"]}
        try:
            run = runs.receive(membership=membership, actor=membership.actor, at=clock.now(), **sent)
        except DomainError as refused:
            form.refuse(refused)
        else:
            return redirect(request, "catalog:import-run", slug, run.pk)
    found = access.imports_of(membership)[:MOST_LISTED]
    last = [{"run": run, "said": _(STATE_WORDS[ImportState(run.state)])} for run in found]
    context = {"merchant": membership.merchant, "form": form, "runs": last}
    return page(request, "catalog/import.html", context, status=422 if form.errors else 200)


@require_safe
def run(request: Request, slug: str, run_id: str) -> HttpResponse:
    """Where the file is; its columns while they wait for an answer; its report."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    found = access.import_for(membership, run_id)
    answer = page(request, "catalog/import_run.html", _context(request, found), fragment="progress")
    if wants_fragment(request) and not found.is_under_way:
        # What comes next stands outside of the part that asks again and again.
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def start(request: Request, slug: str, run_id: str) -> HttpResponse:
    """Try the file, or take it; an unclear column answers with what was chosen still there."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    found = access.import_for(membership, run_id)
    chosen, category = _chosen(request, found)
    try:
        runs.start(
            run_id=found.pk,
            membership=membership,
            columns=chosen,
            category=category,
            dry=request.POST.get("do") != "take",
            actor=membership.actor,
            language=get_language() or "zh-hans",
            at=clock.now(),
        )
    except DomainError as refused:
        context = _context(request, found, chosen, category) | {"refused": sentence(refused)}
        return page(request, "catalog/import_run.html", context, status=422)
    return redirect(request, "catalog:import-run", slug, found.pk)


def _chosen(request: Request, run: ImportRun) -> tuple[dict[str, str], str]:
    columns = {name: request.POST.get(f"c{at}", "")[:80] for at, name in enumerate(run.header)}
    return columns, request.POST.get("category", "")[:40]


@require_POST
def stop(request: Request, slug: str, run_id: str) -> HttpResponse:
    """Take no further row."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    found = access.import_for(membership, run_id)
    runs.stop(run_id=found.pk, actor=membership.actor, at=clock.now())
    messages.success(request, _("Stopped. What was taken before stays, and the report says which."))
    return redirect(request, "catalog:import-run", slug, found.pk)


@require_safe
def report(request: Request, slug: str, run_id: str) -> HttpResponse:
    """The report as a file: a line for each row."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    found = access.import_for(membership, run_id)
    header = [_("Line"), _("Code"), _("Outcome"), _("Gaps"), _("To change")]
    rows = (
        (each["number"], each["code"], each["words"], each["gaps"], "; ".join(each["said"]))
        for each in map(_line, access.lines_of(found, _wanted(request)).iterator(2000))
    )
    return csv_response(f"{slug}-import-{found.pk.hex[-8:]}", header, rows)


def _wanted(request: Request) -> str:
    result = request.GET.get("result", "")
    return result if result in WORDS else ""


def _context(
    request: Request, run: ImportRun, chosen: dict[str, str] | None = None, category: str = ""
) -> dict[str, Any]:
    locale = get_language() or "zh-hans"
    counts = runs.counts_of(run)
    shown = paginate(request, access.lines_of(run, _wanted(request)), per_page=100)
    return {
        "merchant": run.merchant,
        "run": run,
        "said": _(STATE_WORDS[ImportState(run.state)]),
        "failure": _(FAILURES.get(run.refusal, reading.FileUnreadable.message)) % _limits(),
        "counts": [
            {"result": each, "label": _(WORDS[each]), "number": counts.get(each, 0)} for each in WORDS
        ],
        "wanted": _wanted(request),
        "page": shown,
        "lines": [_line(each) for each in shown.items],
        "gaps": _top_gaps(run),
        **(_columns(run, chosen, category, locale) if not run.is_under_way else {}),
    }


def _limits() -> dict[str, Any]:
    return {"limit": runs.most_rows(at=clock.now())}


def _columns(run: ImportRun, chosen: dict[str, str] | None, category: str, locale: str) -> dict[str, Any]:
    """Each column of the file beside ours; chosen by the person, else as last time, else by its name."""
    if chosen is None:
        chosen = dict(run.columns) or naming.guessed(run.header, runs.remembered(run.merchant_id))
    return {
        "columns": [
            {"id": f"c{at}", "name": name, "value": chosen.get(name, "")}
            for at, name in enumerate(run.header)
        ],
        "ours": sorted(naming.known()),
        "category": category or run.category,
        "categories": [(row.pk, in_language(row.names, locale)) for row in access.categories()],
    }


def _line(line: ImportLine) -> dict[str, Any]:
    problems = [tuple(map(str, each)) for each in line.problems]
    return {
        "number": line.number,
        "code": line.code,
        "result": line.result,
        "words": _(WORDS.get(line.result, line.result)),
        "gaps": ", ".join(field for field, _duty in line.gaps),
        "said": [f"{column}: {said}" if column else said for column, said, _written in problems],
        "problems": [{"column": a, "problem": b, "written": c} for a, b, c in problems],
    }


def _top_gaps(run: ImportRun) -> list[dict[str, Any]]:
    """What most rows lack, with the duty behind it."""
    found: Counter[tuple[str, str]] = Counter()
    for gaps in access.gaps_of(run):
        found.update((field, duty) for field, duty in gaps)
    return [{"field": field, "duty": duty, "number": n} for (field, duty), n in found.most_common(8)]
