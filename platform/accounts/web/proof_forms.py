"""The proofs of the page "is it you?": one small form each."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.web import codes
from accounts.web.forms import LookedAfterForm
from accounts.web.mfa_forms import PasskeyProof
from kernel.errors import DomainError
from web.forms import Form


class Way(StrEnum):
    PASSWORD = "password"
    CODE = "code"
    PASSKEY = "passkey"
    SEND = "send"
    MAILED = "mailed"

    @classmethod
    def of(cls, text: str) -> Way | None:
        return cls(text) if text in set(cls) else None


class PasswordProof(LookedAfterForm, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"password": _("Password")}


class CodeProof(LookedAfterForm, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    labels = {"code": _("Code from your authenticator app")}
    hints = {"code": _("Six digits, or one of your recovery codes.")}
    asks = {"code": _("Enter the code that the app shows now.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autocomplete"] = "one-time-code"


class MailedProof(Form):
    """The code that went to the account's own address."""

    code = forms.CharField(
        label=_("Code from the message"),
        help_text=_("Nine digits. You can leave out the dashes."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Enter the code from the message.")},
    )

    def __init__(self, *args: Any, user: Any, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.session = user, session

    def clean(self) -> None:
        typed = self.cleaned_data.get("code")
        if typed is None:
            return
        try:
            codes.redeem(self.session, purpose="proof", typed=typed)
        except DomainError as refusal:
            self.refuse(refusal)


def of(way: Way, request: HttpRequest, data: Any = None) -> Form:
    """The form of one way, bound to what was posted by it."""
    about = {"data": data, "prefix": None}
    if way is Way.PASSWORD:
        return PasswordProof(user=request.user, auto_id="password_%s", **about)
    if way is Way.PASSKEY:
        return PasskeyProof(user=request.user, **about)
    if way is Way.CODE:
        return CodeProof(user=request.user, auto_id="code_%s", **about)
    return MailedProof(user=request.user, session=request.session, auto_id="mailed_%s", **about)
