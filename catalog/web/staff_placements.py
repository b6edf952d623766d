"""Paid places in the staff pages: read by all who see the catalogue, refused with a reason by its desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views.decorators.http import require_POST

from catalog import placements
from catalog.models import Placement
from kernel import clock
from kernel.errors import DomainError
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

REFUSE = "catalog.refuse_placement"


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    change_form_template = "catalog/admin_placement.html"
    list_display = ("listing", "merchant", "first_day", "days", "state", "paid_with", "booked")
    list_filter = ("state", "paid_with")
    list_select_related = ("merchant", "listing")
    ordering = ("-booked_at", "id")
    fields = (
        ("merchant", "listing", "state"),
        ("first_day", "days", "paid_with"),
        ("booked", "decided_at"),
        "reason",
    )

    @admin.display(description=_later("Booked at"), ordering="booked_at")
    def booked(self, placement: Placement) -> datetime:
        return placement.booked_at

    def get_urls(self) -> list[URLPattern]:
        refusal = self.admin_site.admin_view(require_POST(self.refuse))
        return [path("<uuid:pk>/refusal", refusal, name="catalog_placement_refuse"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        may = bool(held and held.state == "booked" and request.user.has_perm(REFUSE))
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_refuse": may})

    def refuse(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Off the list at once; the days to come are paid back."""
        require(request, REFUSE)
        reason, actor = request.POST.get("reason", "")[:2000], cast(Request, request).actor
        try:
            placements.refuse(placement_id=pk, reason=reason, actor=actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. The merchant reads the reason."))
        return HttpResponseRedirect(reverse("admin:catalog_placement_change", args=[pk]))
