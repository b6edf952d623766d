"""Penalties in the staff pages: imposing one with its step shown first, weighing the shop's answer."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants import ladder, penalties
from merchants.access import any_shop
from merchants.models import Merchant, Penalty
from merchants.penalty_lifecycle import STEP_WORDS, PenaltyState
from privacy import access_record
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.forms import Form
from web.http import Request

MAY = "merchants.impose_penalty"


class PenaltyForm(Form):
    """What was found; the ladder says what follows."""

    rule_id = forms.CharField(label=gettext_lazy("Rule it rests on"), max_length=100)
    facts = forms.CharField(
        label=gettext_lazy("What was found"),
        help_text=gettext_lazy("The public reads it too: no names of persons."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=penalties.TEXT_LIMIT,
    )
    reasons = forms.CharField(
        label=gettext_lazy("Why so many points"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=penalties.TEXT_LIMIT,
    )
    points = forms.IntegerField(label=gettext_lazy("Points"), min_value=1)
    urgent = forms.BooleanField(
        label=gettext_lazy("Urgent: it takes effect without waiting for the shop's answer"), required=False
    )

    def finding(self) -> penalties.Finding:
        return penalties.Finding(**self.cleaned_data)


@admin.register(Penalty)
class PenaltyAdmin(ReadOnlyAdmin):
    change_form_template = "merchants/admin_penalty.html"
    list_display = ("merchant", "step", "points", "state", "rule_id", "imposed_at", "ends_at")
    list_filter = ("state", "step", "urgent")
    list_select_related = ("merchant",)
    search_fields = ("merchant__display_name", "rule_id")
    ordering = ("-imposed_at", "id")
    fields = (
        ("merchant", "step", "state", "points", "sum_before"),
        ("rule_id", "ladder", "urgent"),
        *("facts", "reasons"),
        ("imposed_at", "noticed_at", "answered_at", "in_force_at"),
        ("ends_at", "ended_at", "published_at", "unpublished_at"),
        "why_ended",
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        impose = view(require_http_methods(["GET", "HEAD", "POST"])(self.impose))
        own = [
            path("of/<uuid:merchant_id>/", impose, name="merchants_penalty_impose"),
            path("<uuid:pk>/weighing", view(require_POST(self.weigh)), name="merchants_penalty_weigh"),
        ]
        return [*own, *super().get_urls()]

    def impose(self, request: HttpRequest, merchant_id: UUID) -> HttpResponse:
        require(request, MAY)
        merchant, form = any_shop(merchant_id), PenaltyForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                made = penalties.impose(
                    merchant_id=merchant.pk,
                    finding=form.finding(),
                    actor=cast(Request, request).actor,
                    at=clock.now(),
                )
            except DomainError as refused:
                form.refuse(refused)
            else:
                messages.success(request, _said(made))
                return HttpResponseRedirect(reverse("admin:merchants_penalty_change", args=[made.pk]))
        return self._form(request, merchant, form)

    def _form(self, request: HttpRequest, merchant: Merchant, form: PenaltyForm) -> HttpResponse:
        at = clock.now()
        rungs = ladder.ladder(at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Impose a penalty"),
            "opts": self.opts,
            "merchant": merchant,
            "form": form,
            "points": ladder.points(merchant.pk, at=at),
            "tiers": [{"points": least, "said": _(STEP_WORDS[step])} for least, step in rungs.tiers],
        }
        return render(request, "merchants/admin_impose.html", context, status=422 if form.errors else 200)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The answer is opened for those who weigh it."""
        penalty = cast("Penalty | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), "show_save": False}
        if penalty is not None and request.user.has_perm(MAY):
            context |= self._opened(request, penalty)
        return super().change_view(request, object_id, form_url, context)

    def _opened(self, request: HttpRequest, penalty: Penalty) -> dict[str, Any]:
        if penalty.answered_at is not None:
            access_record.record(
                actor=cast(Request, request).actor,
                subject_id=penalty.subject_id,
                purpose="merchant.penalty",
                fields=("merchants.Penalty.answer",),
                at=clock.now(),
            )
        waits = (PenaltyState.PROPOSED, PenaltyState.NOTICED, PenaltyState.ANSWERED)
        return {
            "answer": penalty.answer if penalty.answered_at else "",
            "may_drop": penalty.state in waits,
            "may_uphold": penalty.state == PenaltyState.ANSWERED,
        }

    def weigh(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A refusal of the use case is shown, and nothing changed."""
        require(request, MAY)
        actor, at = cast(Request, request).actor, clock.now()
        try:
            if request.POST.get("weighing") == "uphold":
                penalties.uphold(penalty_id=pk, actor=actor, at=at)
            else:
                penalties.drop(
                    penalty_id=pk, reason=request.POST.get("reason", "")[:2000], actor=actor, at=at
                )
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The merchant gets the reasons."))
        return HttpResponseRedirect(reverse("admin:merchants_penalty_change", args=[pk]))


def _said(penalty: Penalty) -> str:
    if penalty.state == PenaltyState.PROPOSED:
        return _("Proposed. It is announced to the shop when a colleague confirms it.")
    if penalty.state == PenaltyState.NOTICED:
        return _("Announced. The shop can answer before it takes effect.")
    return _("In force. The merchant gets the reasons.")
