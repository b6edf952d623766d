"""Personal data in the staff pages: incidents, impact assessments, and what a restore left to decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from kernel import clock
from privacy import assessments, breaches
from privacy.models import Assessment, Breach, Restoration
from privacy.web import assessment_desk, breach_desk
from web.admin import ReadOnlyAdmin


@admin.register(Breach)
class BreachAdmin(ReadOnlyAdmin):
    change_list_template = "admin/privacy/breaches.html"
    list_display = ("number", "drill", "state", "noticed_at", "persons", "decided_at", "closed_at")
    list_filter = ("state", "drill")
    search_fields = ("number",)
    ordering = ("-noticed_at",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("open/", view(self.open_new), name="privacy_breach_open"),
            path(
                "<uuid:breach_id>/report/<str:place>", view(breach_desk.report), name="privacy_breach_report"
            ),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        found = {**(extra_context or {}), "figures": breaches.figures()}
        return super().changelist_view(request, found)

    def open_new(self, request: HttpRequest) -> HttpResponse:
        return breach_desk.open_new(request, self._chrome(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            breach_id = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return breach_desk.show(request, breach_id, {**self._chrome(request), **(extra_context or {})})

    def _chrome(self, request: HttpRequest) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts}


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    change_list_template = "admin/privacy/assessments.html"
    list_display = ("kind", "version", "result", "made_at", "approved_at", "expires_at")
    list_filter = ("kind", "result")
    ordering = ("kind", "-version")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        found = {**(extra_context or {}), "standing": assessments.standing(clock.now())}
        return super().changelist_view(request, found)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        chrome = {**self.admin_site.each_context(request), "opts": self.opts, **(extra_context or {})}
        try:
            return assessment_desk.show(request, UUID(object_id), chrome)
        except ValueError:
            raise Http404 from None


@admin.register(Restoration)
class RestorationAdmin(ReadOnlyAdmin):
    """What came out of a backup, and what still waits; deciding is `manage restored`."""

    list_display = ("restored_at", "taken_at", "keys_missing", "leaves_lost", "replayed_at", "books_at")
    ordering = ("-restored_at",)


PAGES = (AssessmentAdmin, BreachAdmin, RestorationAdmin)
