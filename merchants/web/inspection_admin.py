"""Supervision in the staff pages: the month's plan with its reasons, the record, the second look."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants import inspecting, inspection_moves, inspection_plan
from merchants.access import any_merchant, inspection_for_staff
from merchants.inspection_lifecycle import INSPECTION_WORDS, REASON_WORDS, InspectionState, Reason
from merchants.models import Inspection, InspectionFile, InspectionPlan
from merchants.web.inspection_forms import RecordForm, SecondLookForm
from merchants.web.inspections import row
from privacy import access_record
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

MAY = "merchants.inspect_shop"


@admin.register(InspectionPlan)
class InspectionPlanAdmin(ReadOnlyAdmin):
    change_list_template = "merchants/admin_plans.html"
    list_display = ("month", "shops", "chosen", "policy", "drawn_at")
    ordering = ("-month",)
    fields = (("month", "shops", "chosen"), ("policy", "drawn_at", "drawn_by"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("month", view(require_POST(self.draw)), name="merchants_inspectionplan_draw"),
            path("shop", view(require_POST(self.add)), name="merchants_inspectionplan_put"),
        ]
        return [*own, *super().get_urls()]

    def add(self, request: HttpRequest) -> HttpResponse:
        """A shop that neither risk nor lot has chosen, with the reason."""
        require(request, MAY)
        try:
            found = inspection_plan.add(
                merchant_id=any_merchant(request.POST.get("shop", "")).pk,
                reason=request.POST.get("reason", ""),
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return HttpResponseRedirect(reverse("admin:merchants_inspectionplan_changelist"))
        return HttpResponseRedirect(reverse("admin:merchants_inspection_change", args=[found.pk]))

    def draw(self, request: HttpRequest) -> HttpResponse:
        """This month's; one that was drawn stays."""
        require(request, MAY)
        plan = inspection_plan.draw(actor=cast(Request, request).actor, at=clock.now())
        said = _("The plan of %(month)s: %(chosen)s of %(shops)s shops.")
        messages.success(
            request, said % {"month": f"{plan.month:%Y-%m}", "chosen": plan.chosen, "shops": plan.shops}
        )
        return HttpResponseRedirect(reverse("admin:merchants_inspection_changelist"))


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    """What waits for us first; a click opens the record."""

    change_form_template = "merchants/admin_inspection.html"
    list_display = ("merchant", "state", "score", "planned_at", "inspected_at", "with_senior")
    list_filter = ("state", "with_senior", "plan__month")
    list_select_related = ("merchant", "plan")
    search_fields = ("merchant__display_name",)
    ordering = ("closed_at", "-with_senior", "-score", "id")
    fields = (
        ("merchant", "plan", "state", "score"),
        ("planned_at", "inspected_at", "answered_at", "closed_at"),
        ("with_senior", "penalty"),
        *("scope", "outcome"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        both = require_http_methods(["GET", "HEAD", "POST"])
        own = [
            path("<uuid:pk>/record", view(both(self.record)), name="merchants_inspection_record"),
            path("<uuid:pk>/verdict", view(both(self.second_look)), name="merchants_inspection_verdict"),
            path("<uuid:pk>/end", view(require_POST(self.call_off)), name="merchants_inspection_end"),
            path(
                "<uuid:pk>/evidence", view(require_safe(self.evidence)), name="merchants_inspection_evidence"
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        found = cast("Inspection | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), "show_save": False}
        if found is not None:
            context |= {"reasons": _reasons(found), "row": row(found, clock.now())}
            context |= self._steps(request, found) if request.user.has_perm(MAY) else {}
        return super().change_view(request, object_id, form_url, context)

    def _steps(self, request: HttpRequest, found: Inspection) -> dict[str, Any]:
        """The answer is opened for those who look again, and the look leaves a line."""
        if found.answered_at is not None:
            access_record.record(
                actor=cast(Request, request).actor,
                subject_id=found.subject_id,
                purpose=inspection_moves.PURPOSE,
                fields=("merchants.Inspection.answer",),
                at=clock.now(),
            )
        return {
            "answer": found.answer if found.answered_at else "",
            "may_record": found.state == InspectionState.PLANNED,
            "may_judge": found.state in (InspectionState.ANSWERED, InspectionState.SILENT),
            "may_open": True,
        }

    def record(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A refusal stands in the form, and nothing was written."""
        require(request, MAY)
        found, form = inspection_for_staff(pk), RecordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                self._record(request, pk, form)
            except DomainError as refused:
                form.refuse(refused)
            else:
                return self._done(request, pk)
        return self._form(request, found, form, _("Record the inspection"))

    def _record(self, request: HttpRequest, pk: UUID, form: RecordForm) -> None:
        inspecting.record(
            inspection_id=pk,
            scope=form.cleaned_data["scope"],
            findings=form.findings(),
            uploads=request.FILES.getlist("files"),
            actor=cast(Request, request).actor,
            at=clock.now(),
        )

    def second_look(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Put right, or on to a penalty that a colleague of the inspector imposes."""
        require(request, MAY)
        found = inspection_for_staff(pk)
        form = SecondLookForm(request.POST or None, inspection=found)
        if request.method == "POST" and form.is_valid():
            try:
                self._judge(request, pk, form)
            except DomainError as refused:
                form.refuse(refused)
            else:
                return self._done(request, pk)
        return self._form(request, found, form, _("Look again"), judging=True)

    def _judge(self, request: HttpRequest, pk: UUID, form: SecondLookForm) -> None:
        actor, at, words = cast(Request, request).actor, clock.now(), form.cleaned_data["outcome"]
        if "escalate" not in request.POST:
            inspecting.close(inspection_id=pk, verdicts=form.verdicts(), outcome=words, actor=actor, at=at)
            return
        require(request, "merchants.impose_penalty")
        inspecting.escalate(
            inspection_id=pk,
            verdicts=form.verdicts(),
            outcome=words,
            points=form.cleaned_data["points"] or 0,
            actor=actor,
            at=at,
        )

    def call_off(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        require(request, MAY)
        try:
            inspecting.call_off(
                inspection_id=pk,
                reason=request.POST.get("reason", ""),
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return HttpResponseRedirect(reverse("admin:merchants_inspection_change", args=[pk]))
        return self._done(request, pk)

    def evidence(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One sealed file (`?file=`); the look stands in the shop's record."""
        require(request, MAY)
        wanted = request.GET.get("file", "")
        if not wanted:
            return HttpResponseRedirect(reverse("admin:merchants_inspection_change", args=[pk]))
        shown = next((each for each in self._files(pk) if str(each.file_id) == wanted), None)
        if shown is None:
            raise NotFound
        actor = cast(Request, request).actor
        return stored_files.answer(shown.file, purpose=inspection_moves.PURPOSE, actor=actor, at=clock.now())

    def _files(self, pk: UUID) -> list[InspectionFile]:
        return list(inspection_for_staff(pk).files.select_related("file"))

    def _form(
        self,
        request: HttpRequest,
        found: Inspection,
        form: RecordForm | SecondLookForm,
        title: str,
        judging: bool = False,
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "inspection": found,
            "reasons": _reasons(found),
            "form": form,
            "judging": judging,
        }
        return render(request, "merchants/admin_inspect.html", context, status=422 if form.errors else 200)

    def _done(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        said = INSPECTION_WORDS[InspectionState(inspection_for_staff(pk).state)]
        messages.success(request, _("Written down: %(state)s.") % {"state": _(said)})
        return HttpResponseRedirect(reverse("admin:merchants_inspection_change", args=[pk]))


def _reasons(found: Inspection) -> list[str]:
    return [_(REASON_WORDS[Reason(each["code"])]) % each for each in found.reasons]
