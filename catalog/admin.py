"""Staff look at listings and take them off sale, with a reason and a rule, through the use cases."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import suspension
from catalog.lifecycle import LISTING
from catalog.models import Listing, ListingMove, ListingRevision, PriceHistory, Stock
from catalog.web.staff_brands import BrandAdmin as BrandAdmin
from catalog.web.staff_brands import BrandClaimAdmin as BrandClaimAdmin
from catalog.web.staff_placements import PlacementAdmin as PlacementAdmin
from catalog.web.staff_proofs import CertificateAdmin as CertificateAdmin
from catalog.web.staff_proofs import EvaluationAdmin as EvaluationAdmin
from catalog.web.staff_reports import ListingReportAdmin as ListingReportAdmin
from catalog.web.staff_schemas import CategoryAdmin as CategoryAdmin
from catalog.web.staff_schemas import SchemaChangeAdmin as SchemaChangeAdmin
from catalog.web.staff_serials import SerialAlarmAdmin as SerialAlarmAdmin
from catalog.web.staff_submissions import SubmissionAdmin as SubmissionAdmin
from kernel import clock
from kernel.errors import DomainError
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


@admin.register(Listing)
class ListingAdmin(ReadOnlyAdmin):
    """Every listing with its history; suspension and its end are the only steps staff take."""

    change_form_template = "catalog/admin_listing.html"
    list_display = ("working_title", "code", "merchant", "category", "state", "published_at")
    list_filter = ("state", "category")
    list_select_related = ("merchant", "category")
    search_fields = ("working_title", "code", "barcode")
    ordering = ("-draft_saved_at", "id")
    fields = (
        ("working_title", "code", "barcode"),
        ("merchant", "category", "state"),
        ("live_revision", "published_at", "shelf_price_minor"),
        ("created_at", "draft_saved_at"),
        "draft",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        return super().get_queryset(request).defer("search")

    def get_urls(self) -> list[URLPattern]:
        step = self.admin_site.admin_view(require_POST(self.step))
        return [path("<uuid:pk>/step", step, name="catalog_listing_step"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        listing = self.get_object(request, object_id)
        state = listing.state if listing and request.user.has_perm("catalog.suspend_listing") else None
        context = {
            **(extra_context or {}),
            "may_suspend": state is not None and LISTING.allows(state, "suspend"),
            "may_lift": state is not None and LISTING.allows(state, "lift"),
            "moves": ListingMove.objects.filter(listing=listing).order_by("-at", "-id"),
        }
        return super().change_view(request, object_id, form_url, context)

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Suspend or lift; a refusal of the use case is shown, and nothing changed."""
        require(request, "catalog.suspend_listing")
        reason, actor, at = request.POST.get("reason", ""), cast(Request, request).actor, clock.now()
        try:
            if request.POST.get("step") == "lift":
                suspension.lift(listing_id=pk, reason=reason, actor=actor, at=at)
            else:
                rule = request.POST.get("rule_id", "")[:80]
                suspension.suspend(listing_id=pk, reason=reason, rule_id=rule, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. The merchant reads the reason."))
        return HttpResponseRedirect(reverse("admin:catalog_listing_change", args=[pk]))


@admin.register(ListingRevision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("listing", "number", "price_minor", "currency", "published_at")
    fields = (
        "listing",
        "number",
        "content",
        "price_minor",
        "freight_minor",
        "currency",
        "pack_version",
        "published_at",
    )
    list_select_related = ("listing",)
    ordering = ("-published_at", "id")


@admin.register(PriceHistory)
class PriceHistoryAdmin(ReadOnlyAdmin):
    list_display = ("listing", "variant", "price_minor", "currency", "valid_from")
    list_select_related = ("listing", "variant")
    ordering = ("-valid_from", "id")


@admin.register(Stock)
class StockAdmin(ReadOnlyAdmin):
    list_display = ("variant", "listing", "on_hand", "reserved", "sold")
    list_select_related = ("variant", "listing")
    ordering = ("variant_id",)
