"""The sign-in forms: an address that is typed here leaves as a pseudonym."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.finding import even_out
from accounts.models import User
from accounts.pseudonyms import is_pseudonym, looks_like_phone, stands_for
from accounts.signing_in import AddressTaken
from kernel import clock
from privacy.web.words import BANDS
from web.forms import Form
from web.languages import LANGUAGES

NAME_LENGTH = 40
PASSWORD_HINT = _("At least 10 characters. Longer is better than strange.")


def taken_as_pseudonym(contact: str) -> str:
    """Remember the typed address or number for this request only, and hand on what stands for it.

    :raises ValidationError: the text is a pseudonym itself
    """
    if is_pseudonym(contact):
        raise forms.ValidationError(_("Enter an e-mail address that can receive mail."))
    pseudonym = stands_for(contact)
    request = allauth_context.request
    if request is not None:
        typed: dict[str, str] = request.__dict__.setdefault("_typed_addresses", {})
        typed[pseudonym] = contact
    return pseudonym


def refuse_unless(rule: Callable[..., bool], pseudonym: str) -> None:
    """One network that tries or opens many accounts waits, whatever accounts they are.

    :raises ValidationError: the same words for known and unknown accounts
    """
    adapter = get_adapter()
    network = adapter.get_client_ip(allauth_context.request)
    if not rule(network=network, account=pseudonym, at=clock.now(), now=time.time()):
        raise forms.ValidationError(adapter.error_messages["rate_limited"], code="rate_limited")


class ContactField(forms.CharField):
    """An e-mail address or a phone number."""

    default_error_messages = {"invalid": _("Enter an e-mail address or a phone number.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("E-mail address or phone number"))
        widget = forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"})
        super().__init__(max_length=254, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if not text or looks_like_phone(text):
            return text
        try:
            validate_email(text)
        except forms.ValidationError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
        return text


class LookedAfterForm(Form):
    """allauth's fields in our words: labels above, no placeholders, hints of our own."""

    labels: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    # What an empty field is told: the summary above the form must say which one it is.
    asks: dict[str, Any] = {
        "login": _("Enter your e-mail address or phone number."),
        "email": _("Enter your e-mail address or phone number."),
        "display_name": _("Write what we should call you."),
        "password": _("Enter your password."),
        "oldpassword": _("Enter your present password."),
        "age": _("Choose an age."),
        "password1": _("Choose a password."),
        "password2": _("Enter the new password a second time."),
        "code": _("Enter the code from the message."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"

    def full_clean(self) -> None:
        for name in self.asks.keys() & self.fields.keys():
            self.fields[name].error_messages["required"] = self.asks[name]
        super().full_clean()


def own_contact_field() -> ContactField:
    """In place of allauth's field, which takes only one kind."""
    field = ContactField(error_messages={"required": _("Enter your e-mail address or phone number.")})
    field.widget.attrs["class"] = "input"
    return field


class LoginForm(LookedAfterForm, allauth_forms.LoginForm):  # type: ignore[misc]
    labels = {"login": _("E-mail address or phone number"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = own_contact_field()

    def clean_login(self) -> str:
        pseudonym = taken_as_pseudonym(super().clean_login())
        refuse_unless(limits.may_try, pseudonym)
        even_out(pseudonym)
        return pseudonym


class RequestCodeForm(LookedAfterForm, allauth_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """Signing in without a password: a code goes to the contact, if an account has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = own_contact_field()

    def clean_email(self) -> str:
        self.cleaned_data["email"] = taken_as_pseudonym(self.cleaned_data["email"])
        refuse_unless(limits.may_try, self.cleaned_data["email"])
        pseudonym: str = super().clean_email()
        return pseudonym


class SignupForm(LookedAfterForm, allauth_forms.SignupForm):  # type: ignore[misc]
    field_order = ["email", "display_name", "age", "password1"]
    labels = {"email": _("E-mail address or phone number"), "password1": _("Password")}
    hints = {
        "email": _("We send you a code to prove that it is yours. Nobody else gets it."),
        "display_name": _("Only you and our letters use it. A nickname is fine."),
        "age": _("We don't ask for a birthday. Under 18 the account is stricter, never dearer."),
        "password1": PASSWORD_HINT,
    }

    display_name = forms.CharField(
        label=_("What should we call you?"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    age = forms.ChoiceField(label=_("How old are you?"), choices=BANDS[::-1], widget=forms.RadioSelect)
    address = ""
    account_already_exists: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = own_contact_field()
        self.fields["email"].help_text = self.hints["email"]
        self.order_fields(self.field_order)

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        self.address = typed.lower() if "@" in typed else typed
        self.cleaned_data["email"] = taken_as_pseudonym(self.address)
        refuse_unless(limits.may_open, self.cleaned_data["email"])
        pseudonym: str = super().clean_email()
        return pseudonym

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Two sign-ups at once with one address: the second hears what a known address hears."""
        if not self.account_already_exists:
            try:
                with transaction.atomic():
                    saved: tuple[User, None] = super().try_save(request)
                    return saved
            except (AddressTaken, IntegrityError):
                self.account_already_exists = True
        # As slow as for a new address: the clock must not tell who has an account.
        make_password(self.cleaned_data["password1"])
        return None, flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])


class ResetPasswordForm(LookedAfterForm, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = own_contact_field()

    def clean_email(self) -> str:
        self.cleaned_data["email"] = taken_as_pseudonym(self.cleaned_data["email"])
        pseudonym: str = super().clean_email()
        return pseudonym


class NewPasswordForm(LookedAfterForm, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    labels = {"password1": _("New password"), "password2": _("New password again")}
    hints = {"password1": PASSWORD_HINT}


class ConfirmAddressForm(LookedAfterForm, allauth_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels = {"code": _("Code from the message")}
    hints = {"code": _("Nine digits. You can leave out the dashes.")}


class ConfirmSignInForm(LookedAfterForm, allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    labels = ConfirmAddressForm.labels
    hints = ConfirmAddressForm.hints


class ConfirmResetForm(LookedAfterForm, allauth_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    labels = ConfirmAddressForm.labels
    hints = ConfirmAddressForm.hints


class ChangePasswordForm(LookedAfterForm, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    labels = {"oldpassword": _("Present password"), **NewPasswordForm.labels}
    hints = NewPasswordForm.hints


class SetPasswordForm(LookedAfterForm, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    labels = NewPasswordForm.labels
    hints = NewPasswordForm.hints


class ProfileForm(Form):
    """Name and language of the letters."""

    display_name = forms.CharField(
        label=_("What should we call you?"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        error_messages={"required": LookedAfterForm.asks["display_name"]},
    )
    locale = forms.ChoiceField(label=_("Language of letters and pages"), choices=LANGUAGES)
