"""The reviewers' desk for reported messages: opened with a reason, each look on record, answered once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from orders.messages import reporting
from orders.models import MessageReport
from orders.states import MessageSeat, ReportCause
from orders.web.message_reports import CAUSES, OUTCOMES
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.http import Request

DECIDE = "orders.decide_message_report"
# What nobody answered in time is a senior's.
LATE = "orders.decide_overdue_message_report"


@admin.register(MessageReport)
class MessageReportAdmin(ReadOnlyAdmin):
    """What waits first, of that what is late; the words stay shut until somebody says why."""

    change_form_template = "orders/admin_message_report.html"
    list_display = ("number", "order", "written_by", "cause_word", "state", "reported", "overdue_at")
    list_filter = ("state", "cause")
    list_select_related = ("message__thread__order",)
    search_fields = ("number", "message__thread__order__number")
    ordering = (F("decided_at").desc(nulls_first=True), F("overdue_at").asc(nulls_last=True), "made_at", "id")
    fields = (("number", "order", "state"), ("reported", "overdue_at"), ("reason", "decided_at"))

    @admin.display(description=_("Reported at"), ordering="made_at")
    def reported(self, held: MessageReport) -> datetime:
        return held.made_at

    @admin.display(description=_("order"))
    def order(self, held: MessageReport) -> str:
        return held.message.thread.order.number

    @admin.display(description=_("Written by"))
    def written_by(self, held: MessageReport) -> str:
        return gettext("The shop") if held.message.seat == MessageSeat.MERCHANT else gettext("The buyer")

    @admin.display(description=_("Cause"), ordering="cause")
    def cause_word(self, held: MessageReport) -> str:
        return gettext(CAUSES[ReportCause(held.cause)])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<uuid:pk>/words", view(require_POST(self.words)), name="orders_messagereport_words"),
            path("<uuid:pk>/answer", view(require_POST(self.answer)), name="orders_messagereport_answer"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = self.get_object(request, object_id)
        context = {**self._told(request, held), **(extra_context or {})} if held else extra_context
        return super().change_view(request, object_id, form_url, context)

    def _told(self, request: HttpRequest, held: MessageReport) -> dict[str, Any]:
        waiting = held.state == "received"
        mine = held.looks.filter(actor=str(cast(Request, request).actor)).exists()
        return {
            "may_read": request.user.has_perm(DECIDE),
            "may_answer": waiting and mine and request.user.has_perm(_answering(held)),
            "with_senior": waiting and held.overdue_at,
            "cause": self.cause_word(held),
            "written_by": self.written_by(held),
            "rules": held.message.warned,
            "breaches": reporting.breaches(held, at=clock.now()),
            "due_at": reporting.answer_by(held.pk),
            "outcomes": [(str(key), gettext(words)) for key, words in OUTCOMES.items()],
            "looks": held.looks.order_by("at", "id"),
        }

    def words(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Open the message; who, when and why stands here and in both sides' records."""
        require(request, DECIDE)
        held = self._held(request, pk)
        sent, actor = request.POST, cast(Request, request).actor
        try:
            found = reporting.open_words(
                report_id=pk,
                reason=sent.get("why", ""),
                around=sent.get("around") == "1",
                actor=actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return HttpResponseRedirect(reverse("admin:orders_messagereport_change", args=[pk]))
        chrome = {**self.admin_site.each_context(request), "opts": self.opts, "original": held}
        context = {**chrome, **self._told(request, held), "title": held.number, "opened": found}
        return TemplateResponse(request, "orders/admin_message_words.html", context)

    def answer(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Answer it; both sides read the reason."""
        require(request, _answering(self._held(request, pk)))
        sent, actor = request.POST, cast(Request, request).actor
        try:
            reporting.decide(
                report_id=pk,
                outcome=sent.get("outcome", ""),
                reason=sent.get("reason", ""),
                actor=actor,
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, gettext("Answered. Both sides read the reason."))
        return HttpResponseRedirect(reverse("admin:orders_messagereport_change", args=[pk]))

    def _held(self, request: HttpRequest, pk: UUID) -> MessageReport:
        held = self.get_object(request, str(pk))
        if held is None:
            raise Http404
        return cast(MessageReport, held)


def _answering(held: MessageReport) -> str:
    """The permission that its answer takes."""
    return LATE if held.overdue_at else DECIDE
