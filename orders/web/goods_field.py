"""For which goods of a shop something holds: categories to tick, none for everything that it sells."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog import access as catalog
from catalog.schema import in_language
from rulebook import wording


def goods_field() -> forms.MultipleChoiceField:
    """Its choices come with the form: `choices()`."""
    return forms.MultipleChoiceField(
        label=_("For which goods"),
        required=False,
        help_text=_("Nothing ticked: for everything the shop sells."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose categories from the list.")},
    )


def choices() -> list[tuple[str, str]]:
    """Every category in the reader's language; one statement, so once a form."""
    locale = wording.locale()
    return [(each.pk, in_language(each.names, locale)) for each in catalog.categories()]
