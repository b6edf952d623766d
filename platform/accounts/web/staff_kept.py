"""The officers' page for what the law has us keep of the erased: ask, and look while the time runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import opening_kept
from accounts.web.staff_pages import workbench
from kernel import clock
from kernel.errors import DomainError
from privacy import kept_data
from privacy.kept_data import PURPOSES, WAYS, By
from privacy.models import KeptOpening, KeptPurpose
from privacy.web import stored_files
from rulebook import policies
from web import respond
from web.admin import require
from web.errors import sentence
from web.forms import Form
from web.http import Request

PERMISSION = "privacy.open_kept"


class KeptForm(Form):
    by = forms.ChoiceField(label=_("What you have of the person"), widget=forms.RadioSelect)
    number = forms.CharField(label=_("The number"), max_length=40)
    purpose = forms.ChoiceField(label=_("For which purpose"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Number of the paper that asks for it"),
        help_text=_("The court's or authority's file number, or the number of the case. No names."),
        max_length=40,
    )
    reason = forms.CharField(
        label=_("What you have to find out"),
        help_text=_("Your colleague decides by it. It is sealed under your own key."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, table in (("by", WAYS), ("purpose", PURPOSES)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(str(key), gettext(words)) for key, words in table.items()]


@method_decorator(never_cache, name="dispatch")
class Kept(View):
    """Asking, and who asked before for which paper."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        return self._page(request, KeptForm(initial={"by": By.CERTIFICATE}))

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        form = KeptForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, 422)
        given = {**form.cleaned_data, "by": By(form.cleaned_data["by"])}
        try:
            opening = opening_kept.propose(**given, actor=cast(Request, request).actor, at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
            return self._page(request, form, 422)
        return respond.redirect(request, "staff:kept-opened", opening.pk)

    def _page(self, request: HttpRequest, form: KeptForm, status: int = 200) -> HttpResponse:
        at = clock.now()
        context = {
            "title": gettext("What is kept of the erased"),
            "form": form,
            "openings": [(one, _words(one), _state(one, at)) for one in kept_data.newest()],
            "minutes": policies.number(kept_data.WINDOW, at),
        }
        return workbench(request, "accounts/staff/kept.html", context, status)


@never_cache
@require_safe
def opened(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    """Before the approval the question, then the data for some minutes, then neither."""
    require(request, PERMISSION)
    opening, at = kept_data.one(opening_id), clock.now()
    state = _state(opening, at)
    context = {"title": gettext("What is kept of an erased person"), "opening": opening, "state": state}
    try:
        context |= _content(request, opening, state)
    except DomainError as refusal:
        context["refusal"] = sentence(refusal)
        return workbench(request, "accounts/staff/kept_opened.html", context, refusal.status)
    return workbench(request, "accounts/staff/kept_opened.html", context)


@never_cache
@require_safe
def file(request: HttpRequest, opening_id: UUID, file_id: UUID) -> HttpResponse:
    """One kept file as a download, while the two may look."""
    require(request, PERMISSION)
    opening, actor = kept_data.one(opening_id), cast(Request, request).actor
    stored, content = kept_data.file(opening=opening, file_id=file_id, actor=actor, at=clock.now())
    return stored_files.download(stored, content)


def _content(request: HttpRequest, opening: KeptOpening, state: str) -> dict[str, Any]:
    actor, at = cast(Request, request).actor, clock.now()
    found: dict[str, Any] = {"words": _words(opening), "own": opening.asked_by == actor.subject_id}
    if state == "waiting":
        found["reason"] = kept_data.reason_of(opening, actor=actor, at=at)
        return found | {"kept": kept_data.outline(opening, at=at)}
    return found | {"kept": kept_data.shown(opening=opening, actor=actor, at=at)}


def _words(opening: KeptOpening) -> str:
    return gettext(PURPOSES[KeptPurpose(opening.purpose)])


def _state(opening: KeptOpening, at: datetime) -> str:
    if opening.closes_at is None:
        return "waiting" if opening_kept.waits(opening.pk, at=at) else "closed"
    return "open" if at < opening.closes_at else "closed"
