"""The money desk's queue of differences, and each provider's day beside ours to the cent."""

from __future__ import annotations

from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.days import is_countable
from kernel.errors import DomainError
from payments import correcting_books, differences, reconciled, stuck_refunds
from payments.gateways import registry
from payments.lifecycle import What
from payments.models import Difference, ProviderStatement
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

END, CORRECT = "payments.end_difference", correcting_books.Correct.permission


@admin.register(Difference)
class DifferenceAdmin(ReadOnlyAdmin):
    """What is open stands first, the oldest before the others."""

    change_form_template = "payments/admin_difference.html"
    list_display = ("found_at", "provider", "day", "what", "kind", "theirs", "ours", "state", "overdue_at")
    list_filter = ("state", "what", "kind", "provider")
    search_fields = ("=key",)
    ordering = ("ended_at", "found_at", "id")
    fields = (
        ("provider", "day", "found_at", "overdue_at"),
        ("what", "kind", "key", "detail"),
        ("theirs_minor", "ours_minor", "currency"),
        ("state", "assigned_to", "assigned_at"),
        ("reason", "ended_at", "ended_by", "corrected_minor"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/take", view(require_POST(self.take)), name="payments_difference_take"),
            path("<uuid:pk>/explain", view(require_POST(self.explain)), name="payments_difference_explain"),
            path("<uuid:pk>/again", view(require_POST(self.again)), name="payments_difference_again"),
            path("<uuid:pk>/correct", view(require_POST(self.correct)), name="payments_difference_correct"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        is_open = bool(held and held.state == "open")
        context = {
            **(extra_context or {}),
            "may_end": is_open and request.user.has_perm(END),
            "may_correct": is_open and _has_gap(held) and request.user.has_perm(CORRECT),
            "may_ask_again": held is not None
            and is_open
            and held.what == What.REFUND_STUCK
            and request.user.has_perm(END),
            "causes": [(key, _(words)) for key, words in correcting_books.CAUSES.items()],
        }
        return super().change_view(request, object_id, form_url, context)

    def take(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say that one looks into it."""
        require(request, END)
        actor = cast(Request, request).actor
        at = clock.now()
        return self._done(request, pk, lambda: differences.take(difference_id=pk, actor=actor, at=at))

    def explain(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """End it with the reason why no money has to move."""
        require(request, END)
        actor, reason = cast(Request, request).actor, request.POST.get("reason", "")
        return self._done(
            request,
            pk,
            lambda: differences.explain(difference_id=pk, reason=reason, actor=actor, at=clock.now()),
        )

    def again(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask the provider once more for a refund that it refused."""
        require(request, END)
        actor, at = cast(Request, request).actor, clock.now()
        return self._done(request, pk, lambda: stuck_refunds.ask_again(difference_id=pk, actor=actor, at=at))

    def correct(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Propose the entry; a colleague confirms it on the page of joint steps."""
        require(request, CORRECT)
        held, cause = self.get_object(request, str(pk)), request.POST.get("cause", "")
        if held is None:
            raise Http404
        return self._done(
            request, pk, lambda: propose(request, correcting_books.step_for(cast(Difference, held), cause))
        )

    def _done(self, request: HttpRequest, pk: UUID, do: Any) -> HttpResponse:
        try:
            do()
        except DomainError as refused:
            messages.error(request, sentence(refused))
        return HttpResponseRedirect(reverse("admin:payments_difference_change", args=[pk]))


def _has_gap(held: Any) -> bool:
    return bool(held.gap) and held.what not in differences.OUTSIDE


@admin.register(ProviderStatement)
class ProviderStatementAdmin(ReadOnlyAdmin):
    """Each day that was asked for; its page shows both sides' sums."""

    list_display = ("day", "provider", "state", "line_count", "read_at", "compared_at")
    list_filter = ("provider", "state")
    ordering = ("-day", "provider")
    fields = (("provider", "day", "state"), ("asked_at", "read_at", "compared_at"), ("line_count", "sha256"))
    change_form_template = "payments/admin_statement.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.of_day))
        return [path("day/", view, name="payments_day"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        seen = [reconciled.seen(held.provider, held.day)] if held else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "days": seen})

    def of_day(self, request: HttpRequest) -> HttpResponse:
        """All providers on one day."""
        if not self.has_view_permission(request):
            raise Http404
        try:
            day = date.fromisoformat(request.GET.get("day", ""))
        except ValueError:
            day = date.min
        if not is_countable(day):
            day = clock.now().date()
        days = [reconciled.seen(name, day) for name in registry.GATEWAYS]
        context = {"title": _("A day of the payment providers"), "day": day, "days": days}
        return workbench(request, "payments/day.html", context)
