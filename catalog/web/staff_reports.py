"""Reports of illegal offers in the staff pages: read with a line in the reporter's record, answered once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_POST, require_safe

from catalog import reports
from catalog.finding_states import REPORT_OUTCOMES, REPORT_REASONS
from catalog.models import ListingReport
from kernel import clock
from kernel.errors import DomainError
from privacy import access_record
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

DECIDE, PURPOSE = "catalog.decide_report", "security.report"
# What nobody answered in time is a senior's.
LATE = "catalog.decide_overdue_report"
SEALED = ("catalog.ListingReport.words", "catalog.ListingReport.contact")


@admin.register(ListingReport)
class ListingReportAdmin(ReadOnlyAdmin):
    """What waits for an answer first, of that what is late; the oldest before the others."""

    change_form_template = "catalog/admin_report.html"
    list_display = ("number", "listing", "state", "reported", "overdue_at")
    list_filter = ("state",)
    list_select_related = ("listing",)
    search_fields = ("number",)
    ordering = (F("decided_at").desc(nulls_first=True), F("overdue_at").asc(nulls_last=True), "made_at", "id")
    fields = (
        ("number", "listing", "revision"),
        ("state", "law"),
        ("reported", "overdue_at"),
        ("reason", "rule_id"),
    )

    @admin.display(description=_later("Reported at"), ordering="made_at")
    def reported(self, held: ListingReport) -> datetime:
        return held.made_at

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/words", view(require_safe(self.words)), name="catalog_listingreport_words"),
            path("<uuid:pk>/file", view(require_safe(self.file)), name="catalog_listingreport_file"),
            path("<uuid:pk>/answer", view(require_POST(self.answer)), name="catalog_listingreport_answer"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held, may = self.get_object(request, object_id), request.user.has_perm(DECIDE)
        context = {
            **(extra_context or {}),
            "may_read": may,
            "may_answer": bool(held and held.state == "received" and request.user.has_perm(_answering(held))),
            "with_senior": bool(held and held.state == "received" and held.overdue_at),
            "cause": _(REPORT_REASONS[held.cause]) if held else "",
            "outcomes": [(key, _(words)) for key, words in REPORT_OUTCOMES.items()],
        }
        return super().change_view(request, object_id, form_url, context)

    def words(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Open what was written; the look stands in the reporter's record."""
        require(request, DECIDE)
        held = self._held(request, pk)
        actor = cast(Request, request).actor
        access_record.record(
            actor=actor, subject_id=held.subject_id, purpose=PURPOSE, fields=SEALED, at=clock.now()
        )
        opened = {"words": held.words, "contact": held.contact or ""}
        return self.change_view(request, str(pk), extra_context=opened)

    def file(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The sealed picture; the look stands in the reporter's record."""
        require(request, DECIDE)
        held = self._held(request, pk)
        if held.file is None:
            raise Http404
        actor = cast(Request, request).actor
        return stored_files.answer(held.file, purpose=PURPOSE, actor=actor, at=clock.now())

    def answer(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Answer it; reporter and, for a take-down, shop read the reasons."""
        require(request, _answering(self._held(request, pk)))
        sent, actor = request.POST, cast(Request, request).actor
        most = {"outcome": 12, "reason": 2000, "rule_id": 80}
        told = {name: sent.get(name, "")[:limit] for name, limit in most.items()}
        try:
            reports.decide(report_id=pk, actor=actor, at=clock.now(), **told)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Answered. The reporter reads it under the number."))
        return HttpResponseRedirect(reverse("admin:catalog_listingreport_change", args=[pk]))

    def _held(self, request: HttpRequest, pk: UUID) -> ListingReport:
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        return cast(ListingReport, held)


def _answering(held: ListingReport) -> str:
    """The permission that its answer takes."""
    return LATE if held.overdue_at else DECIDE
