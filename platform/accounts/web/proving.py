"""Is it you? The page before a step that matters: one proof of those that the account has."""

from __future__ import annotations

import json
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.exceptions import RateLimited
from allauth.mfa.webauthn.internal import auth as passkeys
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, second_factors
from accounts.web import codes, proof_forms, proofs
from accounts.web.mfa_forms import PasskeyProof
from accounts.web.proof_forms import Way
from web import errors, respond, security_log
from web.forms import Form

PAGE = "account/reauthenticate.html"


@method_decorator([never_cache, login_required], name="dispatch")
class Prove(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            ratelimit.consume(request, action="reauthenticate", user=request.user, raise_exception=True)
        except RateLimited:
            return errors.too_many(request)
        way = Way.of(request.POST.get("by", ""))
        if way not in ways_of(request.user):
            return self._page(request, status=422)
        if way is Way.SEND:
            return self._send(request)
        form = proof_forms.of(way, request, request.POST)
        if not form.is_valid():
            security_log.note("code_refused", request, way=way.value)
            return self._page(request, tried=(way, form), status=422)
        if isinstance(form, PasskeyProof):
            form.save()
        proofs.note(request, method=way.value)
        return respond.redirect(request, get_next_redirect_url(request) or reverse("accounts:account"))

    def _send(self, request: HttpRequest) -> HttpResponse:
        """The account has neither password nor second factor: a code goes to its own address."""
        user, _ = access.own_account(request.user)
        code = codes.issue(request.session, purpose="proof", about=str(user.pk))
        get_adapter().send_mail("account/email/proof_code", user.pseudonym, {"code": code})
        return self._page(request)

    def _page(
        self, request: HttpRequest, *, tried: tuple[Way, Form] | None = None, status: int = 200
    ) -> HttpResponse:
        offered = ways_of(request.user)
        forms = {
            way.value: proof_forms.of(way, request) for way in offered if way not in (Way.SEND, Way.PASSKEY)
        }
        if tried:
            forms[tried[0].value] = tried[1]
        by_passkey = Way.PASSKEY in offered
        context: dict[str, Any] = {
            "forms": forms,
            "next": get_next_redirect_url(request) or "",
            "problem_form": tried[1] if tried else None,
            "by_post": Way.SEND in offered,
            "options": json.dumps(passkeys.begin_authentication(request.user)) if by_passkey else "",
            "sent": codes.pending(request.session, purpose="proof") is not None,
        }
        return respond.page(request, PAGE, context, status=status)


def ways_of(user: Any) -> list[Way]:
    """The proofs that this account can give; a mailed code only where there is no better one."""
    has = second_factors.kinds_of(user)
    ways = [Way.PASSWORD] if user.has_usable_password() else []
    if has & {"totp", "recovery_codes"}:
        ways.append(Way.CODE)
    if "webauthn" in has:
        ways.append(Way.PASSKEY)
    return ways or [Way.SEND, Way.MAILED]
