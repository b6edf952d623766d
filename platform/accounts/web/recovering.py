"""That was not me: freezing an account, taking a change back, and getting the account again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import context as allauth_context
from allauth.core import ratelimit
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, contacts, freezing, old_contacts, post
from accounts.web import alarm_links, codes
from accounts.web.contact_pages import CodeForm
from accounts.web.forms import ContactField, taken_as_pseudonym
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError, NotFound
from web import errors, respond, security_log
from web.forms import Form

ASK_PAGE = "accounts/not_me.html"
PAGE = "accounts/recovery.html"
private = method_decorator(never_cache, name="dispatch")


class ContactForm(Form):
    contact = ContactField()


@private
class NotMe(View):
    """Opened from a letter, by anybody who got it: it can only make the account safer."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        self._subject(token)
        return respond.page(request, ASK_PAGE, {"action": request.path})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        subject_id = self._subject(token)
        freezing.freeze(subject_id=subject_id, actor=Actor.anonymous(), at=clock.now())
        security_log.note("frozen", request, person=subject_id)
        return respond.redirect(request, "accounts:recovery")

    def _subject(self, token: str) -> UUID:
        found = alarm_links.subject_of(token, at=clock.now())
        if found is None:
            raise NotFound
        return found


@method_decorator([never_cache, login_required], name="dispatch")
class FreezeOwn(View):
    """The same from within: no fresh proof is asked, because haste may matter."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return respond.page(request, ASK_PAGE, {"action": request.path, "from_within": True})

    def post(self, request: HttpRequest) -> HttpResponse:
        user, _ = access.own_account(request.user)
        freezing.freeze(subject_id=user.subject_id, actor=Actor.buyer(user.subject_id), at=clock.now())
        security_log.note("frozen", request, person=user.subject_id)
        request.session.flush()
        return respond.redirect(request, "accounts:recovery")


@private
class Undo(View):
    """Opened from the message to a contact that was replaced."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        self._change(token)
        return respond.page(request, "accounts/undo.html", {"action": request.path})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            contacts.undo(change_id=self._change(token), at=clock.now())
        except contacts.UndoOver as refusal:
            return errors.refused(request, refusal)
        return respond.page(request, "accounts/undo.html", {"done": True})

    def _change(self, token: str) -> UUID:
        found = alarm_links.change_of(token)
        if found is None:
            raise NotFound
        return found


@private
class Recovery(View):
    """Prove a contact that the account had before; the answers are the same for every contact."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, ContactForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if "code" in request.POST:
            return self._prove(request)
        form = ContactForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        pseudonym = taken_as_pseudonym(form.cleaned_data["contact"])
        if not ratelimit.consume(request, action="request_login_code", key=pseudonym):
            return errors.too_many(request)
        self._send(request, pseudonym)
        return self._page(request, CodeForm())

    def _send(self, request: HttpRequest, pseudonym: str) -> None:
        subject_id = old_contacts.frozen_account(pseudonym, at=clock.now())
        about = str(subject_id) if subject_id else ""
        code = codes.issue(request.session, purpose="recovery", about=about)
        template = "account/email/recovery_code" if subject_id else "account/email/nothing_to_recover"
        typed = allauth_context.request.__dict__["_typed_addresses"][pseudonym]
        contact = post.typed_contact(pseudonym, typed)
        words = {"code": code if subject_id else None}
        post.write(template, contact=contact, context=words, at=clock.now())

    def _prove(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        try:
            about = codes.redeem(request.session, purpose="recovery", typed=form.cleaned_data["code"])
            held = freezing.ask_recovery(subject_id=UUID(about), actor=Actor.anonymous(), at=clock.now())
        except DomainError as refusal:
            form.refuse(refusal)
            return self._page(request, form, status=refusal.status)
        return self._page(request, None, due=held.recovery_due_at)

    def _page(self, request: HttpRequest, form: Form | None, status: int = 200, **more: Any) -> HttpResponse:
        context = {
            "form": form,
            "by_code": isinstance(form, CodeForm),
            "here_url": reverse("accounts:recovery"),
            **more,
        }
        return respond.page(request, PAGE, context, status=status)
