"""The form of a new token, for a person's page and for a shop's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import ApiToken
from accounts.token_scopes import SERVED, WORDS, Scope
from web.forms import Form

DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("a year")))
PAGE = "accounts/tokens.html"


class TokenForm(Form):
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        error_messages={
            "required": _("Choose at least one thing that the token may do."),
            "invalid_choice": _("Choose from what is offered here."),
        },
    )
    days = forms.TypedChoiceField(
        label=_("How long may it live?"),
        coerce=int,
        choices=DAYS,
        error_messages={"required": _("Choose how long it may live."), "invalid_choice": _("Choose a time.")},
    )

    def __init__(self, offered: Iterable[Scope], *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one), gettext(WORDS[one])) for one in offered if one in SERVED]


def shown(found: Sequence[ApiToken], at: datetime) -> list[dict[str, Any]]:
    """Tokens as the page lists them; what is over stays, so that one can see it was there."""
    return [
        {
            "token": each,
            "may": [gettext(WORDS[Scope(scope)]) for scope in each.scopes],
            "live": each.revoked_at is None and each.expires_at > at,
        }
        for each in found
    ]
