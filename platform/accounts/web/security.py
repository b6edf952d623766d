"""The account's safety on one page, and its sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext, ngettext
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, freezing, second_factors, sessions, weixin
from accounts.devices import BROWSER_WORDS, DEVICE_WORDS
from accounts.models import BrowserSession, User
from accounts.web.session_store import digest_of
from kernel import clock
from kernel.errors import DomainError
from web import respond
from web.errors import sentence

signed_in = method_decorator([never_cache, login_required], name="dispatch")


@signed_in
class Security(View):
    """What opens this account, and who is in it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        factors = second_factors.of_account(user)
        context = {
            "app": next((one for one in factors if one.type == "totp"), None),
            "passkeys": [(one, second_factors.name_of(one)) for one in factors if one.type == "webauthn"],
            "codes_left": second_factors.codes_left(user),
            "has_password": user.has_usable_password(),
            "weixin": weixin.connected(user),
            "review": freezing.to_review(user.subject_id),
            "sessions": len(sessions.of_account(user.pk)),
        }
        return respond.page(request, "accounts/security.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """After a recovery: the owner has a password and has looked through the rest."""
        user, _ = access.own_account(request.user)
        if user.has_usable_password():
            freezing.reviewed(subject_id=user.subject_id, at=clock.now())
        return respond.redirect(request, "accounts:security")


@signed_in
class Sessions(View):
    """GET lists them; POST ends one, or all but this."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        return respond.page(request, "accounts/sessions.html", {"sessions": _shown(user, request)})

    def post(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        digest = request.POST.get("session", "")
        here = digest_of(str(request.session.session_key))
        if digest:
            self._end_one(request, user, digest)
            return respond.redirect(request, "account_login" if digest == here else "accounts:sessions")
        ended = sessions.end_all(user_id=user.pk, but=here)
        words = ngettext("%(n)s session ended.", "%(n)s sessions ended.", ended)
        messages.success(request, words % {"n": ended})
        return respond.redirect(request, "accounts:sessions")

    def _end_one(self, request: HttpRequest, user: User, digest: str) -> None:
        try:
            sessions.end(user_id=user.pk, digest=digest)
        except DomainError as refusal:
            messages.info(request, sentence(refusal))
            return
        if digest == digest_of(str(request.session.session_key)):
            request.session.flush()
            return
        messages.success(request, gettext("This session has ended."))


def _shown(user: User, request: HttpRequest) -> list[dict[str, Any]]:
    here = digest_of(str(request.session.session_key))
    return [
        {"row": row, "is_here": row.pk == here, "words": words_of(row)}
        for row in sessions.of_account(user.pk)
    ]


def words_of(row: BrowserSession) -> str:
    """A phone · Chrome."""
    browser = BROWSER_WORDS[row.browser]
    return " · ".join(part for part in (gettext(DEVICE_WORDS[row.device]), browser) if part)
