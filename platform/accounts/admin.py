"""Accounts in the staff pages: who may work here, never who they are."""

from __future__ import annotations

from django.contrib import admin

from accounts.models import User
from web.admin import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "subject_id", "is_staff", "is_active", "joined_at", "last_login")
    list_filter = ("is_staff", "is_active", "groups")
    fields = ("id", "subject", "is_staff", "is_active", "groups", "joined_at", "last_login")
    ordering = ("-joined_at", "id")
