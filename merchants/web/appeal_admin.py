"""Appeals in the staff pages: what was decided, what the shop says, and the ruling."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants import appeals, contested
from merchants.models import Appeal
from privacy import access_record
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

READ = ("merchants.Appeal.text", "privacy.StoredFile.name")


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """The oldest first: a ruling has its deadline."""

    change_form_template = "merchants/admin_appeal.html"
    list_display = ("merchant", "about", "state", "with_senior", "filed_at", "decided_at")
    list_filter = ("state", "with_senior", "about")
    list_select_related = ("merchant",)
    search_fields = ("merchant__display_name", "=reference")
    ordering = ("filed_at", "id")
    fields = (
        ("merchant", "about", "state"),
        ("contested_at", "filed_at", "with_senior"),
        ("reasons", "decided_at"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<uuid:pk>/ruling", view(require_POST(self.rule)), name="merchants_appeal_ruling"),
            path(
                "<uuid:pk>/files/<uuid:file_id>/", view(require_safe(self.file)), name="merchants_appeal_file"
            ),
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """What was said is opened for those who rule; whoever audits sees the row."""
        appeal = cast("Appeal | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), "show_save": False}
        if appeal is not None and request.user.has_perm("merchants.decide_appeal"):
            context |= self._opened(request, appeal)
        return super().change_view(request, object_id, form_url, context)

    def _opened(self, request: HttpRequest, appeal: Appeal) -> dict[str, Any]:
        """Who reads it leaves a line."""
        access_record.record(
            actor=cast(Request, request).actor,
            subject_id=appeal.subject_id,
            purpose=appeals.PURPOSE,
            fields=READ,
            at=clock.now(),
        )
        about, reference, merchant_id = appeal.about, appeal.reference, appeal.merchant_id
        return {
            "said": appeal.text,
            "shown": appeal.files.select_related("file").order_by("at", "id"),
            "decision": contested.find(about=about, reference=reference, merchant_id=merchant_id),
            "may_rule": appeal.is_running and request.user.has_perm(permission_for(appeal)),
        }

    def rule(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A refusal of the use case is shown, and nothing changed."""
        found = cast("Appeal | None", self.get_object(request, str(pk)))
        require(request, permission_for(found))
        ruling = request.POST.get("ruling", "")
        try:
            if found is None or ruling not in ("uphold", "reject"):
                raise NotFound
            appeals.decide(
                appeal_id=pk,
                upheld=ruling == "uphold",
                reasons=request.POST.get("reasons", "")[:2000],
                actor=cast(Request, request).actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided. The merchant gets the reasons."))
        return HttpResponseRedirect(reverse("admin:merchants_appeal_change", args=[pk]))

    def file(self, request: HttpRequest, pk: UUID, file_id: UUID) -> HttpResponse:
        require(request, "merchants.decide_appeal")
        appeal = appeals.locked(pk)
        shown = appeals.shown_file(merchant_id=appeal.merchant_id, file_id=file_id)
        actor = cast(Request, request).actor
        return stored_files.answer(shown.file, purpose=appeals.PURPOSE, actor=actor, at=clock.now())


def permission_for(appeal: Appeal | None) -> str:
    """An appeal whose time has passed is a senior's."""
    late = appeal is not None and appeal.with_senior
    return "merchants.decide_overdue_appeal" if late else "merchants.decide_appeal"
