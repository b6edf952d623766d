"""One's own tokens: what a program of one's own may read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access, tokens
from accounts.token_scopes import OF_A_PERSON, Scope
from accounts.web.token_form import PAGE, TokenForm, shown
from kernel import clock
from kernel.errors import Invalid
from web import respond
from web.http import Request
from web.step_up import proved_recently


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@proved_recently
@sensitive_variables("secret")
def own(request: Request) -> HttpResponse:
    """The list, and a new one; its secret stands on the answer and nowhere else."""
    user, _locale = access.own_account(request.user)
    form, at, secret = TokenForm(OF_A_PERSON, request.POST or None), clock.now(), ""
    if request.method == "POST" and form.is_valid():
        scopes, days = [Scope(each) for each in form.cleaned_data["scopes"]], form.cleaned_data["days"]
        try:
            _made, secret = tokens.issue(
                subject_id=user.subject_id, scopes=scopes, days=days, actor=request.actor, at=at
            )
        except Invalid as refused:
            form.refuse(refused)
    return _page(request, user.subject_id, form, secret)


@sensitive_variables("secret")
def _page(request: Request, subject_id: UUID, form: TokenForm, secret: str) -> HttpResponse:
    context = {
        "form": form,
        "secret": secret,
        "rows": shown(tokens.of_person(subject_id), clock.now()),
        "action": reverse("accounts:tokens"),
        "base": "base.html",
        "title": _("Your tokens"),
        "example": "/api/v1/me/orders/",
    }
    return respond.page(request, PAGE, context, status=422 if form.errors else 200)


@require_POST
@login_required
def revoke(request: Request, token_id: UUID) -> HttpResponse:
    """Without asking for a fresh proof: to take a program's key away must always be quick."""
    user, _locale = access.own_account(request.user)
    tokens.revoke_own(token_id=token_id, subject_id=user.subject_id, actor=request.actor, at=clock.now())
    messages.success(request, _("Revoked. It opens nothing any more."))
    return respond.redirect(request, "accounts:tokens")
