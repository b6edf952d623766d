"""Deadlines in the staff pages: queues by owner with the overdue first, and more time once, with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deadlines import moving, queues
from deadlines.models import Deadline, DeadlineChange, Owner
from kernel import clock
from kernel.days import is_countable
from kernel.errors import DomainError
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


@admin.register(Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    change_list_template = "admin/deadlines/list.html"
    change_form_template = "admin/deadlines/one.html"
    list_display = ("kind", "owner", "state", "due_at", "provisional", "rule_id", "reference")
    list_filter = ("state", "owner", "provisional", "kind")
    search_fields = ("=reference", "=kind")
    ordering = ("due_at", "id")
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("queues/", view(require_safe(self.queues)), name="deadlines_queues"),
            path("<uuid:pk>/extension", view(require_POST(self.extend)), name="deadlines_extend"),
        ]
        return [*own, *super().get_urls()]

    def queues(self, request: HttpRequest) -> HttpResponse:
        """Whose turn it is and for how long: the overdue first."""
        require(request, "deadlines.view_deadline")
        at, owner = clock.now(), request.GET.get("owner", "")
        owner = owner if owner in Owner.values else ""
        found = queues.queues(at=at, owner=owner, overdue=request.GET.get("due") == "overdue")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deadlines by owner"),
            "opts": self.opts,
            "queues": found,
            "records": queues.figures(at=at),
            "owner": owner,
            "now": at,
        }
        return render(request, "admin/deadlines/queues.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if self.get_object(request, unquote(object_id)) is None:
            return super().change_view(request, object_id, form_url, extra_context)
        changes = DeadlineChange.objects.filter(deadline_id=object_id).order_by("at", "id")
        running = Deadline.objects.running().filter(pk=object_id, extended_at=None).exists()
        may_extend = running and request.user.has_perm("deadlines.extend_deadline")
        context = {**(extra_context or {}), "changes": changes, "may_extend": may_extend}
        return super().change_view(request, object_id, form_url, context)

    def extend(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """More time, once; a refusal of the use case is shown, and nothing changed."""
        require(request, "deadlines.extend_deadline")
        found = cast("Deadline | None", self.get_object(request, str(pk)))
        due_at = _instant(request.POST.get("due_at", ""))
        if found is None or due_at is None:
            messages.error(request, _("Give the new end as a date and a time."))
        else:
            self._extend(request, found, due_at)
        return HttpResponseRedirect(reverse("admin:deadlines_deadline_change", args=[pk]))

    def _extend(self, request: HttpRequest, found: Deadline, due_at: datetime) -> None:
        try:
            moving.extend(
                kind=found.kind,
                reference=found.reference,
                due_at=due_at,
                reason=request.POST.get("reason", "")[:2000],
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Extended. The reason stays on record."))


def _instant(text: str) -> datetime | None:
    """What a datetime-local field gives, by the clock in China."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not is_countable(found):
        return None
    if found.tzinfo is not None:
        return found
    return timezone.make_aware(found)
