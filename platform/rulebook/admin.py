"""The law desk of the staff pages: what needs a lawyer, what is not announced, and new law by two people."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import N_, DomainError
from rulebook import loading, platform_rules, previewing, proposals, warnings
from rulebook.models import CalendarVersion, PackVersion, Policy, Proposal, RuleComment, RuleText
from rulebook.sources import LIMIT_BYTES
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request


class FileUnusable(DomainError):
    code = "rulebook_file_unusable"
    message = N_("Choose a text file of at most 4 MB.")
    status = 422


@admin.register(PackVersion)
class PackVersionAdmin(ReadOnlyAdmin):
    """Law packs by place and version."""

    list_display = ("place", "version", "in_force_from", "loaded_at", "loaded_by")
    list_filter = ("place",)
    ordering = ("place", "-in_force_from", "-loaded_at")


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    """Calendars by place and version."""

    list_display = ("place", "version", "loaded_at", "loaded_by")
    list_filter = ("place",)
    ordering = ("place", "-loaded_at")


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    """Service levels and limits, every version."""

    list_display = ("name", "version", "value", "in_force_from")
    search_fields = ("name",)
    ordering = ("name", "-version")


@admin.register(RuleText)
class RuleTextAdmin(ReadOnlyAdmin):
    """Platform rules in words, every version."""

    change_list_template = "admin/rulebook/rules.html"
    list_display = ("slug", "version", "in_force_from", "loaded_at", "loaded_by")
    search_fields = ("slug",)
    ordering = ("slug", "-version")

    def get_urls(self) -> list[URLPattern]:
        publish = self.admin_site.admin_view(require_POST(self.publish))
        return [path("publish/", publish, name="rulebook_publish"), *super().get_urls()]

    def publish(self, request: HttpRequest) -> HttpResponse:
        """Announce new versions from a file, with the notice that the law asks for."""
        require(request, "rulebook.publish_rules")
        actor, at = cast(Request, request).actor, clock.now()
        try:
            text, name = uploaded(request)
            found = platform_rules.publish(text=text, name=name, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, ", ".join(str(each) for each in found))
        return HttpResponseRedirect(reverse("admin:rulebook_ruletext_changelist"))


@admin.register(RuleComment)
class RuleCommentAdmin(ReadOnlyAdmin):
    """What people said about platform rules before they came into force."""

    list_display = ("text", "at", "body")
    list_select_related = ("text",)
    ordering = ("-at", "-id")


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """New law: one person brings the file, sees what it changes for whom, another one accepts."""

    change_list_template = "admin/rulebook/proposals.html"
    change_form_template = "admin/rulebook/proposal.html"
    list_display = ("version", "kind", "place", "state", "proposed_by", "proposed_at", "decided_by")
    list_filter = ("state", "kind")
    ordering = ("-proposed_at", "-id")
    fields = (
        ("version", "kind", "place", "state"),
        ("proposed_by", "proposed_at", "decided_by", "decided_at"),
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("desk/", view(require_safe(self.desk)), name="rulebook_desk"),
            path("bring/", view(require_POST(self.bring)), name="rulebook_bring"),
            path("<uuid:pk>/decision", view(require_POST(self.decide)), name="rulebook_decide"),
        ]
        return [*own, *super().get_urls()]

    def desk(self, request: HttpRequest) -> HttpResponse:
        """Years nobody has announced, rules nobody has checked."""
        require(request, "rulebook.view_proposal")
        at = clock.now()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Law desk"),
            "opts": self.opts,
            "years": warnings.missing_years(at),
            "laws": warnings.unsure_rules(at),
        }
        return render(request, "admin/rulebook/desk.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = cast("Proposal | None", self.get_object(request, object_id))
        context = {**(extra_context or {})}
        if found is not None:
            mine = found.proposed_by == str(cast(Request, request).actor)
            waits = found.state == Proposal.State.WAITING
            mine = mine or not request.user.has_perm("rulebook.confirm_pack")
            context |= {"preview": preview_of(found) if waits else None, "mine": mine, "waits": waits}
        return super().change_view(request, object_id, form_url, context)

    def bring(self, request: HttpRequest) -> HttpResponse:
        """Keep a file for a second person; what can't be read is refused with its line."""
        require(request, "rulebook.propose_pack")
        actor, at = cast(Request, request).actor, clock.now()
        try:
            text, name = uploaded(request)
            found = proposals.propose(text=text, name=name, actor=actor, at=at)
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return HttpResponseRedirect(reverse("admin:rulebook_proposal_changelist"))
        return HttpResponseRedirect(reverse("admin:rulebook_proposal_change", args=[found.pk]))

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Accept or refuse what somebody else has brought."""
        require(request, "rulebook.confirm_pack")
        step = proposals.accept if request.POST.get("decision") == "accept" else proposals.refuse
        try:
            step(proposal_id=pk, actor=cast(Request, request).actor, at=clock.now())
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Decided."))
        return HttpResponseRedirect(reverse("admin:rulebook_proposal_change", args=[pk]))


def preview_of(found: Proposal) -> previewing.Preview:
    if found.kind == Proposal.Kind.CALENDAR:
        return previewing.of_calendar(loading.calendar_of(found.text, name=found.file_name)[0])
    return previewing.of_pack(loading.pack_of(found.text, name=found.file_name)[0])


def uploaded(request: HttpRequest) -> tuple[str, str]:
    """The text and name of the file that came with the form.

    :raises FileUnusable: for none, a large one, or what is no text
    """
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > LIMIT_BYTES:
        raise FileUnusable
    try:
        return upload.read().decode("utf-8"), str(upload.name or "")[:120]
    except UnicodeDecodeError as error:
        raise FileUnusable from error
