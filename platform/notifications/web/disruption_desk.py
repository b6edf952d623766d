"""Disruptions in the staff pages: enter one, say how it goes on."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import DomainError
from notifications import disruptions
from notifications.disruption_lifecycle import COMPONENT_WORDS, STAGE_WORDS, Component, Stage
from notifications.models import Disruption
from web.admin import ReadOnlyAdmin, require
from web.errors import sentence
from web.forms import Form
from web.http import Request

TELL = "notifications.tell_disruption"
# Each language by its own name, as everywhere.
NAMES = {"zh-hans": "简体中文", "zh-hant": "繁體中文", "en": "English"}


class WordsForm(Form):
    """What everybody reads, in each language."""

    stage = forms.ChoiceField(label=gettext_lazy("Where it stands"))

    def __init__(self, *args: Any, stages: list[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = [(str(each), _(STAGE_WORDS[each])) for each in stages]  # type: ignore[attr-defined]
        for language, name in NAMES.items():
            self.fields[f"words_{language}"] = forms.CharField(
                label=_("What we say") + f" · {name}",
                max_length=disruptions.WORDS_LIMIT,
                widget=forms.Textarea(attrs={"rows": 2, "cols": 60, "lang": language}),
            )

    def said(self, what: str) -> dict[str, str]:
        return {language: self.cleaned_data[f"{what}_{language}"] for language in NAMES}


class BeginForm(WordsForm):
    components = forms.MultipleChoiceField(
        label=gettext_lazy("What is concerned"), widget=forms.CheckboxSelectMultiple
    )
    started_at = forms.DateTimeField(
        label=gettext_lazy("Since when; empty is now"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, stages=[Stage.INVESTIGATING], **kwargs)
        del self.fields["stage"]
        words = list(self.fields)
        choices = [(str(each), _(words)) for each, words in COMPONENT_WORDS.items()]
        self.fields["components"].choices = choices  # type: ignore[attr-defined]
        for language, name in NAMES.items():
            self.fields[f"title_{language}"] = forms.CharField(
                label=_("Title") + f" · {name}",
                max_length=disruptions.TITLE_LIMIT,
                widget=forms.TextInput(attrs={"size": 60, "lang": language}),
            )
        self.order_fields([*(f"title_{language}" for language in NAMES), *words])


class DisruptionAdmin(ReadOnlyAdmin):
    change_list_template = "admin/notifications/disruptions.html"
    change_form_template = "admin/notifications/disruption.html"
    list_display = ("__str__", "standing", "started_at", "ended_at")
    fields = ("standing", ("started_at", "ended_at"), ("entered_at", "entered_by"))
    ordering = ("-started_at", "-id")

    @admin.display(description=gettext_lazy("Where it stands"), ordering="stage")
    def standing(self, held: Disruption) -> str:
        return _(STAGE_WORDS[Stage(held.stage)])

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("begin", view(require_POST(self.begin)), name="notifications_disruption_begin"),
            path("<uuid:pk>/step", view(require_POST(self.step)), name="notifications_disruption_step"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        form = BeginForm() if request.user.has_perm(TELL) else None
        return super().changelist_view(request, {"form": form, **(extra_context or {})})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        held = cast("Disruption | None", self.get_object(request, object_id))
        stages = disruptions.next_stages(held) if held else []
        may = bool(stages) and request.user.has_perm(TELL)
        form = WordsForm(stages=stages, initial={"stage": held.stage}) if held and may else None
        told = held.updates.all() if held else []
        context = {"form": form, "updates": [(each, _(STAGE_WORDS[Stage(each.stage)])) for each in told]}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Everybody reads it at once; what is missing is said, and nothing is told."""
        require(request, TELL)
        form, at = BeginForm(request.POST), clock.now()
        if form.is_valid():
            told = form.cleaned_data
            self._try(
                request,
                disruptions.begin,
                title=form.said("title"),
                words=form.said("words"),
                components=[Component(each) for each in told["components"]],
                started_at=told["started_at"] or at,
                at=at,
            )
        else:
            messages.error(request, form.errors.as_text())
        return HttpResponseRedirect(reverse("admin:notifications_disruption_changelist"))

    def step(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Say how it goes on, or that it is over."""
        require(request, TELL)
        form = WordsForm(request.POST, stages=list(Stage))
        if form.is_valid():
            stage, words = Stage(form.cleaned_data["stage"]), form.said("words")
            self._try(request, disruptions.update, disruption_id=pk, stage=stage, words=words, at=clock.now())
        else:
            messages.error(request, form.errors.as_text())
        return HttpResponseRedirect(reverse("admin:notifications_disruption_change", args=[pk]))

    def _try(self, request: HttpRequest, use_case: Any, **told: Any) -> None:
        try:
            use_case(actor=cast(Request, request).actor, **told)
        except DomainError as refused:
            messages.error(request, sentence(refused))
        else:
            messages.success(request, _("Everybody reads it now."))
