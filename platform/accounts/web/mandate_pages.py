"""Mandates given and held: grant by code, accept, act, switch back, end."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import acting, mandates
from accounts.mandate_scopes import Kinship, Scope
from accounts.models import Mandate, User
from accounts.web.mandate_forms import CodeForm, TermsForm
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from rulebook import policies
from web import errors, respond
from web.step_up import proved_recently

MINE = "accounts/mandates/mine.html"
FORM = "accounts/mandates/form.html"


def own_actor(request: HttpRequest) -> Actor:
    """The signed-in person themselves, never somebody they act for."""
    return Actor.buyer(cast(User, request.user).subject_id)


@never_cache
@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _mine(request)


@method_decorator([never_cache, proved_recently], name="dispatch")
class Grant(View):
    """Give a mandate, or renew one; the code is shown once."""

    def get(self, request: HttpRequest, mandate_id: UUID | None = None) -> HttpResponse:
        old = _own_given(request, mandate_id)
        initial = {"scopes": old.scopes, "kinship": old.kinship} if old else {}
        return self._page(request, TermsForm(initial=initial), old)

    def post(self, request: HttpRequest, mandate_id: UUID | None = None) -> HttpResponse:
        old, form, actor = _own_given(request, mandate_id), TermsForm(request.POST), own_actor(request)
        if not form.is_valid():
            return self._page(request, form, old, 422)
        assert actor.subject_id is not None
        try:
            _made, code = mandates.grant(
                principal_id=actor.subject_id, terms=form.terms(), actor=actor, at=clock.now(), renews=old
            )
        except DomainError as refused:
            form.refuse(refused)
            return self._page(request, form, old, 422)
        if not code:
            messages.success(request, gettext("Renewed. It counts when the other person accepts it."))
            return respond.redirect(request, "mandates:mine")
        hours = policies.number("mandate.code_hours", clock.now())
        return respond.page(request, "accounts/mandates/code.html", {"code": code, "hours": hours})

    def _page(
        self, request: HttpRequest, form: TermsForm, old: Mandate | None, status: int = 200
    ) -> HttpResponse:
        context = {"form": form, "old": old, "days": policies.number("mandate.longest_days", clock.now())}
        return respond.page(request, FORM, context, status=status)


@method_decorator([never_cache, login_required], name="dispatch")
class Accept(View):
    """The proxy's side of the code."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return respond.page(request, "accounts/mandates/accept.html", {"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        if not ratelimit.consume(request, action="reauthenticate", user=request.user):
            return errors.too_many(request)
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                mandates.accept_code(code=form.cleaned_data["code"], actor=own_actor(request), at=clock.now())
            except DomainError as refused:
                form.refuse(refused)
            else:
                messages.success(request, gettext("Accepted. You can act for them from here."))
                return respond.redirect(request, "mandates:mine")
        return respond.page(request, "accounts/mandates/accept.html", {"form": form}, status=422)


@login_required
@require_POST
def accept_known(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """A renewed mandate, or one entered from paper, names its proxy already."""
    mandates.accept(mandate_id=mandate_id, actor=own_actor(request), at=clock.now())
    return respond.redirect(request, "mandates:mine")


@login_required
@require_POST
def revoke(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """Either side, at once; no proof is asked, because ending harms nobody."""
    mandates.revoke(mandate_id=mandate_id, actor=own_actor(request), at=clock.now())
    messages.success(request, gettext("Ended. Nobody can act under it any more."))
    return respond.redirect(request, "mandates:mine")


@login_required
@require_POST
def act(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """From now on this browser acts for the other person; a banner says so on every page."""
    actor = own_actor(request)
    assert actor.subject_id is not None
    found = mandates.running(mandate_id=mandate_id, proxy_id=actor.subject_id, at=clock.now())
    if found is None:
        raise NotFound
    response = respond.redirect(request, "orders:list" if "orders" in found.scopes else "mandates:mine")
    acting.begin(request, response, found)
    return response


@require_POST
def back(request: HttpRequest) -> HttpResponse:
    """Back to one's own account."""
    response = respond.redirect(request, "mandates:mine" if request.user.is_authenticated else "/")
    acting.end(request, response)
    return response


def _mine(request: HttpRequest) -> HttpResponse:
    subject_id, now = cast(User, request.user).subject_id, clock.now()
    rows = [_row(each, subject_id, now) for each in mandates.of_person(subject_id)[:100]]
    context = {
        "given": [row for row in rows if row["given"]],
        "held": [row for row in rows if not row["given"]],
        "now": now,
    }
    return respond.page(request, MINE, context)


def _row(mandate: Mandate, subject_id: UUID, now: object) -> dict[str, object]:
    given = mandate.principal_id == subject_id
    other = mandate.proxy_id if given else mandate.principal_id
    ended = mandate.revoked_at is not None or mandate.ends_at <= now  # type: ignore[operator]
    return {
        "mandate": mandate,
        "given": given,
        "name": mandates.name_of(other) if other and mandate.accepted_at else "",
        "scopes": [Scope(scope).label for scope in mandate.scopes],
        "kinship": Kinship(mandate.kinship).label,
        "ended": ended,
        "runs": not ended and mandate.accepted_at is not None,
        "mine_to_accept": not given and not ended and mandate.accepted_at is None,
    }


def _own_given(request: HttpRequest, mandate_id: UUID | None) -> Mandate | None:
    """The mandate to renew. :raises NotFound: when it is not one's own to give"""
    if mandate_id is None:
        return None
    subject_id = cast(User, request.user).subject_id
    found = mandates.one_of(subject_id, mandate_id)
    if found.principal_id != subject_id or found.proxy_id is None:
        raise NotFound
    return found
