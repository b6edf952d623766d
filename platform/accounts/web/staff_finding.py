"""The account that a member of staff names on a form, by its exact contact; each look is on record."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import looking_up
from accounts.models import User
from accounts.web.forms import ContactField
from kernel import clock
from web.http import Request


def account_field() -> ContactField:
    return ContactField(
        label=_("E-mail address or phone number of the account"),
        help_text=_("Found by its keyed digest; it is stored nowhere. That you looked stays on record."),
    )


def account_named(
    request: HttpRequest, form: forms.Form, *, purpose: str, field: str = "email"
) -> User | None:
    """None when there is none; the form says so then."""
    found = looking_up.account_with(
        form.cleaned_data[field],
        purpose=purpose,
        reference=str(request.staff_session.pk),  # type: ignore[attr-defined]
        actor=cast(Request, request).actor,
        at=clock.now(),
    )
    if found is None:
        form.add_error(field, gettext("There is no account with this address or number."))
    return found
