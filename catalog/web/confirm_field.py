"""The editor's field of goods that the shop confirms first, and what buyers read of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog import confirm_terms
from catalog.models import Listing
from kernel import clock

if TYPE_CHECKING:
    from catalog.web.forms import EditorForm

SERVICES = "services"


def fields(listing: Listing) -> dict[str, forms.Field]:
    """None for services: their appointments are the confirmation."""
    if listing.category_id == SERVICES:
        return {}
    now = clock.now()
    most, usual = confirm_terms.most(at=now), confirm_terms.usual(at=now)
    hint = _(
        "Only for what is made to order or has to be looked for first. The buyer's bank only reserves the sum"
        " until you have confirmed. Usually %(usual)s, at most %(most)s hours; empty: you needn't confirm."
    )
    return {
        confirm_terms.KEY: forms.IntegerField(
            label=_("You confirm each order within so many hours"),
            help_text=hint % {"usual": usual, "most": most},
            required=False,
            min_value=1,
            max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
    }


def initial(terms: Mapping[str, Any]) -> dict[str, Any]:
    return {confirm_terms.KEY: confirm_terms.hours(terms)}


def read(form: EditorForm, changes: dict[str, Any]) -> None:
    """What could be read of it, in the draft's shape."""
    if confirm_terms.KEY in form.cleaned_data:
        changes["terms"][confirm_terms.KEY] = form.cleaned_data[confirm_terms.KEY]


def said(hours: int | None) -> str:
    """What a buyer reads before ordering; "" where nothing has to be confirmed."""
    if hours is None:
        return ""
    text = ngettext(
        "Your bank reserves the sum; the shop confirms within %(n)s hour, otherwise it is let go"
        " and nothing was charged.",
        "Your bank reserves the sum; the shop confirms within %(n)s hours, otherwise it is let go"
        " and nothing was charged.",
        hours,
    )
    return text % {"n": hours}
