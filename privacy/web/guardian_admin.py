"""Guardians' proofs in the staff pages: a queue, the file once a purpose is named, the decision."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deadlines import booking
from kernel import clock
from kernel.errors import DomainError
from privacy import access_record, guardian_proofs, subjects
from privacy.access_words import PURPOSES
from privacy.deadlines import PROOF_DECISION
from privacy.models import FileState, GuardianLink
from privacy.states import GUARDIAN_PROOF, ProofState
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

CHECK = "privacy.check_guardian"
# What nobody compared in time is a senior's.
LATE = "privacy.check_overdue_guardian"
# Why a proof is opened; the guardian reads it in their record.
WHY = (guardian_proofs.PURPOSE, "privacy.request")


class GuardianLinkAdmin(ReadOnlyAdmin):
    """Links with a proof: what waits too long first, then what waits, then the rest."""

    change_form_template = "admin/privacy/proof.html"
    list_display = ("__str__", "proof_state", "proof_handed_in_at", "proof_overdue_at", "proof_decided_at")
    list_filter = ("proof_state",)
    fields = (
        ("accepted_at", "ended_at"),
        ("proof_handed_in_at", "proof_overdue_at", "proof_decided_at"),
    )
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found = super().get_queryset(request).exclude(proof_state=ProofState.MISSING)
        return found.select_related("proof").order_by(
            F("proof_overdue_at").asc(nulls_last=True),
            F("proof_decided_at").desc(nulls_first=True),
            "proof_handed_in_at",
            "id",
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/decision", view(require_POST(self.decide)), name="privacy_guardianlink_decide"),
            path("<uuid:pk>/paper", view(require_safe(self.paper)), name="privacy_guardianlink_paper"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        link = cast("GuardianLink | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), **(self._shown(request, link) if link else {})}
        return super().change_view(request, object_id, form_url, context)

    def _shown(self, request: HttpRequest, link: GuardianLink) -> dict[str, Any]:
        context: dict[str, Any] = {
            "clock": booking.find(kind=PROOF_DECISION, reference=link.pk),
            "now": clock.now(),
        }
        if not request.user.has_perm(CHECK):
            return context
        purpose = _purpose_of(request)
        return context | {
            "may_decide": _open(link) and request.user.has_perm(_deciding(link)),
            "with_senior": _open(link) and link.proof_overdue_at is not None,
            "readable": link.proof is not None and link.proof.state == FileState.CLEAN,
            "why": [{"code": code, "words": _(PURPOSES[code])} for code in WHY] if link.proof else [],
            "purpose": purpose,
            "refusal": self._refusal(request, link, purpose) if purpose else "",
        }

    def _refusal(self, request: HttpRequest, link: GuardianLink, purpose: str) -> str:
        """What the guardian was told last, with a line in their record."""
        if link.guardian_id is None or not subjects.lives(link.guardian_id):
            return ""
        access_record.record(
            actor=cast(Request, request).actor,
            subject_id=link.guardian_id,
            purpose=purpose,
            fields=["privacy.GuardianLink.proof_refusal"],
            at=clock.now(),
        )
        return str(link.proof_refusal or "")

    def paper(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The sealed file, for a purpose that the guardian reads; without one back to the page that asks."""
        require(request, CHECK)
        link = cast("GuardianLink | None", self.get_object(request, str(pk)))
        if link is None or link.proof is None:
            raise Http404
        purpose = _purpose_of(request)
        if not purpose:
            messages.error(request, _("Say first what you open it for."))
            return HttpResponseRedirect(reverse("admin:privacy_guardianlink_change", args=[pk]))
        actor = cast(Request, request).actor
        return stored_files.answer(link.proof, purpose=purpose, actor=actor, at=clock.now())

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One use case; a refusal is shown, and nothing changed."""
        link = cast("GuardianLink | None", self.get_object(request, str(pk)))
        require(request, _deciding(link) if link else CHECK)
        actor, at, sent = cast(Request, request).actor, clock.now(), request.POST
        try:
            if sent.get("decision") == "accept":
                guardian_proofs.accept(link_id=pk, actor=actor, at=at)
            else:
                reason = sent.get("reason", "")
                guardian_proofs.refuse(link_id=pk, reason=reason, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The guardian gets a letter."))
        return HttpResponseRedirect(reverse("admin:privacy_guardianlink_change", args=[pk]))


def _purpose_of(request: HttpRequest) -> str:
    """The purpose named in the address, or nothing."""
    asked = request.GET.get("purpose", "")
    return asked if asked in WHY else ""


def _open(link: GuardianLink) -> bool:
    return link.ended_at is None and GUARDIAN_PROOF.allows(link.proof_state, "accept")


def _deciding(link: GuardianLink) -> str:
    """The permission that its decision takes."""
    return LATE if link.proof_overdue_at else CHECK
