"""Staff read the rulebook here; changes come as new versions through `manage law load`."""

from __future__ import annotations

from django.contrib import admin

from rulebook.models import CalendarVersion, PackVersion, Policy, RuleText
from web.admin import ReadOnlyAdmin


@admin.register(PackVersion)
class PackVersionAdmin(ReadOnlyAdmin):
    """Law packs by place and version."""

    list_display = ("place", "version", "in_force_from", "loaded_at", "loaded_by")
    list_filter = ("place",)
    ordering = ("place", "-in_force_from", "-loaded_at")


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    """Calendars by place and version."""

    list_display = ("place", "version", "loaded_at", "loaded_by")
    list_filter = ("place",)
    ordering = ("place", "-loaded_at")


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    """Service levels and limits, every version."""

    list_display = ("name", "version", "value", "in_force_from")
    search_fields = ("name",)
    ordering = ("name", "-version")


@admin.register(RuleText)
class RuleTextAdmin(ReadOnlyAdmin):
    """Platform rules in words, every version."""

    list_display = ("slug", "version", "in_force_from")
    search_fields = ("slug",)
    ordering = ("slug", "-version")
