"""The money desk's view of deposits that lack something: what follows is decided on the ladder."""

from __future__ import annotations

from django.contrib import admin

from payments.models import DepositCall
from web.admin import ReadOnlyAdmin


@admin.register(DepositCall)
class DepositCallAdmin(ReadOnlyAdmin):
    """What is overdue stands first; nothing can be changed here."""

    list_display = ("due_at", "shop", "missing", "overdue_at", "ended_at")
    list_filter = ("ending", "overdue_at")
    list_select_related = ("deposit",)
    search_fields = ("=deposit__merchant_id",)
    ordering = ("ended_at", "due_at", "id")
    fields = (
        ("shop", "missing"),
        ("opened_at", "due_at", "overdue_at"),
        ("ended_at", "ending"),
    )

    @admin.display(description="merchant")
    def shop(self, call: DepositCall) -> str:
        return str(call.deposit.merchant_id)
