"""A course with its quiz: points to read, questions, and why an answer is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import staff
from accounts.models import User
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants import access, training
from merchants.courses import Course, Words
from merchants.models import TrainingAttempt
from web.forms import Form
from web.http import Request
from web.respond import page


class QuizForm(Form):
    """One radio group a question."""

    def __init__(self, course: Course, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in course.questions:
            choices = [(key, said(words)) for key, words in each.choices]
            self.fields[each.key] = forms.ChoiceField(
                label=said(each.text), choices=choices, widget=forms.RadioSelect
            )


@dataclass
class Shown:
    """A quiz as a page shows it; `wrong` are (question, why) of the last try."""

    course: Course
    form: QuizForm
    certificate: TrainingAttempt | None = None
    attempt: TrainingAttempt | None = None
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return 422 if self.form.errors else 200

    def context(self) -> dict[str, Any]:
        return {
            "course": {
                "title": said(self.course.title),
                "intro": said(self.course.intro),
                "points": [said(each) for each in self.course.points],
            },
            "form": self.form,
            "certificate": self.certificate,
            "attempt": self.attempt,
            "wrong": self.wrong,
        }


def answer(request: Request, *, subject_id: UUID, slug: str) -> Shown:
    """The quiz, and on a POST what came of it."""
    course, at = training.named(slug), clock.now()
    shown = Shown(course, QuizForm(course, request.POST if request.method == "POST" else None))
    if request.method == "POST" and shown.form.is_valid():
        given = dict(shown.form.cleaned_data)
        try:
            shown.attempt = training.take(subject_id=subject_id, slug=slug, answers=given, at=at)
        except DomainError as refused:
            shown.form.refuse(refused)
        else:
            shown.wrong = [
                (said(each.text), said(each.why))
                for each in course.questions
                if given[each.key] != each.right
            ]
    shown.certificate = training.certificate(subject_id=subject_id, slug=slug, at=at)
    return shown


def said(words: Words) -> str:
    """In the reader's language; the home market's where there is none."""
    return words.get(get_language() or "", words["zh-hans"])


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: Request, course: str) -> HttpResponse:
    """Any course for whoever acts for a shop; the desk's own for staff."""
    person = access.person_of(request.actor)
    if course == training.DESK and not staff.roles_of(cast(User, request.user)):
        raise NotFound
    shown = answer(request, subject_id=person, slug=course)
    tries = training.tries(subject_id=person, slug=course)
    context = {**shown.context(), "title": _("Training"), "tries": tries}
    return page(request, "merchants/training.html", context, status=shown.status)
