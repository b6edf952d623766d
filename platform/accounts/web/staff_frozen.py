"""Accounts in other hands, from the staff's side: freeze one, give one back after an identity check."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from accounts import finding, freezing
from accounts.on_behalf import FreezeFor, RecoverFor
from accounts.pseudonyms import stands_for
from accounts.web.forms import ContactField
from accounts.web.staff_joint import propose
from accounts.web.staff_pages import workbench
from kernel import clock
from web import respond, security_log
from web.admin import require
from web.forms import Form
from web.http import Request

PERMISSION = "accounts.freeze_account"


class FreezeForm(Form):
    contact = ContactField(help_text=_("Found by its keyed digest; it is stored nowhere."))


class GiveBackForm(Form):
    subject_id = forms.UUIDField()
    checked = forms.BooleanField()


class Frozen(View):
    """GET lists what is frozen; POST freezes by a contact, or proposes to give back."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        return self._page(request, FreezeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        require(request, PERMISSION)
        if "subject_id" in request.POST:
            return self._give_back(request)
        form = FreezeForm(request.POST)
        if not form.is_valid():
            return self._page(request, form, status=422)
        user = finding.account_of_contact(stands_for(form.cleaned_data["contact"]))
        if user is None:
            form.add_error("contact", gettext("There is no account with this contact."))
            return self._page(request, form, status=422)
        if user.is_staff:
            # A shopper is made safe at once; a colleague is locked out by two.
            propose(request, FreezeFor(subject_id=user.subject_id))
            return respond.redirect(request, "staff:joint")
        freezing.freeze(subject_id=user.subject_id, actor=cast(Request, request).actor, at=clock.now())
        security_log.note("frozen", request, person=user.subject_id)
        return respond.redirect(request, "staff:frozen")

    def _give_back(self, request: HttpRequest) -> HttpResponse:
        """Only proposed: what it undoes can't be redone, so a second officer confirms it."""
        form = GiveBackForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext("Say that you have checked an identity document."))
            return respond.redirect(request, "staff:frozen")
        propose(request, RecoverFor(subject_id=form.cleaned_data["subject_id"]))
        return respond.redirect(request, "staff:joint")

    def _page(self, request: HttpRequest, form: FreezeForm, status: int = 200) -> HttpResponse:
        context = {"title": gettext("Frozen accounts"), "form": form, "frozen": freezing.all_running()}
        return workbench(request, "accounts/staff/frozen.html", context, status)
