"""Following a report: by its code, which stands in no address, or signed in under one's own."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts import guests
from catalog import access as catalog_access
from kernel import clock
from kernel.errors import N_, DomainError, NotFound
from oversight import access, codes
from oversight.models import Report
from oversight.web import holding, words
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

RATE = "wrong_report_code"


class TooManyWrongCodes(DomainError):
    code = "too_many_wrong_codes"
    status = 429
    message = N_("Too many wrong codes came from your network. Try again in a quarter of an hour.")


class CodeForm(Form):
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("16 letters and digits, or the number of an older report that begins with J."),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: Request) -> HttpResponse:
    """What the browser's code leads to, what one has reported under one's name, and the field for a code."""
    if request.method == "POST":
        return _asked(request)
    try:
        return _page(request, CodeForm(), held=access.report_of_code(holding.code_of(request)))
    except access.CodeUnknown:
        return _page(request, CodeForm())


def _asked(request: Request) -> HttpResponse:
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    older = _older(form.cleaned_data["code"])
    if older:
        return redirect(request, "catalog:report-status", older)
    try:
        held = _found(request, form.cleaned_data["code"])
    except DomainError as refused:
        form.refuse(refused)
        return _page(request, form, status=refused.status)
    code = codes.normal(form.cleaned_data["code"])
    return holding.keep(_page(request, CodeForm(), held=held), code)


def _found(request: Request, code: str) -> Report:
    """:raises TooManyWrongCodes: before it is looked up :raises CodeUnknown: which is counted"""
    if not ratelimit.consume(request, action=RATE, dry_run=True):
        raise TooManyWrongCodes
    try:
        return access.report_of_code(code)
    except access.CodeUnknown:
        ratelimit.consume(request, action=RATE)
        raise


def _older(text: str) -> str:
    """The number of a report from before this room; "" for anything else."""
    number = text.strip().upper()[:12]
    if not number.startswith("J") or len(number) != len("J") + 10:
        return ""
    try:
        return str(catalog_access.report_of(number).number)
    except NotFound:
        return ""


def _page(request: Request, form: CodeForm, *, held: Report | None = None, status: int = 200) -> HttpResponse:
    own = [words.of_matter(each.matter) for each in access.reports_of(guests.shopper_of(request))]
    context: dict[str, Any] = {"form": form, "held": held, "own": own, "now": clock.now()}
    if held is not None:
        context |= words.of_matter(held.matter) | {"files": held.files.count()}
        context["authority"] = words.authority(context["ruling"])
    return page(request, "oversight/track.html", context, status=status)


@require_POST
def forget(request: Request) -> HttpResponse:
    """This browser shows it no more; whoever has the code still can."""
    return holding.forget(redirect(request, "oversight:track"))
