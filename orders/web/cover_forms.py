"""The form that claims on a cover."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import Money
from orders.cover.claiming import Telling
from orders.cover_states import Cause
from orders.limits import NOTE_LENGTH
from orders.web.promotion_form import SumField
from web.forms import Form


class CoverClaimForm(Form):
    """`causes` are (value, words) of what the cover pays for; `most` the line's pieces."""

    cause = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect({"class": "radio"}),
        error_messages={
            "required": _("Choose what happened."),
            "invalid_choice": _("This cover doesn't pay for that. Choose one of those shown."),
        },
    )
    spent = SumField(
        label=_("What sending it back cost you, in yuan"),
        required=False,
        help_text=_("As it stands on the carrier's receipt. Add a photo of it below."),
    )
    story = forms.CharField(
        label=_("In your words"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Kept sealed with your photos, for a complaint if the insurer refuses."),
        widget=forms.Textarea({"rows": 4}),
        error_messages={"max_length": _("At most %(limit_value)s characters.")},
    )

    def __init__(self, *args: Any, causes: Sequence[tuple[str, str]], most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["cause"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = list(causes)
        chosen.initial = causes[0][0] if len(causes) == 1 else None
        freight = any(value == Cause.FREIGHT for value, _words in causes)
        if not freight:
            del self.fields["spent"]
        out_of_range = _("Enter a quantity from 1 to %(limit_value)s.") % {"limit_value": most}
        self.fields["quantity"] = forms.IntegerField(
            label=_("How many pieces"),
            min_value=1,
            max_value=most,
            initial=most,
            widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
            error_messages={
                "required": _("Enter a quantity."),
                "invalid": _("Enter a whole number."),
                "min_value": out_of_range,
                "max_value": out_of_range,
            },
        )
        self.order_fields(["cause", "quantity", "spent", "story"])

    @property
    def said(self) -> Telling:
        told = self.cleaned_data
        spent = told.get("spent")
        return Telling(
            cause=Cause(told["cause"]),
            quantity=told["quantity"],
            spent=Money(spent) if spent is not None else None,
            story=told.get("story") or "",
        )
