"""The money desk's queue of disputes: what the order shows, our answer, and what the provider said."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError
from payments import dispute_packs, disputes
from payments.models import Dispute
from privacy import access_record
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

ANSWER, SEALED = "payments.answer_dispute", ("payments.Dispute.evidence",)


@admin.register(Dispute)
class DisputeAdmin(ReadOnlyAdmin):
    """What waits for an answer first, the next one due before the others."""

    change_form_template = "payments/admin_dispute.html"
    list_display = ("provider_dispute_id", "provider", "amount", "state", "evidence_due_at", "overdue_at")
    list_filter = ("state", "provider")
    search_fields = ("=provider_dispute_id",)
    ordering = ("ended_at", "answered_at", "evidence_due_at", "id")
    fields = (
        ("provider", "provider_dispute_id", "charge"),
        ("amount_minor", "currency", "cause"),
        ("state", "opened_at", "evidence_due_at", "overdue_at"),
        ("answered_by", "answered_at", "ended_at"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/evidence", view(require_safe(self.evidence)), name="payments_dispute_evidence"),
            path("<uuid:pk>/answer", view(require_POST(self.answer)), name="payments_dispute_answer"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held, may = self.get_object(request, object_id), request.user.has_perm(ANSWER)
        shares = disputes.shares_of(held) if held else []
        waits = bool(held and held.state == "opened")
        context = {
            **(extra_context or {}),
            "shares": shares,
            "may_answer": may and waits,
            "may_read": may and bool(held and held.answered_at),
            "pack": dispute_packs.of([one.reference for one in shares]) if may and waits else "",
        }
        return super().change_view(request, object_id, form_url, context)

    def evidence(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Open what we sent; the look stands in the payer's record."""
        require(request, ANSWER)
        held = self._held(request, pk)
        actor = cast(Request, request).actor
        access_record.record(
            actor=actor,
            subject_id=held.subject_id,
            purpose="payments.dispute",
            fields=SEALED,
            at=clock.now(),
        )
        return self.change_view(request, str(pk), extra_context={"evidence": held.evidence or ""})

    def answer(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Contest it with evidence, or don't."""
        require(request, ANSWER)
        self._held(request, pk)
        actor, at, sent = cast(Request, request).actor, clock.now(), request.POST
        try:
            if sent.get("step") == "accept":
                disputes.accept(dispute_id=pk, actor=actor, at=at)
            else:
                evidence = sent.get("evidence", "")
                disputes.send_evidence(dispute_id=pk, evidence=evidence, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Answered. The provider is told now, until it has taken it in."))
        return HttpResponseRedirect(reverse("admin:payments_dispute_change", args=[pk]))

    def _held(self, request: HttpRequest, pk: UUID) -> Dispute:
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        return cast(Dispute, held)
