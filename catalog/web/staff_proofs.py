"""Certificates and evaluations in the staff pages: compared, entered, corrected, removed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from catalog import certificates, evaluations
from catalog.models import Certificate, Evaluation
from catalog.proof_kinds import CERTIFICATE, EVALUATOR_WORDS, EvaluatorKind
from kernel import clock
from kernel.errors import DomainError
from merchants.web.document_forms import Day
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.forms import Form
from web.http import Request

CHECK, EVALUATE = "catalog.check_certificate", "catalog.enter_evaluation"


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """What waits for the comparison first."""

    change_form_template = "catalog/admin_certificate.html"
    list_display = ("scheme", "number", "merchant", "state", "valid_until", "handed_in_at")
    list_filter = ("state",)
    list_select_related = ("merchant",)
    search_fields = ("number", "issuer")
    ordering = ("decided_at", "handed_in_at", "id")
    fields = (
        ("merchant", "listing", "state"),
        ("scheme", "number", "issuer"),
        ("check_url", "valid_until"),
        ("handed_in_at", "decided_at"),
        "reason",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/decision", view(require_POST(self.decide)), name="catalog_certificate_decide"),
            path("<uuid:pk>/paper", view(require_safe(self.paper)), name="catalog_certificate_paper"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        may = request.user.has_perm(CHECK)
        steps = [
            name for name in ("verify", "refuse", "revoke") if held and CERTIFICATE.allows(held.state, name)
        ]
        context = {
            **(extra_context or {}),
            "may_verify": may and "verify" in steps,
            "may_refuse": may and bool({"refuse", "revoke"} & set(steps)),
            "may_open": may,
        }
        return super().change_view(request, object_id, form_url, context)

    def paper(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The sealed file; the look stands in the shop's record."""
        require(request, CHECK)
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        actor = cast(Request, request).actor
        return stored_files.answer(held.file, purpose="merchants.review", actor=actor, at=clock.now())

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Let it count, or send it back."""
        require(request, CHECK)
        actor, at, sent = cast(Request, request).actor, clock.now(), request.POST
        try:
            if sent.get("decision") == "verify":
                certificates.verify(certificate_id=pk, actor=actor, at=at)
            else:
                reason = sent.get("reason", "")[:2000]
                certificates.refuse(certificate_id=pk, reason=reason, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The shop sees it at once."))
        return HttpResponseRedirect(reverse("admin:catalog_certificate_change", args=[pk]))


class FindingForm(Form):
    listing = forms.UUIDField(label=gettext_lazy("Listing (its id)"))
    evaluator = forms.CharField(label=gettext_lazy("Who tested it"), max_length=120)
    evaluator_kind = forms.ChoiceField(label=gettext_lazy("Kind of body"))
    result = forms.CharField(label=gettext_lazy("Result"), max_length=1000, widget=forms.Textarea)
    method = forms.CharField(label=gettext_lazy("How it was tested"), max_length=1000, widget=forms.Textarea)
    scope = forms.CharField(label=gettext_lazy("What was tested"), max_length=500, widget=forms.Textarea)
    confirms = forms.CharField(
        label=gettext_lazy("Facts that it confirms"),
        help_text=gettext_lazy("Keys of the schema's fields with commas between; of laboratories only."),
        max_length=300,
        required=False,
    )
    tested_on = forms.DateField(label=gettext_lazy("Tested on"), widget=Day)
    source_url = forms.URLField(
        label=gettext_lazy("Where one can read it"), max_length=300, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(each), _(words)) for each, words in EVALUATOR_WORDS.items()]
        self.fields["evaluator_kind"].choices = kinds  # type: ignore[attr-defined]

    def finding(self) -> evaluations.Finding:
        given = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "listing"}
        kind = EvaluatorKind(given["evaluator_kind"])
        keys = tuple(dict.fromkeys(given["confirms"].replace("，", ",").replace(",", " ").split()))
        return evaluations.Finding(**{**given, "evaluator_kind": kind, "confirms": keys})


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    """What independent bodies published; corrected by a new row, removed with a reason."""

    change_list_template = "catalog/admin_evaluations.html"
    change_form_template = "catalog/admin_evaluation.html"
    list_display = ("evaluator", "listing", "tested_on", "entered_at", "ended_at")
    list_select_related = ("listing",)
    search_fields = ("evaluator",)
    ordering = ("-entered_at", "-id")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("enter", view(require_POST(self.enter)), name="catalog_evaluation_enter"),
            path("<uuid:pk>/step", view(require_POST(self.step)), name="catalog_evaluation_step"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        form = FindingForm() if request.user.has_perm(EVALUATE) else None
        return super().changelist_view(request, {"form": form, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        open_ = row is not None and row.ended_at is None and request.user.has_perm(EVALUATE)
        said = (
            {name: getattr(row, name) for name in FindingForm.base_fields if name != "listing"} if row else {}
        )
        keys = ", ".join(row.confirms) if row else ""
        first = {**said, "confirms": keys, "listing": row.listing_id if row else None}
        form = FindingForm(initial=first) if open_ and row else None
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "form": form})

    def enter(self, request: HttpRequest) -> HttpResponse:
        """Put a result on the page of what was tested."""
        require(request, EVALUATE)
        form = FindingForm(request.POST)
        if form.is_valid():
            self._try(
                request,
                evaluations.enter,
                listing_id=form.cleaned_data["listing"],
                finding=form.finding(),
            )
        else:
            messages.error(request, form.errors.as_text())
        return HttpResponseRedirect(reverse("admin:catalog_evaluation_changelist"))

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Correct it by another row, or take it off with a reason."""
        require(request, EVALUATE)
        reason, form = request.POST.get("reason", "")[:1000], FindingForm(request.POST)
        if request.POST.get("step") == "remove":
            self._try(request, evaluations.remove, evaluation_id=pk, reason=reason)
        elif form.is_valid():
            self._try(request, evaluations.correct, evaluation_id=pk, finding=form.finding(), reason=reason)
        else:
            messages.error(request, form.errors.as_text())
        return HttpResponseRedirect(reverse("admin:catalog_evaluation_changelist"))

    def _try(self, request: HttpRequest, step: Any, **given: Any) -> None:
        try:
            step(actor=cast(Request, request).actor, at=clock.now(), **given)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. The page says it now."))
