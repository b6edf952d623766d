"""Forms of gift cards; each field says what is wrong with it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError
from kernel.money import Money
from payments.gift_card_models import CardKind
from payments.gift_cards.codes import GROUP, LENGTH
from web.errors import sentence
from web.forms import Form

# A code with its dashes, and some spaces too many.
TYPED = LENGTH + LENGTH // GROUP + 12


class ClaimForm(Form):
    code = forms.CharField(
        label=_("Code of the gift card"),
        help_text=_("Sixteen signs. Dashes, spaces and small letters don't matter."),
        max_length=TYPED,
        error_messages={"required": _("Enter the code of the gift card.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class BuyCardForm(Form):
    kind = forms.ChoiceField(
        label=_("Kind of card"),
        choices=CardKind.choices,
        initial=CardKind.BEARER,
        widget=forms.RadioSelect({"class": "radio"}),
        error_messages={
            "required": _("Choose a kind of card."),
            "invalid_choice": _("Choose a kind of card."),
        },
    )
    value = forms.CharField(
        label=_("Value in yuan"),
        max_length=12,
        error_messages={"required": _("Enter a sum in yuan, such as 200 or 88.80.")},
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_value(self) -> Money:
        try:
            return Money.parse(self.cleaned_data["value"].strip())
        except DomainError as refusal:
            raise forms.ValidationError(sentence(refusal)) from None

    @property
    def chosen(self) -> CardKind:
        return CardKind(self.cleaned_data["kind"])
