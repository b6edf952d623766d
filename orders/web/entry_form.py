"""The form with which a shop enters goods to a campaign."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.campaigns.entering import Offer
from orders.web.promotion_form import DECIMAL
from web.forms import Form


class EntryForm(Form):
    percent = forms.DecimalField(
        label=_("Your reduction, in per cent"),
        max_digits=3,
        decimal_places=1,
        widget=forms.TextInput(attrs=DECIMAL),
        error_messages={
            "required": _("Enter a share like 12.5."),
            "invalid": _("Enter a share like 12.5."),
        },
    )
    goods = forms.MultipleChoiceField(
        label=_("Your goods on sale"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Tick at least one of your goods."),
            "invalid_choice": _("Choose your goods from the list."),
        },
    )

    def __init__(self, *args: Any, goods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goods"].choices = goods  # type: ignore[attr-defined]

    @property
    def offer(self) -> Offer:
        told = self.cleaned_data
        return Offer(tuple(UUID(each) for each in told["goods"]), int(told["percent"] * 10))
