"""Cases in the staff pages: a queue by deadline, and the workbench in place of an edit form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from complaints.models import Complaint
from complaints.web import workbench
from web.admin import ReadOnlyAdmin


@admin.register(Complaint)
class ComplaintAdmin(ReadOnlyAdmin):
    list_display = ("number", "state", "category", "merchant", "unanswered", "with_senior", "opened_at")
    list_filter = ("state", "with_senior", "unanswered", "category")
    search_fields = ("number", "order__number")
    ordering = ("opened_at",)
    list_select_related = ("merchant",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path(
                "<uuid:complaint_id>/exhibits/<uuid:exhibit_id>/",
                view(workbench.exhibit),
                name="complaints_complaint_exhibit",
            )
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not request.user.has_perm("complaints.read_complaint"):
            # The row without what was said and shown: for those who only audit.
            return super().change_view(request, object_id, form_url, extra_context)
        chrome = {**self.admin_site.each_context(request), "opts": self.opts, **(extra_context or {})}
        try:
            complaint_id = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return workbench.show(request, complaint_id, chrome)
