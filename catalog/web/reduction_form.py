"""The three fields that cross a price out, as a part of the editor's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalog.reduction_terms import FIELD, REAL_BASIS
from kernel.money import InvalidAmount, Money
from web.errors import sentence

WAS, FIRST, LAST = FIELD, "reduction_from", "reduction_until"


def fields() -> dict[str, forms.Field]:
    amount = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return {
        WAS: forms.CharField(
            label=_("Crossed-out price"),
            help_text=_("Yuan for one piece, freight included, as buyers really paid it before."),
            required=False,
            widget=amount,
        ),
        FIRST: forms.DateField(
            label=_("Runs from"),
            help_text=_("Empty: as soon as you publish."),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
        ),
        LAST: forms.DateField(
            label=_("Last day of the reduction"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}),
        ),
    }


def initial(draft: Mapping[str, Any]) -> dict[str, Any]:
    claim = draft.get(FIELD)
    if not claim:
        return {}
    was = Money(claim["was_minor"]).decimal_text
    return {WAS: was, FIRST: claim["from"][:10], LAST: claim["until"][:10]}


def read(form: forms.Form, changes: dict[str, Any]) -> None:
    """Put the claim into `changes`; an empty sum takes it away, a sum that isn't one stays an error."""
    if WAS not in form.data:
        return
    cleaned = form.cleaned_data
    text = cleaned.get(WAS, "")
    try:
        was = Money.parse(text).minor if text else 0
    except InvalidAmount as refused:
        form.add_error(WAS, sentence(refused))
        return
    first, last = cleaned.get(FIRST), cleaned.get(LAST)
    changes[FIELD] = was and {
        "was_minor": was,
        "basis": REAL_BASIS,
        "from": first.isoformat() if first else "",
        "until": last.isoformat() if last else "",
    }
