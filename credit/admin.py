"""Credit in the staff pages: read only, for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from credit.models import Entry, Grading, Review
from kernel import clock
from merchants.models import Merchant
from privacy import access_record
from web.admin import ReadOnlyAdmin
from web.http import Request


class ConfidentialAdmin(ReadOnlyAdmin):
    """What a shop's credit is made of: whoever of the staff reads it leaves a line with the shop."""

    seen: tuple[str, ...] = ()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        listed = (getattr(answer, "context_data", None) or {}).get("cl")
        if listed is not None:
            self._record(request, [row.merchant for row in listed.result_list])
        return answer

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None:
            self._record(request, [row.merchant])
        return super().change_view(request, object_id, form_url, extra_context)

    def _record(self, request: HttpRequest, shops: Iterable[Merchant]) -> None:
        for subject_id in sorted({shop.subject_id for shop in shops}):
            access_record.record(
                actor=cast(Request, request).actor,
                subject_id=subject_id,
                purpose="credit.read",
                fields=self.seen,
                at=clock.now(),
            )


@admin.register(Entry)
class EntryAdmin(ConfidentialAdmin):
    seen = ("credit.Entry.permille",)
    list_display = ("at", "merchant", "kind", "component", "permille", "weight", "order", "complaint")
    list_filter = ("component", "kind")
    search_fields = ("merchant__slug", "order__number", "complaint__number")
    list_select_related = ("merchant", "order", "complaint")
    ordering = ("-at", "-id")


@admin.register(Grading)
class GradingAdmin(ConfidentialAdmin):
    seen = ("credit.Grading.parts",)
    list_display = ("at", "merchant", "grade", "score_permille", "orders", "standard", "actor")
    list_filter = ("grade",)
    search_fields = ("merchant__slug",)
    list_select_related = ("merchant",)
    ordering = ("-at", "-id")


@admin.register(Review)
class ReviewAdmin(ConfidentialAdmin):
    """Scores only: who wrote what is not for browsing."""

    seen = ("credit.Review.goods",)

    list_display = ("at", "merchant", "order", "goods", "description", "delivery", "aftersales")
    fields = ("at", "merchant", "order", "line", "goods", "description", "delivery", "aftersales")
    search_fields = ("merchant__slug", "order__number")
    list_select_related = ("merchant", "order")
    ordering = ("-at", "-id")
