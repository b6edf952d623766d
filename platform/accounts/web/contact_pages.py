"""How the account is reached: a new address or number is proved by a code before it counts."""

from __future__ import annotations

from datetime import datetime

from allauth.core import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache

from accounts import access, contacts, post
from accounts.deadlines import undo_days
from accounts.models import AccountChange, User
from accounts.post import Contact
from accounts.pseudonyms import is_pseudonym, looks_like_phone
from accounts.web import alarm_links, codes
from kernel import clock
from kernel.errors import DomainError, NotFound
from notifications import addressees
from notifications.kinds import Value
from notifications.sending import send
from web import errors, respond
from web.forms import Form
from web.step_up import proved_recently

PAGE = "accounts/contact.html"
CODE_MAIL = "account/email/new_contact"


class EmailForm(Form):
    contact = forms.EmailField(
        label=_("New e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Enter an e-mail address that can receive mail."),
            "invalid": _("Enter an e-mail address that can receive mail."),
        },
    )

    def clean_contact(self) -> str:
        address: str = self.cleaned_data["contact"]
        if is_pseudonym(address):
            raise forms.ValidationError(_("Enter an e-mail address that can receive mail."))
        return address


class PhoneForm(Form):
    contact = forms.CharField(
        label=_("New phone number"),
        help_text=_("With the country's code if it isn't a mainland number, e.g. +852 …"),
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter a phone number.")},
    )

    def clean_contact(self) -> str:
        number: str = self.cleaned_data["contact"]
        if not looks_like_phone(number):
            raise forms.ValidationError(_("Enter a phone number."))
        return number


class CodeForm(Form):
    code = forms.CharField(
        label=_("Code from the message"),
        help_text=_("Nine digits. You can leave out the dashes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Enter the code from the message.")},
    )


FORMS: dict[str, type[Form]] = {"email": EmailForm, "phone": PhoneForm}
guarded = method_decorator([never_cache, proved_recently], name="dispatch")


@guarded
class Contacts(View):
    """What is known of the contacts, in part: enough to recognise them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user, _locale = access.own_account(request.user)
        known = addressees.of(user.subject_id)
        context = {
            "email": masked(known.email) if known else "",
            "phone": masked(known.phone) if known else "",
            "days": undo_days(clock.now()).days,
        }
        return respond.page(request, "accounts/contacts.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the phone number away; the e-mail address can only be replaced."""
        user, _locale = access.own_account(request.user)
        at = clock.now()
        change = contacts.change_phone(user_id=user.pk, number="", at=at)
        tell(user, change, at=at)
        messages.success(request, gettext("Removed. A letter about it is on its way to you."))
        return respond.redirect(request, "accounts:contacts")


@guarded
class ChangeContact(View):
    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        return self._page(request, kind, _form_of(kind)())

    def post(self, request: HttpRequest, kind: str) -> HttpResponse:
        if "code" in request.POST:
            return self._prove(request, kind)
        form = _form_of(kind)(request.POST)
        if not form.is_valid():
            return self._page(request, kind, form, status=422)
        if not ratelimit.consume(request, action="change_email", user=request.user):
            return errors.too_many(request)
        contact = form.cleaned_data["contact"]
        code = codes.issue(request.session, purpose=f"contact.{kind}", about=contact)
        to = Contact(contact, get_language() or "zh-hans", kind == "phone")
        post.write(CODE_MAIL, contact=to, context={"code": code}, at=clock.now())
        return self._page(request, kind, CodeForm())

    def _prove(self, request: HttpRequest, kind: str) -> HttpResponse:
        _form_of(kind)
        user, _locale = access.own_account(request.user)
        form, at = CodeForm(request.POST), clock.now()
        if not form.is_valid():
            return self._page(request, kind, form, status=422)
        try:
            typed = form.cleaned_data["code"]
            contact = codes.redeem(request.session, purpose=f"contact.{kind}", typed=typed)
            change = _change(user, kind, contact, at=at)
        except DomainError as refusal:
            form.refuse(refusal)
            return self._page(request, kind, form, status=refusal.status)
        tell(user, change, at=at)
        messages.success(request, gettext("The new contact counts from now on."))
        return respond.redirect(request, "accounts:contacts")

    def _page(self, request: HttpRequest, kind: str, form: Form, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "kind": kind,
            "by_code": isinstance(form, CodeForm),
            "here_url": reverse("accounts:contact", args=[kind]),
        }
        return respond.page(request, PAGE, context, status=status)


def _form_of(kind: str) -> type[Form]:
    if kind not in FORMS:
        raise NotFound
    return FORMS[kind]


def _change(user: User, kind: str, contact: str, *, at: datetime) -> AccountChange:
    if kind == "phone":
        return contacts.change_phone(user_id=user.pk, number=contact, at=at)
    return contacts.change_email(user_id=user.pk, address=contact, at=at)


def tell(user: User, change: AccountChange, *, at: datetime) -> None:
    """A letter to the account, and a message with the way back to the contact that was replaced."""
    params: dict[str, Value] = {"contact": change.kind, "at": at, "path": reverse("accounts:security")}
    send(subject_id=user.subject_id, kind="accounts.contact_changed", reference=user.pk, params=params, at=at)
    if change.before:
        locale = addressees.locale_of(user.subject_id)
        old = Contact(str(change.before), locale, change.kind == "phone")
        link = alarm_links.undo_path(change.pk)
        words = {"path": link, "days": undo_days(at).days}
        post.write("account/email/contact_replaced", contact=old, context=words, at=at)


def masked(contact: str) -> str:
    """l…@example.com, …1234; nothing of an empty one."""
    if "@" in contact:
        name, _at, host = contact.rpartition("@")
        return f"{name[:1]}…@{host}"
    return f"…{contact[-4:]}" if contact else ""
