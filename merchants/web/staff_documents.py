"""Documents in the staff pages: a queue, what was claimed once a purpose is named, and the decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import N_, DomainError
from merchants import access, documents
from merchants.document_lifecycle import DOCUMENT
from merchants.models import Document
from merchants.web import papers
from privacy import access_record
from privacy.access_words import PURPOSES
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

READ, CHECK = "merchants.read_document", "merchants.check_document"
# Why a document is opened; the shop reads it in its record.
WHY = ("merchants.review", "merchants.recheck", "merchants.supervision")
DECISIONS: dict[str, tuple[str, Callable[..., Document], tuple[str, ...]]] = {
    "verify": (N_("It is right: let it count"), documents.verify, ("verify",)),
    "refuse": (N_("Refuse it, with the reason"), documents.refuse, ("refuse", "revoke")),
}


class DocumentAdmin(ReadOnlyAdmin):
    change_form_template = "merchants/admin_document.html"
    list_display = ("merchant", "kind", "state", "valid_until", "handed_in_at", "overdue_at")
    list_filter = ("state", "kind")
    list_select_related = ("merchant",)
    search_fields = ("merchant__display_name", "merchant__legal_name")
    fields = (
        ("merchant", "kind", "state"),
        ("issuer", "valid_from", "valid_until"),
        ("handed_in_at", "decided_at", "overdue_at"),
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What waits too long first, then what waits, then the rest."""
        found = super().get_queryset(request)
        return found.order_by(
            F("overdue_at").asc(nulls_last=True), F("decided_at").desc(nulls_first=True), "handed_in_at", "id"
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/decision", view(require_POST(self.decide)), name="merchants_document_decide"),
            path("<uuid:pk>/paper/<slug:side>/", view(self.paper), name="merchants_document_paper"),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        document = cast("Document | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), **(self._shown(request, document) if document else {})}
        return super().change_view(request, object_id, form_url, context)

    def _shown(self, request: HttpRequest, document: Document) -> dict[str, Any]:
        context: dict[str, Any] = {"moves": list(document.moves.order_by("-at", "-id"))}
        if request.user.has_perm(CHECK):
            context["decisions"] = [
                {"name": name, "words": _(words)}
                for name, (words, _step, moves) in DECISIONS.items()
                if any(DOCUMENT.allows(document.state, move) for move in moves)
            ]
        if request.user.has_perm(READ):
            context["why"] = [{"code": code, "words": _(PURPOSES[code])} for code in WHY]
            context["purpose"] = purpose = purpose_of(request)
            if purpose:
                _record(request, document, purpose)
                context["number"] = document.number
        return context

    def paper(self, request: HttpRequest, pk: UUID, side: str) -> HttpResponse:
        """One side, for a purpose that the shop can read; without one back to the page that asks for it."""
        require(request, READ)
        actor = cast(Request, request).actor
        document = access.document_for_staff(actor, pk)
        purpose = purpose_of(request)
        if not purpose:
            messages.error(request, _("Say first what you open it for."))
            return HttpResponseRedirect(reverse("admin:merchants_document_change", args=[pk]))
        return papers.answer(document, side, purpose=purpose, actor=actor, at=clock.now())

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One use case; a refusal is shown, and nothing changed."""
        require(request, CHECK)
        found = DECISIONS.get(request.POST.get("decision", ""))
        reason = (
            {"reason": request.POST.get("reason", "")} if request.POST.get("decision") == "refuse" else {}
        )
        if found is not None:
            try:
                found[1](document_id=pk, actor=cast(Request, request).actor, at=clock.now(), **reason)
            except DomainError as refused:
                messages.error(request, sentence(refused))
            else:
                messages.success(request, _("Decided. The shop sees it at once."))
        return HttpResponseRedirect(reverse("admin:merchants_document_change", args=[pk]))


def purpose_of(request: HttpRequest) -> str:
    """The purpose named in the address, or nothing."""
    asked = request.GET.get("purpose", "")
    return asked if asked in WHY else ""


def _record(request: HttpRequest, document: Document, purpose: str) -> None:
    access_record.record(
        actor=cast(Request, request).actor,
        subject_id=document.subject_id,
        purpose=purpose,
        fields=["merchants.Document.number"],
        at=clock.now(),
    )
