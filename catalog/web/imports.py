"""Listings from a file, in the portal: a dry run first if wanted, then each row's outcome."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.importing.running import run
from catalog.importing.writing import DRAFTED, PUBLISHED, REFUSED, UNCHANGED, Outcome
from catalog.web.forms import ImportForm
from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from web.http import Request
from web.respond import page

MOST_BYTES, MOST_ROWS, MOST_SHOWN = 5 * 1024 * 1024, 1000, 300
COLUMNS = (
    "code, category, title_zh-hans, title_zh-hant, title_en, description_zh-hans, price, freight, stock,"
    " barcode, excludes_return, promises, picture, picture_alt_zh-hans, picture_mat"
)
WORDS = {
    PUBLISHED: N_("on sale"),
    DRAFTED: N_("draft"),
    UNCHANGED: N_("unchanged"),
    REFUSED: N_("refused"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request, slug: str) -> HttpResponse:
    """Take a file, or only say what it would do."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"merchant": membership.merchant, "form": form, "columns": COLUMNS}
    if request.method == "POST" and form.is_valid():
        outcomes: list[Outcome] = []
        try:
            context["summary"] = _take(form, membership.merchant, membership.actor, outcomes)
        except DomainError as refused:
            form.refuse(refused)
        context |= {
            "outcomes": [_line(each) for each in outcomes[:MOST_SHOWN]],
            "more": len(outcomes) > MOST_SHOWN,
        }
    return page(request, "catalog/import.html", context, status=422 if form.errors else 200)


def _take(form: ImportForm, merchant: Any, actor: Any, outcomes: list[Outcome]) -> dict[str, Any]:
    upload: UploadedFile[bytes] = form.cleaned_data["file"]
    if upload.file is None or upload.size is None or upload.size > MOST_BYTES:
        raise FileTooBig(limit=MOST_BYTES // 1024 // 1024)
    dry = form.cleaned_data["dry"]
    summary = run(
        upload.file,
        merchant=merchant,
        actor=actor,
        at=clock.now(),
        dry=dry,
        report=outcomes.append,
        most=MOST_ROWS,
    )
    counts = [{"label": _(WORDS[result]), "number": number} for result, number in summary.rows]
    top = [
        {"field": field, "duty": duty, "number": number}
        for (field, duty), number in summary.gaps.most_common(8)
    ]
    return {
        "dry": dry,
        "total": summary.total,
        "counts": counts,
        "gaps": top,
        "cut": summary.total >= MOST_ROWS,
    }


class FileTooBig(DomainError):
    code = "import_file_too_big"
    message = N_("The file is larger than %(limit)s MB. Split it, and send the parts one after the other.")
    status = 422


def _line(outcome: Outcome) -> dict[str, Any]:
    return {
        "number": outcome.number,
        "code": outcome.code,
        "result": outcome.result,
        "words": _(WORDS[outcome.result]),
        "gaps": ", ".join(field for field, _duty in outcome.gaps),
        "problems": [
            {"column": column, "problem": problem, "written": written}
            for column, problem, written in outcome.problems
        ],
    }
