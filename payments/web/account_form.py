"""The form for a shop's payout account: only ways of being paid that a provider here can go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.payout_channels import CHANNEL_WORDS, PayoutChannel
from payments.gateways import registry
from web.forms import Form


class AccountForm(Form):
    channel = forms.ChoiceField(label=_("How you are paid"), widget=forms.RadioSelect)
    holder = forms.CharField(
        label=_("Account holder"), help_text=_("Exactly the legal name that you sell under."), max_length=120
    )
    bank = forms.CharField(
        label=_("Bank"), help_text=_("For an account at a provider: its name."), max_length=80
    )
    number = forms.CharField(
        label=_("Account number"), help_text=_("Only the platform sees it; stored encrypted."), max_length=60
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = {channel for one in registry.paying_out() for channel in one.channels}
        field = self.fields["channel"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (str(one), gettext(CHANNEL_WORDS[one])) for one in PayoutChannel if one in reached
        ] or [(str(PayoutChannel.BANK), gettext(CHANNEL_WORDS[PayoutChannel.BANK]))]
        self.initial.setdefault("channel", field.choices[0][0])
        for name in ("holder", "number"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
