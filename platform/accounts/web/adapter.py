"""allauth's doors into our house: accounts, mail, letters, networks."""

from __future__ import annotations

import ipaddress
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import changing, freezing, guests, post, pseudonyms, sessions, signing_in
from accounts.models import User
from accounts.web import proofs
from accounts.web.arriving import arrive
from accounts.web.language import keep_language
from accounts.web.session_store import digest_of
from kernel import clock
from notifications import addressees
from notifications.sending import send
from privacy import spending
from web import security_log, step_up

SECURITY_LETTERS = {
    "account/email/password_changed": "accounts.password_changed",
    "account/email/password_set": "accounts.password_changed",
    "account/email/password_reset": "accounts.password_changed",
}
SAID_ALOUD = {"account/messages/password_changed.txt": _("Your password is changed.")}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Every address that passes here is a pseudonym; the true one comes from the subject's side."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail address or password doesn't match. Check both and try again."),
        "email_taken": _("This address can't be used here. Sign in, or start again with another one."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_code": _("This code doesn't match. Copy it from the newest e-mail."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("That was often in a short time. Wait a minute, then try again."),
        "too_many_login_attempts": _("Too many failed tries. Wait five minutes, or set a new password."),
    }

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        return signing_in.open_account(
            contact=form.address,
            display_name=form.cleaned_data["display_name"],
            password=form.cleaned_data["password1"],
            locale=get_language() or "zh-hans",
            age=form.cleaned_data["age"],
            at=clock.now(),
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        contact = post.contact_of(email, typed=getattr(allauth_context.request, "_typed_addresses", {}))
        if contact:
            if "code" in context:
                security_log.note("code_sent", allauth_context.request)
            post.write(template_prefix, contact=contact, context=context, at=clock.now())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        kind = SECURITY_LETTERS.get(template_prefix)
        if kind:
            params = {"path": reverse("accounts:account")}
            send(subject_id=user.subject_id, kind=kind, reference=user.pk, params=params, at=clock.now())

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_: Any, **__: Any
    ) -> None:
        """Only what we word ourselves: allauth's own messages would print the pseudonym."""
        if message_template in SAID_ALOUD:
            messages.add_message(request, level, str(SAID_ALOUD[message_template]))

    def set_password(self, user: User, password: str) -> None:
        """Whoever was signed in elsewhere is out; in this browser the caller goes on."""
        super().set_password(user, password)
        changing.password_set(user=user, at=clock.now())
        security_log.note("password_changed", allauth_context.request, person=user.subject_id)
        key = allauth_context.request.session.session_key
        sessions.end_all(user_id=user.pk, but=digest_of(key) if key else None)

    def login(self, request: HttpRequest, user: User) -> None:
        """The last step of every way in, so a freeze in the middle of a sign-in holds too."""
        if freezing.is_frozen(user.subject_id):
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("accounts:recovery")))
        super().login(request, user)
        security_log.note("signed_in", request, person=user.subject_id, factor=proofs.last_method(request))

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        if isinstance(user, User):
            security_log.note("signed_out", request, person=user.subject_id)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed stays out of the line."""
        security_log.note("sign_in_failed", request)
        super().authentication_failed(request, **credentials)

    def post_login(self, request: HttpRequest, user: User, **hook: Any) -> HttpResponse:
        guests.claim_at_sign_in(request, subject_id=user.subject_id, at=clock.now())
        response: HttpResponse = super().post_login(request, user, **hook)
        if freezing.to_review(user.subject_id):
            response = HttpResponseRedirect(reverse("accounts:security"))
        elif spending.waits_for_guardian(user.subject_id, at=clock.now()):
            response = HttpResponseRedirect(reverse("privacy:minors"))
        arrive(request, response, user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            keep_language(response, addressees.locale_of(user.subject_id), secure=request.is_secure())
        return response

    def get_client_ip(self, request: HttpRequest) -> str:
        """A keyed digest of the network, so that no cache holds an address of anybody."""
        try:
            network = ipaddress.ip_network(super().get_client_ip(request))
        except (PermissionDenied, ValueError):
            return pseudonyms.of_network("local")
        if network.version == 6:
            network = network.supernet(new_prefix=64)
        return pseudonyms.of_network(str(network))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """The house's own rule for steps that matter holds for allauth's pages too."""
        return not step_up.has_proved(allauth_context.request)

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return ""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:account")
