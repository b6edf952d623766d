"""The application to sell."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from merchants.models import Merchant
from merchants.onboarding import Identity
from merchants.texts import TEXTS
from web.forms import Form


class ApplicationForm(Form):
    """Who you are, as buyers will read it; and what you accept, by version."""

    kind = forms.ChoiceField()
    display_name = forms.CharField(max_length=60)
    legal_name = forms.CharField(max_length=120)
    licence_number = forms.CharField(max_length=40)
    licence_valid_until = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    address_public = forms.CharField(max_length=200)
    contact_public = forms.CharField(max_length=100)
    contact_name = forms.CharField(max_length=60)
    contact_phone = forms.CharField(max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = {
            Merchant.Kind.COMPANY: _("Company"),
            Merchant.Kind.SOLE_TRADER: _("Sole trader"),
            Merchant.Kind.PRIVATE: _("Private seller"),
        }
        self.fields["kind"].choices = [(str(key), words) for key, words in kinds.items()]  # type: ignore[attr-defined]
        words = {
            "kind": (_("You sell as"), ""),
            "display_name": (_("Name of the shop"), ""),
            "legal_name": (_("Legal name"), _("As on the licence; every buyer sees it.")),
            "licence_number": (
                _("Licence number"),
                _("The unified social credit code, or your registration."),
            ),
            "licence_valid_until": (_("Licence valid until"), _("Leave empty if it has no end.")),
            "address_public": (_("Business address"), _("Shown on your shop page.")),
            "contact_public": (_("Contact for buyers"), _("A telephone or e-mail that somebody answers.")),
            "contact_name": (_("Your contact person"), _("Only the platform sees it; stored encrypted.")),
            "contact_phone": (_("Their telephone"), _("Only the platform sees it; stored encrypted.")),
        }
        for name, (label, hint) in words.items():
            self.fields[name].label, self.fields[name].help_text = label, hint
        for text in TEXTS:
            box = forms.BooleanField(label=_(text.words) % {"version": text.version})
            box.widget.attrs["class"] = "tick"
            self.fields[text.key] = box

    def identity(self) -> Identity:
        names = [name for name in Identity.__slots__ if name in self.cleaned_data]
        return Identity(**{name: self.cleaned_data[name] for name in names})

    def accepted(self) -> dict[str, str]:
        return {text.key: text.version for text in TEXTS if self.cleaned_data.get(text.key)}
