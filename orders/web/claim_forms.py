"""The form that asks for a repair or an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.limits import NOTE_LENGTH
from orders.models import FaultClaim
from web.forms import Form


class ClaimForm(Form):
    """`remedies` are (value, words) of what may be asked for; `earlier` the line's finished claims."""

    fault = forms.CharField(
        label=_("What is wrong"),
        max_length=NOTE_LENGTH,
        help_text=_("What you see, since when, and what you tried. Only the merchant reads it."),
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": _("Say what is wrong, so that the merchant knows what to look for."),
            "max_length": _("At most %(limit_value)s characters."),
        },
    )
    repeats = forms.ChoiceField(
        label=_("Is it a fault that was repaired before?"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the answers.")},
    )
    remedy = forms.ChoiceField(
        label=_("What do you want"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what you want."),
            "invalid_choice": _(
                "The law and the warranty don't give you this today. Choose one of those shown."
            ),
        },
    )

    def __init__(
        self,
        *args: Any,
        most: int,
        remedies: Sequence[tuple[str, str]],
        earlier: Sequence[FaultClaim] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        out_of_range = _("Enter a quantity from 1 to %(limit_value)s.") % {"limit_value": most}
        self.fields["quantity"] = forms.IntegerField(
            label=_("How many pieces are faulty"),
            min_value=1,
            max_value=most,
            initial=1,
            widget=forms.NumberInput({"class": "input", "inputmode": "numeric"}),
            error_messages={
                "required": _("Enter a quantity."),
                "invalid": _("Enter a whole number."),
                "min_value": out_of_range,
                "max_value": out_of_range,
            },
        )
        self.order_fields(["quantity"])
        self._choose("remedy", list(remedies))
        if earlier:
            known = [(str(each.pk), each.number) for each in earlier]
            self._choose("repeats", [("", _("No, it is new")), *known])
        else:
            del self.fields["repeats"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
