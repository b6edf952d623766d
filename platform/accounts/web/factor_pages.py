"""Second factors: the app, passkeys; adding, naming and taking them away."""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, changing, removing_factors, second_factors
from accounts.web.mfa_forms import PasskeyNameForm
from kernel import clock
from web import respond, security_log
from web.step_up import proved_recently

guarded = method_decorator([never_cache, proved_recently], name="dispatch")
HOME = "accounts:security"


class Challenge(AuthenticateView):  # type: ignore[misc]
    """Signing in: the second proof."""

    template_name = "accounts/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        has = second_factors.kinds_of(self.stage.login.user)
        found["by_code"] = bool(has & {"totp", "recovery_codes"})
        if "webauthn" in has:
            found["options"] = json.dumps(found["js_data"]["request_options"])
        return found


@guarded
class AddApp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "accounts/app_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            changing.factor_added(user=self.request.user, type="totp", at=clock.now())
        security_log.note("factor_added", self.request, person=self.request.user.subject_id)
        return answer


@guarded
class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    template_name = "accounts/passkey_new.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        found["options"] = json.dumps(passkeys.begin_registration(self.request.user, True))
        return found

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            changing.factor_added(user=self.request.user, type="webauthn", at=clock.now())
        security_log.note("factor_added", self.request, person=self.request.user.subject_id)
        return answer


@guarded
class RemoveFactor(View):
    """A question first, then it goes; with the last one go the recovery codes."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, _ = access.own_account(request.user)
        return self._page(request, removing_factors.own_factor(user, pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, _ = access.own_account(request.user)
        removing_factors.remove(user_id=user.pk, factor_id=pk, at=clock.now())
        security_log.note("factor_removed", request, person=user.subject_id)
        messages.success(request, gettext("Removed. A letter about it is on its way to you."))
        return respond.redirect(request, HOME)

    def _page(self, request: HttpRequest, factor: Any) -> HttpResponse:
        name = second_factors.name_of(factor) if factor.type == "webauthn" else ""
        return respond.page(request, "accounts/factor_remove.html", {"factor": factor, "name": name})


@guarded
class NamePasskey(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, _ = access.own_account(request.user)
        factor = removing_factors.own_factor(user, pk, type="webauthn")
        return self._page(request, PasskeyNameForm(initial={"name": second_factors.name_of(factor)}), pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user, _ = access.own_account(request.user)
        factor = removing_factors.own_factor(user, pk, type="webauthn")
        form = PasskeyNameForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, pk, status=422)
        second_factors.rename(factor, form.cleaned_data["name"])
        return respond.redirect(request, HOME)

    def _page(self, request: HttpRequest, form: PasskeyNameForm, pk: int, status: int = 200) -> HttpResponse:
        context = {"form": form, "here_url": reverse("accounts:passkey_name", args=[pk])}
        return respond.page(request, "accounts/passkey_name.html", context, status=status)
