"""The forms of second factors in our markup and words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base import forms as base_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import second_factors
from accounts.web.forms import LookedAfterForm

PASSKEY_NAME_LENGTH = 40


class CodeForm(LookedAfterForm):
    labels = {"code": _("Code from your authenticator app")}
    hints = {"code": _("Six digits, or one of your recovery codes.")}
    asks = {"code": _("Enter the code that the app shows now.")}


class AuthenticateForm(CodeForm, base_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ActivateAppForm(CodeForm, totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    hints = {"code": _("The six digits that the app shows after you have scanned the picture.")}


class AddPasskeyForm(LookedAfterForm, passkey_forms._BaseAddWebAuthnForm):  # type: ignore[misc]
    """A key that can be found without naming the account and that asks for finger, face or PIN."""

    labels = {"name": _("What do you call this passkey?")}
    hints = {"name": _("For example the device it lives on. Only you see it.")}

    name = forms.CharField(max_length=PASSKEY_NAME_LENGTH, required=False)
    passwordless = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("credential") and not self.errors:
            cleaned["name"] = second_factors.keep(cleaned["name"])
        return cleaned


class AuthenticatePasskeyForm(LookedAfterForm, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class LoginPasskeyForm(LookedAfterForm, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyProof(LookedAfterForm, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyNameForm(LookedAfterForm):
    name = forms.CharField(
        label=_("What do you call this passkey?"),
        max_length=PASSKEY_NAME_LENGTH,
        error_messages={"required": _("Give the passkey a name.")},
    )
