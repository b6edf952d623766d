"""The platform's own rules: current and coming versions, comments, and every version to download."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import DomainError
from rulebook import platform_rules, wording
from rulebook.web import limits
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

SEARCH_LIMIT = 60
# Digits of a version that could exist.
LONGEST = 6


class CommentForm(Form):
    body = forms.CharField(
        label=gettext_lazy("Your comment"),
        help_text=gettext_lazy("No names or numbers, please: it is kept with the rule for three years."),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": platform_rules.COMMENT_LIMIT}),
        max_length=platform_rules.COMMENT_LIMIT * 2,
    )


@require_safe
def library(request: Request) -> HttpResponse:
    """Every platform rule, filtered by the words of `q`."""
    search = request.GET.get("q", "")[:SEARCH_LIMIT]
    rules = platform_rules.all_rules(clock.now(), locale=wording.locale(), search=search)
    return page(request, "rulebook/platform.html", {"rules": rules, "search": search}, fragment="results")


@require_safe
def show(request: Request, slug: str) -> HttpResponse:
    """One rule: what counts, what is coming, and every version; `version` shows an older one."""
    return _page(request, slug, CommentForm())


@require_safe
def download(request: Request, slug: str, version: int) -> HttpResponse:
    """One version as a text file in the reader's language."""
    text = platform_rules.version_of(slug, version)
    answer = HttpResponse(
        platform_rules.as_file(text, wording.locale()), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{text.slug}-v{text.version}.txt"'
    return answer


@require_http_methods(["POST"])
def comment(request: Request, slug: str, version: int) -> HttpResponse:
    """Keep a comment on an announced version; a refusal is shown on the form."""
    form, at = CommentForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, slug, form, status=422)
    body = form.cleaned_data["body"]
    try:
        limits.count_comment(request)
        platform_rules.comment(slug=slug, version=version, body=body, actor=request.actor, at=at)
    except DomainError as refused:
        form.refuse(refused)
        often = isinstance(refused, limits.TooManyComments)
        return _page(request, slug, form, status=refused.status if often else 422)
    messages.success(request, _("Thank you. Your comment is kept with the rule."))
    return redirect(request, "rulebook:platform-rule", slug)


def _page(request: Request, slug: str, form: CommentForm, *, status: int = 200) -> HttpResponse:
    rule = platform_rules.one(slug, clock.now())
    asked = request.GET.get("version", "")
    shown = (
        platform_rules.version_of(slug, int(asked)) if asked.isdecimal() and len(asked) < 6 else rule.shown
    )
    context: dict[str, Any] = {"rule": rule, "shown": shown, "form": form}
    return page(request, "rulebook/platform_rule.html", context, status=status)
