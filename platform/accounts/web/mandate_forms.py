"""Forms about acting for somebody else."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.mandate_scopes import Kinship, Scope
from accounts.mandates import Terms
from accounts.web.forms import ContactField
from web.forms import Form


class TermsForm(Form):
    """What the other person may do, as what, and until which day."""

    scopes = forms.MultipleChoiceField(
        label=_("What the other person may do for you"),
        help_text=_("Where your money goes, your password and the end of your account stay with you alone."),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing that the other person may do.")},
    )
    kinship = forms.ChoiceField(
        label=_("Who the other person is"), choices=Kinship.choices, widget=forms.RadioSelect
    )
    until = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Choose the last day."), "invalid": _("Choose the last day.")},
    )

    def terms(self) -> Terms:
        """The last day counts whole, by the clock in China."""
        given = self.cleaned_data
        return Terms(given["scopes"], given["kinship"], end_of(given["until"]))


class CodeForm(Form):
    """The code that the other person has handed over."""

    code = forms.CharField(
        label=_("Code of the mandate"),
        help_text=_("Ten letters and digits. The other person sees it when they give the mandate."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the code that the other person gave you.")},
    )


class PaperForm(TermsForm):
    """A mandate on paper, as staff enter it."""

    principal = ContactField(label=_("E-mail address or phone number of the person who gives the mandate"))
    proxy = ContactField(label=_("E-mail address or phone number of the person who may act"))
    document = forms.FileField(
        label=_("The signed paper"), help_text=_("PDF or picture; it is sealed under the person's key.")
    )
    field_order = ["principal", "proxy", "scopes", "kinship", "until", "document"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("principal") and found.get("principal") == found.get("proxy"):
            self.add_error("proxy", _("Two different people are needed."))
        return found


def end_of(day: date) -> datetime:
    """The first instant after the day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
