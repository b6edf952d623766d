"""Recovery codes: shown once, to be copied or kept as a file; later only their number."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import flows
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, changing, second_factors
from accounts.models import User
from kernel import clock
from kernel.errors import NotFound
from web import respond
from web.step_up import proved_recently

PAGE = "accounts/recovery_codes.html"
# As long after they were shown the same browser may still save them as a file.
SAVE_SECONDS = 10 * 60
SAVE_UNTIL = "recovery_codes_until"


@method_decorator([never_cache, proved_recently], name="dispatch")
class RecoveryCodesPage(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        action = request.POST.get("action")
        if action == "renew":
            return self._renew(request)
        if action == "save":
            return self._save(request)
        user, _ = access.own_account(request.user)
        wrapped = _codes_of(user).wrap()
        if wrapped.did_view:
            return self._page(request, status=409)
        wrapped.mark_as_viewed()
        request.session[SAVE_UNTIL] = time.time() + SAVE_SECONDS
        return self._page(request, shown=wrapped.get_unused_codes())

    def _renew(self, request: HttpRequest) -> HttpResponse:
        """The old codes are void from here on."""
        user, _ = access.own_account(request.user)
        _codes_of(user)
        flows.generate_recovery_codes(request)
        changing.factor_added(user=user, type="recovery_codes", at=clock.now())
        return respond.redirect(request, "mfa_view_recovery_codes")

    def _save(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        if request.session.get(SAVE_UNTIL, 0) < time.time():
            return self._page(request, status=409)
        answer = render(
            request,
            "accounts/recovery_codes.txt",
            {"codes": _codes_of(user).wrap().get_unused_codes()},
            content_type="text/plain; charset=utf-8",
        )
        answer["Content-Disposition"] = 'attachment; filename="anxin-recovery-codes.txt"'
        return answer

    def _page(self, request: HttpRequest, shown: list[str] | None = None, status: int = 200) -> HttpResponse:
        user, _ = access.own_account(request.user)
        context = {
            "shown": shown,
            "viewed": _codes_of(user).wrap().did_view,
            "left": second_factors.codes_left(user),
        }
        return respond.page(request, PAGE, context, status=status)


def _codes_of(user: User) -> Authenticator:
    for factor in second_factors.of_account(user):
        if factor.type == "recovery_codes":
            return factor
    raise NotFound
