"""Signing in with WeChat, and connecting it: 404 where the site has no keys for it."""

from __future__ import annotations

import hmac
import secrets

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, weixin
from accounts.models import User
from kernel import clock
from kernel.errors import NotFound
from web import errors, respond
from web.step_up import has_proved, proved_recently

STATE = "weixin_state"


class Only(View):
    """Not there without keys."""

    def setup(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        super().setup(request, *args, **kwargs)
        if not weixin.is_set_up():
            raise NotFound


@method_decorator(never_cache, name="dispatch")
class Start(Only):
    """Sends the browser to WeChat; what comes back must carry our word (a form could not lead out: CSP)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return leave(request)


@method_decorator([never_cache, proved_recently], name="dispatch")
class Connect(Only):
    def get(self, request: HttpRequest) -> HttpResponse:
        return leave(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the connection away."""
        user, _ = access.own_account(request.user)
        weixin.disconnect(user_id=user.pk)
        return respond.redirect(request, "accounts:security")


@method_decorator(never_cache, name="dispatch")
class Back(Only):
    def get(self, request: HttpRequest) -> HttpResponse:
        expected = request.session.pop(STATE, "")
        given = request.GET.get("state", "")
        if not expected or not hmac.compare_digest(expected, given) or not request.GET.get("code"):
            return errors.bad_request(request)
        if not ratelimit.consume(request, action="weixin"):
            return errors.too_many(request)
        # The page that signs in starts the same way, so the proof is asked for where it counts.
        if isinstance(request.user, User) and not has_proved(request):
            return respond.redirect(request, "accounts:weixin_connect")
        pseudonym = weixin.pseudonym_of(request.GET["code"])
        if isinstance(request.user, User):
            weixin.connect(user_id=request.user.pk, pseudonym=pseudonym, at=clock.now())
            return respond.redirect(request, "accounts:security")
        return self._sign_in(request, pseudonym)

    def _sign_in(self, request: HttpRequest, pseudonym: str) -> HttpResponse:
        user = weixin.account_of(pseudonym)
        if user is None:
            words = gettext("No account is connected with this WeChat account. Sign in, then connect it.")
            messages.info(request, words)
            return respond.redirect(request, "account_login")
        record_authentication(request, user, method="weixin")
        answer: HttpResponse = perform_login(request, Login(user=user, email=pseudonym))
        return answer


def leave(request: HttpRequest) -> HttpResponse:
    state = request.session[STATE] = secrets.token_urlsafe(24)
    back = request.build_absolute_uri(reverse("accounts:weixin_back"))
    return HttpResponseRedirect(weixin.address(state=state, back=back), status=303)
