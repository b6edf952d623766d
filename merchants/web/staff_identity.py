"""Reported changes of shops' identities in the staff pages: what is shown beside what shall be."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from merchants import rechecking
from merchants.models import IdentityChange
from merchants.web.staff_documents import CHECK
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


class IdentityChangeAdmin(ReadOnlyAdmin):
    change_form_template = "merchants/admin_identity.html"
    list_display = ("merchant", "state", "changed_on", "reported_at", "late", "overdue_at")
    list_filter = ("state", "late")
    list_select_related = ("merchant",)
    fields = (
        "merchant",
        ("state", "changed_on", "late"),
        ("reported_at", "decided_at", "overdue_at"),
        "reason",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What waits too long first, then what waits, then the rest."""
        found = super().get_queryset(request)
        late, decided = F("overdue_at").asc(nulls_last=True), F("decided_at").desc(nulls_first=True)
        return found.order_by(late, decided, "reported_at", "id")

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        own = [path("<uuid:pk>/decision", decide, name="merchants_identitychange_decide")]
        return [*own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        change = cast("IdentityChange | None", self.get_object(request, object_id))
        context: dict[str, Any] = dict(extra_context or {})
        if change is not None:
            context["rows"] = [
                (
                    cast(Any, change.merchant._meta.get_field(name)).verbose_name,
                    getattr(change.merchant, name),
                    words,
                )
                for name, words in change.fields.items()
            ]
            context["decides"] = change.state == "reported" and request.user.has_perm(CHECK)
        return super().change_view(request, object_id, form_url, context)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show it or not; a refusal of the use case is shown, and nothing changed."""
        require(request, CHECK)
        actor, at = cast(Request, request).actor, clock.now()
        try:
            if request.POST.get("decision") == "show":
                rechecking.show_change(change_id=pk, actor=actor, at=at)
            else:
                reason = request.POST.get("reason", "")
                rechecking.refuse_change(change_id=pk, reason=reason, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The shop sees it at once."))
        return HttpResponseRedirect(reverse("admin:merchants_identitychange_change", args=[pk]))
