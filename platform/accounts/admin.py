"""Accounts in the staff pages: who may work here, never who they are."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import Appointment, Emergency, JointAct, StaffAct, StaffSession, User
from web.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "subject_id", "is_staff", "is_active", "joined_at", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    fields = ("id", "subject", "is_staff", "is_active", "groups", "joined_at", "last_login")
    ordering = ("-joined_at", "id")


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    """Who holds which role, and who stands behind it."""

    list_display = ("role", "subject_id", "at_start", "proposed_by", "confirmed_by", "since", "ended_at")
    list_filter = ("role",)
    ordering = ("-since", "id")


@admin.register(StaffSession)
class StaffSessionAdmin(ReadOnlyAdmin):
    """When who worked in which role; the reasons stay sealed here."""

    list_display = ("role", "subject_id", "proof", "started_at", "ends_at", "ended_at")
    list_filter = ("role",)
    fields = ("role", "subject_id", "proof", "started_at", "seen_at", "ends_at", "ended_at")
    ordering = ("-started_at", "id")


@admin.register(StaffAct)
class StaffActAdmin(ReadOnlyAdmin):
    """The trail: what was sent from the staff pages, and what was seen behind broken glass."""

    list_display = ("at", "method", "page", "thing", "session", "emergency")
    search_fields = ("=thing", "=page", "=request_id")
    list_select_related = ("session", "emergency")
    ordering = ("-id",)
    show_full_result_count = False


@admin.register(Emergency)
class EmergencyAdmin(ReadOnlyAdmin):
    list_display = ("opened_at", "role", "subject_id", "ends_at", "with_senior", "reviewed_by", "justified")
    fields = list_display
    list_filter = ("with_senior", "justified")
    ordering = ("-opened_at", "id")


@admin.register(JointAct)
class JointActAdmin(ReadOnlyAdmin):
    list_display = ("kind", "state", "proposed_by", "proposed_at", "decided_by", "decided_at", "expires_at")
    list_filter = ("state", "kind")
    ordering = ("-proposed_at", "id")
