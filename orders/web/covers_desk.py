"""The money desk's queue of claims on covers: whose insurer let its time pass, and asking it again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel import clock
from orders.cover import telling
from orders.models import CoverClaim, OrderCover
from orders.models.cover_claims import CoverClaimQuerySet
from web.admin import ReadOnlyAdmin, require

CHASE = "orders.chase_insurer"


class Overdue(admin.SimpleListFilter):
    """Paid by silence and not told, or owed and not handed over: somebody has to ask."""

    title = _("insurer")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("its time is over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "yes" or not isinstance(queryset, CoverClaimQuerySet):
            return queryset
        return queryset.overdue()


@admin.register(CoverClaim)
class CoverClaimAdmin(ReadOnlyAdmin):
    """Without the buyer's words and photos: a complaint opens the case, and that is recorded."""

    change_form_template = "orders/admin_cover_claim.html"
    list_display = ("number", "cover", "cause", "state", "amount", "asked_at", "by_silence", "told_at")
    list_filter = (Overdue, "state", "cause")
    search_fields = ("number", "cover__number", "cover__order__number")
    list_select_related = ("cover__order",)
    ordering = ("asked_at", "id")
    fields = (
        ("number", "cover", "cause", "state", "quantity"),
        ("goods_minor", "paid_goods_minor", "beside_minor", "transfer"),
        ("by_silence", "refusal"),
        ("asked_at", "told_at", "ended_at"),
    )

    def get_urls(self) -> list[URLPattern]:
        asked = self.admin_site.admin_view(require_POST(self.ask))
        return [path("<uuid:pk>/ask", asked, name="orders_coverclaim_ask"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        context = {
            **(extra_context or {}),
            "may_ask": held is not None and request.user.has_perm(CHASE) and telling.is_waiting(held),
        }
        return super().change_view(request, object_id, form_url, context)

    def ask(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """The insurer's turn comes now; its answer does what it always does."""
        require(request, CHASE)
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        telling.hurry(held, at=clock.now())
        return HttpResponseRedirect(reverse("admin:orders_coverclaim_change", args=[pk]))


@admin.register(OrderCover)
class OrderCoverAdmin(ReadOnlyAdmin):
    list_display = ("number", "order", "kind", "insurer", "state", "premium", "limit", "bought_at")
    list_filter = ("state", "kind", "insurer")
    search_fields = ("number", "order__number")
    list_select_related = ("order",)
    ordering = ("-bought_at", "-id")
    fields = (
        ("number", "order", "kind", "product", "version", "insurer"),
        ("state", "premium_minor", "limit_minor", "currency"),
        ("bought_at", "began_at", "ended_at"),
    )
