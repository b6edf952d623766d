"""The desk for reported violations: danger first, each look on record, each decision with its reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError
from oversight import access, deciding, hearing
from oversight.models import Matter
from oversight.states import AUTHORITY_WORDS, RULINGS, STATE_WORDS, Kind, MatterState, Target
from oversight.web import words
from privacy.web import stored_files
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

DECIDE = "oversight.decide_matter"
# What nobody decided in time is a senior's.
LATE = "oversight.decide_overdue_matter"


@admin.register(Matter)
class MatterAdmin(ReadOnlyAdmin):
    """What waits first: danger, then what is late, then the oldest; the count decides nothing."""

    change_form_template = "oversight/admin_matter.html"
    list_display = ("number", "kind_word", "where", "told", "state", "urgent", "opened", "left", "overdue_at")
    list_filter = ("state", "urgent", "target")
    list_select_related = ("merchant", "listing", "revision")
    search_fields = ("number", "merchant__display_name")
    fields = (("number", "kind_word", "state", "urgent"), ("where", "told"), ("opened", "overdue_at"))
    readonly_fields = ("kind_word", "where", "told", "opened")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Matter]:
        return access.queue()

    @admin.display(description=_("What is wrong"), ordering="kind")
    def kind_word(self, held: Matter) -> str:
        return gettext(words.SHORT[Kind(held.kind)])

    @admin.display(description=_("Where"))
    def where(self, held: Matter) -> str:
        return words.where(held)["title"]

    @admin.display(description=_("Reports"), ordering="told")
    def told(self, held: Matter) -> int:
        return int(getattr(held, "told", 0))

    @admin.display(description=_("Opened at"), ordering="opened_at")
    def opened(self, held: Matter) -> datetime:
        return held.opened_at

    @admin.display(description=_("Time left"))
    def left(self, held: Matter) -> datetime | None:
        """The instant until which whoever is on turn has time."""
        due_at: datetime | None = getattr(held, "due_at", None)
        return due_at

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "oversight_matter"
        return [
            path("<uuid:pk>/reports", view(require_POST(self.reports)), name=f"{name}_reports"),
            path("<uuid:pk>/question", view(require_POST(self.question)), name=f"{name}_question"),
            path("<uuid:pk>/ruling", view(require_POST(self.ruling)), name=f"{name}_ruling"),
            path("<uuid:pk>/files/<uuid:file_id>", view(require_safe(self.file)), name=f"{name}_file"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        context = {**self._told(request, held), **(extra_context or {})} if held else extra_context
        return super().change_view(request, object_id, form_url, context)

    def _told(self, request: HttpRequest, held: Matter) -> dict[str, Any]:
        mine = held.looks.filter(actor=str(cast(Request, request).actor)).exists()
        may = held.is_running and request.user.has_perm(_deciding(held))
        return {
            **words.of_matter(held),
            "may_read": request.user.has_perm(DECIDE),
            "may_ask": may and held.state == MatterState.RECEIVED and held.merchant_id is not None,
            "may_decide": may and mine,
            "with_senior": held.is_running and held.overdue_at,
            "proposed": deciding.proposed(held),
            "looks": held.looks.order_by("at", "id"),
            "moves": held.moves.order_by("id"),
            "outcomes": [
                (name, gettext(STATE_WORDS[MatterState(name)]))
                for name in RULINGS
                if name != MatterState.SUSPENDED or held.target == Target.LISTING
                if name != MatterState.POINTS or held.merchant_id is not None
            ],
            "authorities": [(str(key), gettext(said)) for key, said in AUTHORITY_WORDS.items()],
        }

    def reports(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Open what was reported; who, when and why stands here and in each reporter's record."""
        require(request, DECIDE)
        held, actor = self._held(request, pk), cast(Request, request).actor
        try:
            opened = deciding.open_reports(
                matter_id=pk, reason=request.POST.get("why", ""), actor=actor, at=clock.now()
            )
        except DomainError as refused:
            return self._back(request, pk, refused)
        chrome = {**self.admin_site.each_context(request), "opts": self.opts, "original": held}
        context = {**chrome, **self._told(request, held), "title": held.number, "opened": opened}
        context["answer"] = held.answer if held.answered_at else ""
        return TemplateResponse(request, "oversight/admin_reports.html", context)

    def question(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ask the shop, in the desk's own words."""
        require(request, _deciding(self._held(request, pk)))
        actor, sent = cast(Request, request).actor, request.POST
        try:
            hearing.ask(matter_id=pk, question=sent.get("question", ""), actor=actor, at=clock.now())
        except DomainError as refused:
            return self._back(request, pk, refused)
        messages.success(request, gettext("Asked. The shop has its time to answer; ours stands still."))
        return self._back(request, pk)

    def ruling(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Decide it; reporter and shop read the reasons."""
        require(request, _deciding(self._held(request, pk)))
        actor = cast(Request, request).actor
        try:
            made = deciding.decide(matter_id=pk, decided=_decided(request), actor=actor, at=clock.now())
        except DomainError as refused:
            return self._back(request, pk, refused)
        waits = gettext("Proposed. It takes effect when a colleague confirms it.")
        done = gettext("Decided. Reporter and shop read the reasons.")
        messages.success(request, done if made.in_force_at else waits)
        return self._back(request, pk)

    def file(self, request: HttpRequest, pk: UUID, file_id: UUID) -> HttpResponse:
        """A file of a report; the look stands in the reporter's record."""
        require(request, DECIDE)
        actor, at = cast(Request, request).actor, clock.now()
        held = access.file_of_matter(pk, file_id, actor=actor, at=at)
        return stored_files.answer(held.file, purpose=deciding.PURPOSE, actor=actor, at=at)

    def _back(self, request: HttpRequest, pk: UUID, refused: DomainError | None = None) -> HttpResponse:
        if refused is not None:
            messages.error(request, sentence(refused))
        return HttpResponseRedirect(reverse("admin:oversight_matter_change", args=[pk]))

    def _held(self, request: HttpRequest, pk: UUID) -> Matter:
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        return cast(Matter, held)


def _decided(request: HttpRequest) -> deciding.Decided:
    sent = request.POST
    points = sent.get("points", "").strip()
    return deciding.Decided(
        outcome=sent.get("outcome", "")[:20],
        reasons=sent.get("reasons", ""),
        rule_id=sent.get("rule_id", "")[:100],
        points=int(points) if points.isascii() and points.isdigit() and len(points) < 4 else 0,
        authority=sent.get("authority", "")[:20],
        record=sent.get("record", ""),
    )


def _deciding(held: Matter) -> str:
    """The permission that its decision takes."""
    return LATE if held.overdue_at else DECIDE
