"""Credit in the staff pages: read only, for everybody."""

from __future__ import annotations

from django.contrib import admin

from credit.models import Entry, Grading, Review
from web.admin import ReadOnlyAdmin


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "merchant", "kind", "component", "permille", "weight", "order", "complaint")
    list_filter = ("component", "kind")
    search_fields = ("merchant__slug", "order__number", "complaint__number")
    list_select_related = ("merchant", "order", "complaint")
    ordering = ("-at", "-id")


@admin.register(Grading)
class GradingAdmin(ReadOnlyAdmin):
    list_display = ("at", "merchant", "grade", "score_permille", "orders", "standard", "actor")
    list_filter = ("grade",)
    search_fields = ("merchant__slug",)
    list_select_related = ("merchant",)
    ordering = ("-at", "-id")


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    """Scores only: who wrote what is not for browsing."""

    list_display = ("at", "merchant", "order", "goods", "description", "delivery", "aftersales")
    fields = ("at", "merchant", "order", "line", "goods", "description", "delivery", "aftersales")
    search_fields = ("merchant__slug", "order__number")
    list_select_related = ("merchant", "order")
    ordering = ("-at", "-id")
