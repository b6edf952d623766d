"""When and where a carrier fetches what goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.labels.visits import Times
from orders.limits import ADDRESS_LENGTH, NAME_LENGTH
from orders.recipients import Recipient
from web.formats import clock_text, day_text
from web.forms import Form


class CollectionForm(Form):
    """`times` are those that the carrier offers now."""

    time = forms.ChoiceField(
        label=_("When it is fetched"),
        widget=forms.Select({"class": "input"}),
        error_messages={
            "required": _("Choose a time."),
            "invalid_choice": _("The carrier doesn't come then any more. Choose one of those shown."),
        },
    )
    name = forms.CharField(
        label=_("Whom to ask for"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Enter who hands it over.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=21,
        error_messages={"required": _("Enter a telephone number for the courier.")},
        widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
    )
    address = forms.CharField(
        label=_("Full address"),
        max_length=ADDRESS_LENGTH,
        help_text=_("Only the carrier reads it, and it is deleted when the visit is over."),
        error_messages={"required": _("Enter the full address.")},
        widget=forms.Textarea({"rows": 2, "autocomplete": "street-address"}),
    )

    def __init__(self, *args: Any, times: Times, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["time"]
        choice.choices = [(begins.isoformat(), span(begins, ends)) for begins, ends in times]  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.cleaned_data["time"])

    @property
    def where(self) -> Recipient:
        told = self.cleaned_data
        return Recipient(told["name"], told["phone"], told["address"])


def span(begins: datetime, ends: datetime) -> str:
    """ "11 月 24 日 周二 09:00–12:00"."""
    return f"{day_text(begins)} {clock_text(begins)}–{clock_text(ends)}"
