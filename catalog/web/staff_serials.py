"""Alarms of serial codes in the staff pages: what is known, and closing one with a reason."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from catalog import serial_alarms, serial_checks
from catalog.models import SerialAlarm
from catalog.serial_kinds import ALARM_WORDS, AlarmKind
from kernel import clock
from kernel.errors import DomainError
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

CLOSE = "catalog.close_serial_alarm"


@admin.register(SerialAlarm)
class SerialAlarmAdmin(ReadOnlyAdmin):
    """What is open first, the oldest before the others."""

    change_form_template = "catalog/admin_serial_alarm.html"
    list_display = ("kind", "merchant", "listing", "raised_at", "closed_at")
    list_filter = ("kind",)
    list_select_related = ("merchant", "listing")
    ordering = ("-closed_at", "raised_at", "id")
    fields = (("kind", "merchant", "listing"), ("raised_at", "closed_at"), "reason")

    def get_urls(self) -> list[URLPattern]:
        close = self.admin_site.admin_view(require_POST(self.close))
        return [path("<uuid:pk>/closing", close, name="catalog_serialalarm_close"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held, may = self.get_object(request, object_id), request.user.has_perm(CLOSE)
        context = {
            **(extra_context or {}),
            "cause": _(ALARM_WORDS[AlarmKind(held.kind)]) if held else "",
            "asked": serial_checks.figures(held.code_id) if held else None,
            "may_close": bool(may and held and held.closed_at is None),
        }
        return super().change_view(request, object_id, form_url, context)

    def close(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say what it was; the record keeps it."""
        require(request, CLOSE)
        reason, actor = request.POST.get("reason", "")[:2000], cast(Request, request).actor
        try:
            serial_alarms.close(alarm_id=pk, reason=reason, actor=actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Closed."))
        return HttpResponseRedirect(reverse("admin:catalog_serialalarm_change", args=[pk]))
