"""An impact assessment inside the admin: read, approve as the second person, or write the next version."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.errors import DomainError
from privacy import assessments
from privacy.models import AssessedKind, Assessment, AssessmentResult
from web.admin import code_word, require
from web.forms import Form
from web.http import Request

MAY = "privacy.approve_assessment"
LABELS = {
    "processing": gettext_lazy("What is done with which data"),
    "necessity": gettext_lazy("Why it is needed, and why not less"),
    "risks": gettext_lazy("What it can do to people"),
    "measures": gettext_lazy("What is done against that"),
}
TONGUES = (("en", "English"), ("zh-hans", "简体中文"))
RESULTS = (
    (AssessmentResult.GOES_ON, gettext_lazy("May go on")),
    (AssessmentResult.WITH_MEASURES, gettext_lazy("May go on with these measures")),
    (AssessmentResult.STOPPED, gettext_lazy("Must stop")),
)


class NextForm(Form):
    """The four texts in both languages, and what follows from them."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=RESULTS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in LABELS.items():
            for language, tongue in TONGUES:
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=f"{label} ({tongue})", max_length=8000, widget=forms.Textarea(attrs={"rows": 4})
                )

    def words(self) -> assessments.Words:
        said = self.cleaned_data
        texts = {name: {key: said[f"{name}_{key}"] for key, _tongue in TONGUES} for name in LABELS}
        return assessments.Words(**texts)


def show(request: HttpRequest, assessment_id: UUID, chrome: dict[str, Any]) -> HttpResponse:
    """The version; a POST approves it or brings the next one."""
    require(request, "privacy.view_assessment")
    found = assessments.one(assessment_id)
    form = NextForm(request.POST if "next" in request.POST else None, initial=_texts(found))
    if request.method == "POST":
        require(request, MAY)
        done = _next(request, found, form) if "next" in request.POST else _approve(request, found)
        if done is not None:
            return done
    return TemplateResponse(
        request,
        "admin/privacy/assessment.html",
        {**chrome, "assessment": found, "form": form, **_state(request, found)},
        status=422 if form.errors else 200,
    )


def _state(request: HttpRequest, found: Assessment) -> dict[str, Any]:
    weighed = [(label, getattr(found, name)) for name, label in LABELS.items()]
    own = found.made_by == str(cast(Request, request).actor)
    return {
        "title": f"{code_word(found.kind)} {found.version}",
        "texts": [(label, words["zh-hans"], words["en"]) for label, words in weighed],
        "may": request.user.has_perm(MAY),
        "waits": assessments.waits(found),
        "own": own,
        "in_force": assessments.in_force(AssessedKind(found.kind), clock.now()),
    }


def _texts(found: Assessment) -> dict[str, str]:
    texts = {f"{name}_{key}": getattr(found, name)[key] for name in LABELS for key, _tongue in TONGUES}
    return {**texts, "result": found.result}


def _next(request: HttpRequest, found: Assessment, form: NextForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    made = assessments.write(
        kind=AssessedKind(found.kind),
        words=form.words(),
        result=AssessmentResult(form.cleaned_data["result"]),
        actor=cast(Request, request).actor,
        at=clock.now(),
    )
    return _to(made)


def _approve(request: HttpRequest, found: Assessment) -> HttpResponse:
    try:
        assessments.approve(assessment_id=found.pk, actor=cast(Request, request).actor, at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(_(refusal.message)))
    return _to(found)


def _to(found: Assessment) -> HttpResponse:
    page = reverse("admin:privacy_assessment_change", args=[found.pk])
    return HttpResponseRedirect(page, status=303)
