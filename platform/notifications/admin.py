"""Letters in the staff pages: that they were written and left, not to which address."""

from __future__ import annotations

from django.contrib import admin

from notifications.models import Delivery, Disruption, Letter
from notifications.web.disruption_desk import DisruptionAdmin
from web.admin import ReadOnlyAdmin


@admin.register(Letter)
class LetterAdmin(ReadOnlyAdmin):
    list_display = ("kind", "subject_id", "reference", "created_at", "read_at")
    list_filter = ("kind",)
    search_fields = ("reference", "subject__id")
    ordering = ("-created_at", "-id")


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("letter", "channel", "state", "attempts", "next_attempt_at", "failure")
    list_filter = ("state", "channel")
    list_select_related = ("letter",)
    ordering = ("-letter__created_at", "id")


admin.site.register(Disruption, DisruptionAdmin)
