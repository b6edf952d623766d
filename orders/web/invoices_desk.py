"""The money desk's invoices: what shops are late with, and what they sent back because of its title."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from orders.invoice_states import PaperState
from orders.invoices import nudging
from orders.models import Invoice, InvoicePaper
from orders.web import invoice_words
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

NUDGE = "orders.nudge_shop"


class Late(admin.SimpleListFilter):
    """What a shop still owes after its time."""

    title = _("time to issue it")
    parameter_name = "late"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("over, and nothing issued"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        late = queryset.filter(state=PaperState.DUE, late_at__isnull=False)
        return late if self.value() == "yes" else queryset


@admin.register(InvoicePaper)
class InvoicePaperAdmin(ReadOnlyAdmin):
    """Sums and clocks; to whom it is made out is sealed, and nothing here needs it."""

    change_form_template = "orders/admin_invoice_paper.html"
    list_display = ("order", "merchant", "kind", "state", "amount", "due_at", "late_since", "nudged")
    list_filter = (Late, "state", "kind")
    search_fields = ("invoice__order__number", "number")
    list_select_related = ("invoice__order", "merchant")
    ordering = ("due_at", "id")
    fields = (
        ("order", "merchant", "kind", "state"),
        ("amount_minor", "currency", "number"),
        ("due_at", "late_since", "nudged", "issued_at"),
    )

    @admin.display(description=_("Order"), ordering="invoice__order__number")
    def order(self, held: InvoicePaper) -> str:
        return held.invoice.order.number

    @admin.display(description=_("Late since"), ordering="late_at")
    def late_since(self, held: InvoicePaper) -> datetime | None:
        return held.late_at

    @admin.display(description=_("Shop reminded at"), ordering="nudged_at")
    def nudged(self, held: InvoicePaper) -> datetime | None:
        return held.nudged_at

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.nudge))
        return [path("<uuid:pk>/nudge", view, name="orders_invoicepaper_nudge"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = cast(InvoicePaper | None, self.get_object(request, object_id))
        late = held is not None and held.state == PaperState.DUE and held.late_at is not None
        context = {**(extra_context or {}), "may_nudge": late and request.user.has_perm(NUDGE)}
        return super().change_view(request, object_id, form_url, context)

    def nudge(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Remind the shop; at most once a day."""
        require(request, NUDGE)
        if self.get_object(request, str(pk)) is None:
            raise Http404
        try:
            nudging.nudge(paper_id=pk, actor=cast(Request, request).actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, gettext("The shop is reminded."))
        return HttpResponseRedirect(reverse("admin:orders_invoicepaper_change", args=[pk]))


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """Wishes for an invoice; those that a shop sent back because of the title wait for the buyer."""

    list_display = ("order", "merchant", "kind", "state", "why", "wanted_at", "ended_at")
    list_filter = ("state", "refusal")
    search_fields = ("order__number",)
    list_select_related = ("order", "merchant")
    ordering = ("-wanted_at", "-id")
    fields = (("order", "merchant", "kind", "state"), ("why", "wanted_at", "asked_at", "ended_at"))

    @admin.display(description=_("Sent back because"), ordering="refusal")
    def why(self, held: Invoice) -> str:
        return invoice_words.reason_word(held)
