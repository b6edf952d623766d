"""Data requests in the staff pages: the queue with the overdue first, each request with what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from privacy import access_record, ages, columns, copying, deadlines, obstacles, requests, subjects
from privacy.models import ExportFiling, GuardianLink, RetentionRun
from privacy.models import Request as Asked
from privacy.states import ERASING, Channel, RequestKind
from privacy.web import access_admin, incident_admin
from privacy.web.exports_admin import ExportFilingAdmin
from privacy.web.guardian_admin import GuardianLinkAdmin
from web.admin import ReadOnlyAdmin, code_word, require
from web.errors import sentence
from web.http import Request

# Registered with this room's own tables.
ACCESS, INCIDENTS = access_admin.SHOWN, incident_admin.PAGES
ACT, PURPOSE = "privacy.answer_request", "privacy.request"
WORDS = ("details", "identity_note", "extension", "answer", "refusal")
STEPS: dict[str, tuple[Callable[..., Asked], str]] = {
    "check_identity": (requests.check_identity, "how"),
    "answer": (requests.answer, "text"),
    "refuse": (requests.refuse, "reasons"),
    "extend": (requests.extend, "reasons"),
    "retry_copy": (copying.try_again, ""),
}


class ReceivedForm(forms.Form):
    """A request that came by telephone or letter."""

    person = forms.UUIDField(label=gettext_lazy("The person's id, from their order or account"))
    kind = forms.ChoiceField(label=gettext_lazy("What they ask for"))
    channel = forms.ChoiceField(label=gettext_lazy("How it came"))
    details = forms.CharField(
        label=gettext_lazy("In their words"),
        max_length=requests.WORDS_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = cast(forms.ChoiceField, self.fields["kind"])
        kinds.choices = [
            (str(kind), code_word(kind)) for kind in RequestKind if kind is not RequestKind.UNDO_ORDER
        ]
        channels = cast(forms.ChoiceField, self.fields["channel"])
        channels.choices = [(str(one), code_word(one)) for one in (Channel.PHONE, Channel.MAIL)]


@admin.register(Asked)
class RequestAdmin(ReadOnlyAdmin):
    change_list_template = "admin/privacy/requests.html"
    change_form_template = "admin/privacy/request.html"
    list_display = ("number", "kind", "state", "channel", "place", "received_at", "overdue_at")
    list_filter = ("state", "kind", "channel")
    search_fields = ("=number",)
    fields = ("number", "kind", "state", "channel", "place", "received_at", "closed_at", "erase_after")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Running ones before closed ones, overdue ones before all."""
        found = super().get_queryset(request)
        return found.order_by(F("closed_at").desc(nulls_first=True), F("overdue_at").asc(nulls_last=True))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("received/", view(self.received), name="privacy_request_received"),
            path("<uuid:pk>/step/", view(require_POST(self.step)), name="privacy_request_step"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        found = {**(extra_context or {}), "stuck": copying.stuck(at=clock.now())}
        return super().changelist_view(request, found)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        asked = cast("Asked | None", self.get_object(request, object_id))
        context = {**(extra_context or {}), **(self._shown(request, asked) if asked else {})}
        return super().change_view(request, object_id, form_url, context)

    def _shown(self, request: HttpRequest, asked: Asked) -> dict[str, Any]:
        """The sealed words for whoever may answer, with a line in the person's record."""
        context: dict[str, Any] = {"moves": list(asked.moves.order_by("id")), "now": clock.now()}
        context["clock"] = deadlines.running(asked)
        if asked.kind == RequestKind.UNDO_ORDER:
            context["watched"] = ages.children_of(asked.subject_id)
        if not request.user.has_perm(ACT):
            return context
        if subjects.lives(asked.subject_id):
            access_record.record(
                actor=_actor(request),
                subject_id=asked.subject_id,
                purpose=PURPOSE,
                fields=[f"privacy.Request.{name}" for name in WORDS],
                at=clock.now(),
            )
            labels = [
                (columns.field_of(f"privacy.Request.{name}").verbose_name, getattr(asked, name))
                for name in WORDS
            ]
            context["said"] = [(label, words) for label, words in labels if words]
        context["open"] = obstacles.of(asked.subject_id) if asked.kind in ERASING else []
        return context | {"steps": _steps(asked)}

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One use case; a refusal is shown, and nothing changed."""
        require(request, ACT)
        found = STEPS.get(request.POST.get("step", ""))
        if found is not None:
            self._take(request, pk, *found)
        return HttpResponseRedirect(reverse("admin:privacy_request_change", args=[pk]))

    def _take(self, request: HttpRequest, pk: UUID, use_case: Callable[..., Asked], words: str) -> None:
        said = {words: request.POST.get("words", "")} if words else {}
        try:
            use_case(request_id=pk, actor=_actor(request), at=clock.now(), **said)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Done. The person gets a letter.") if words else _("Done."))

    def received(self, request: HttpRequest) -> HttpResponse:
        """Write down what came by telephone or letter; the legal clock runs from here."""
        require(request, ACT)
        form = ReceivedForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            made = self._receive(request, form.cleaned_data)
            if made is not None:
                return HttpResponseRedirect(reverse("admin:privacy_request_change", args=[made.pk]))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form}
        context["title"] = _("A request by telephone or letter")
        return render(request, "admin/privacy/received.html", context, status=422 if form.errors else 200)

    def _receive(self, request: HttpRequest, told: dict[str, Any]) -> Asked | None:
        try:
            return requests.ask(
                subject_id=told["person"],
                kind=RequestKind(told["kind"]),
                channel=Channel(told["channel"]),
                details=told["details"],
                actor=_actor(request),
                at=clock.now(),
            )
        except DomainError as refused:
            messages.error(request, sentence(refused))
            return None


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyAdmin):
    list_display = ("started_at", "ended_at", "counts")
    ordering = ("-started_at",)
    show_full_result_count = False


def _steps(asked: Asked) -> list[tuple[str, str]]:
    """What can be done now, with what to write down."""
    if not asked.is_running:
        return []
    found = [
        ("check_identity", _("How you know that it is the person")),
        ("answer", _("What was done")),
        ("refuse", _("Why not; they read it with where to complain")),
    ]
    shown = [one for one in found if requests.allows(asked, one[0])]
    if asked.extended_at is None and deadlines.may_extend(asked):
        shown.append(("extend", _("Why it takes longer")))
    if asked.pk in {one.request_id for one in copying.stuck(at=clock.now())}:
        shown.append(("retry_copy", ""))
    return shown


def _actor(request: HttpRequest) -> Actor:
    return cast(Request, request).actor


admin.site.register(ExportFiling, ExportFilingAdmin)
admin.site.register(GuardianLink, GuardianLinkAdmin)
