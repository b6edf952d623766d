"""Claims to brands in the staff pages: the chain, what the register said, one decision for each paper."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog.web.brands import shown
from kernel import clock
from kernel.errors import DomainError
from merchants import brand_chains, checking, documents
from merchants.document_kinds import DocumentKind
from merchants.document_lifecycle import DOCUMENT
from merchants.models import Brand, BrandClaim
from merchants.web.staff_documents import CHECK, READ
from web.admin import ReadOnlyAdmin, code_word, require
from web.errors import sentence
from web.http import Request


@admin.register(BrandClaim)
class BrandClaimAdmin(ReadOnlyAdmin):
    """Claims with a paper that waits for the check first."""

    change_form_template = "catalog/admin_brand.html"
    list_display = ("brand", "merchant", "claimed_at", "ended_at")
    list_select_related = ("brand", "merchant")
    search_fields = ("merchant__display_name", "brand__owner", "brand__registration_number")
    fields = (("merchant", "claimed_at", "ended_at"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request).select_related("brand", "merchant")
        return brand_chains.waiting_first(found)

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        step = path("<uuid:pk>/decision", decide, name="merchants_brandclaim_decide")
        return [step, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        claim = self.get_object(request, object_id)
        context = {**(extra_context or {}), **(_context(request, claim) if claim else {})}
        return super().change_view(request, object_id, form_url, context)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Let one paper count, or send it back with a reason."""
        require(request, CHECK)
        actor, at, sent = cast(Request, request).actor, clock.now(), request.POST
        try:
            paper = brand_chains.paper_of(claim_id=pk, document_id=sent.get("document", ""))
            if sent.get("decision") == "verify":
                documents.verify(document_id=paper, actor=actor, at=at)
            else:
                reason = sent.get("reason", "")[:2000]
                documents.refuse(document_id=paper, reason=reason, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The shop sees it at once."))
        return HttpResponseRedirect(reverse("admin:merchants_brandclaim_change", args=[pk]))


@admin.register(Brand)
class BrandAdmin(ReadOnlyAdmin):
    """Marks as shops stated them."""

    list_display = ("__str__", "owner", "registration_number", "place", "entered_at")
    search_fields = ("owner", "registration_number")
    ordering = ("-entered_at", "id")


def _context(request: HttpRequest, claim: BrandClaim) -> dict[str, Any]:
    day = brand_chains.today(clock.now())
    found = shown(brand_chains.chain(claim, day=day), locale=get_language() or "zh-hans")
    may = request.user.has_perm(CHECK)
    for each in found["links"]:
        state = each["newest"].state if each["newest"] else ""
        each["may_verify"] = may and bool(state) and DOCUMENT.allows(state, "verify")
        each["may_refuse"] = may and state in ("handed_in", "verified")
    asked = [each for each in checking.latest(claim.merchant_id) if each.kind == DocumentKind.TRADEMARK]
    said = code_word(asked[0].result) if asked else ""
    return {"chain": found, "may_open": request.user.has_perm(READ), "register_said": said}
