"""The editor's fields of freight: a template of the shop, or a fixed sum; and what one piece weighs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from catalog import access
from catalog.freight import HEAVIEST_GRAMS
from catalog.models import Listing

if TYPE_CHECKING:
    from catalog.web.forms import EditorForm


def fields(listing: Listing) -> dict[str, forms.Field]:
    rows = access.freight_templates_of_shop(listing.merchant_id)
    return {
        "freight_template": forms.ChoiceField(
            label=_("Freight template"),
            help_text=_("With one, the fixed freight beside it doesn't count."),
            required=False,
            choices=[("", _("None: the fixed freight"))] + [(str(each.pk), each.name) for each in rows],
        ),
        "weight": forms.IntegerField(
            label=_("Weight in grams"),
            help_text=_("Of one piece, packed. Templates by weight need it."),
            required=False,
            min_value=1,
            max_value=HEAVIEST_GRAMS,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        ),
    }


def initial(draft: Mapping[str, Any]) -> dict[str, Any]:
    terms = draft.get("freight") or {}
    return {
        "freight_template": terms.get("template", ""),
        "weight": draft.get("weight_grams"),
    }


def read(form: EditorForm, changes: dict[str, Any]) -> None:
    """What could be read of them, in the draft's shape."""
    told = form.cleaned_data
    if "freight_template" in told:
        changes["freight_template"] = told["freight_template"]
    if "weight" in told:
        changes["weight_grams"] = told["weight"]
