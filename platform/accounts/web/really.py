"""Is this really from you? Check a letter by its number and a call by its code; report those who pretend."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import calls, guests, post
from accounts.staff_roles import WORDS, Role
from kernel import clock
from kernel.errors import DomainError
from notifications import checking
from notifications.models import Letter
from notifications.rendering import words_of
from web import errors, respond
from web.forms import Form
from web.http import Request

PAGE = "accounts/really.html"
# Enough to recognise a letter in one's hand, too little to learn what it says.
FIRST_LETTERS = 12


class NumberForm(Form):
    number = forms.CharField(
        label=_("Check number"),
        help_text=_("Twelve digits at the end of each of our letters and messages."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the twelve digits at the end of the letter.")},
    )


class ReportForm(Form):
    address = forms.CharField(label=_("Address of the page"), max_length=500, required=False)
    words = forms.CharField(
        label=_("What happened"),
        max_length=calls.WORDS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@method_decorator(never_cache, name="dispatch")
class Really(View):
    """Open to everybody; tries are limited, and a letter's content is its reader's alone."""

    def get(self, request: Request) -> HttpResponse:
        return _page(request, NumberForm())

    def post(self, request: Request) -> HttpResponse:
        if not ratelimit.consume(request, action="really"):
            return errors.too_many(request)
        form = NumberForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=422)
        return _page(request, form, asked=True, found=_found(request, form.cleaned_data["number"]))


class Report(View):
    def post(self, request: Request) -> HttpResponse:
        if not ratelimit.consume(request, action="really"):
            return errors.too_many(request)
        form = ReportForm(request.POST)
        if not form.is_valid():
            return _page(request, NumberForm(), report=form, status=422)
        try:
            subject_id = guests.subject_for(request, at=clock.now())
            calls.report(subject_id=subject_id, at=clock.now(), **form.cleaned_data)
        except DomainError as refused:
            form.refuse(refused)
            return _page(request, NumberForm(), report=form, status=422)
        messages.success(request, gettext("Thank you. The security desk looks at it."))
        return respond.redirect(request, "really:check")


def _found(request: Request, number: str) -> dict[str, Any] | None:
    """A letter, or a code or warning of the sign-in pages: of those only the kind is known."""
    letter = checking.letter_with(number)
    if letter is not None:
        return _shown(request, letter)
    message = post.message_with(number)
    return {"at": message.at, "title": post.subject_of(message.kind), "letter": None} if message else None


def _shown(request: Request, letter: Letter) -> dict[str, Any]:
    """To its reader the whole title and the way to it; to everybody else how it begins."""
    mine = request.user.is_authenticated and request.user.subject_id == letter.subject_id
    title = words_of(letter, locale=request.LANGUAGE_CODE).title
    beginning = title if len(title) <= FIRST_LETTERS else f"{title[:FIRST_LETTERS]}…"
    return {
        "at": letter.created_at,
        "title": title if mine else beginning,
        "letter": letter if mine else None,
    }


def _page(
    request: HttpRequest,
    form: NumberForm,
    *,
    asked: bool = False,
    found: dict[str, Any] | None = None,
    report: ReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now, user = clock.now(), request.user
    running = calls.codes_of(user.subject_id, at=now) if user.is_authenticated else []
    context = {
        "form": form,
        "asked": asked,
        "found": found,
        "report": report or ReportForm(),
        "calls": [(each, gettext(WORDS[Role(each.role)])) for each in running],
    }
    return respond.page(request, PAGE, context, status=status)
