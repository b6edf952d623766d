"""The form of a set: its name in three languages, one row for each thing in it, its price; no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import offers, stock
from catalog.models import Listing, ShopSet
from catalog.set_models import MOST_OF_A_MEMBER
from catalog.sets import NAME_LENGTH, Written
from kernel.errors import DomainError
from kernel.money import InvalidAmount, Money
from web.errors import sentence
from web.formats import money_text
from web.forms import Form

LANGUAGES = ("zh-hans", "zh-hant", "en")
# Rows of a new set, and empty ones below those that are filled in.
ROWS, SPARE = 4, 2


class SetForm(Form):
    """Rows without a thing aren't there; the first language is needed."""

    def __init__(
        self, shop_set: ShopSet | None, on_sale: Sequence[Listing], *args: Any, most: int, **kwargs: Any
    ) -> None:
        revision = shop_set.live_revision if shop_set else None
        there = len(revision.members) if revision else 0
        self.rows, self._filled = min(most, max(ROWS, there + SPARE)), list[int]()
        super().__init__(*args, initial=_initial(shop_set), auto_id="st-%s", **kwargs)
        labels = {"zh-hans": _("Name"), "zh-hant": _("Name (Traditional)"), "en": _("Name (English)")}
        for locale in LANGUAGES:
            self.fields[f"title_{locale}"] = forms.CharField(
                label=labels[locale], required=locale == "zh-hans", max_length=NAME_LENGTH
            )
        choices = [("", _("Nothing in this row")), *_choices(on_sale)]
        known = {value for value, _label in choices}
        # What is off sale now stays named in its row, so that saving says so instead of dropping it.
        for row in revision.members if revision else []:
            if row["variant"] not in known:
                choices.append((row["variant"], _("Not on sale now")))
        for number in range(self.rows):
            self.fields.update(_row(number, choices))
        self.fields["price"] = forms.CharField(
            label=_("Price of the set"),
            help_text=_("Freight apart, at most what these cost one by one. Buyers see what they save."),
            max_length=16,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    def refuse(self, error: DomainError) -> None:
        """A member's refusal names its place among those that were filled in."""
        number, _dash, part = str(error.params.get("field", "")).removeprefix("m").partition("-")
        if part and number.isdigit() and int(number) < len(self._filled):
            self.add_error(f"m{self._filled[int(number)]}-{part}", sentence(error))
            return
        super().refuse(error)

    @property
    def titles(self) -> list[Any]:
        return [self[f"title_{locale}"] for locale in LANGUAGES]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [
            {"number": number + 1, "variant": self[f"m{number}-variant"], "many": self[f"m{number}-quantity"]}
            for number in range(self.rows)
        ]

    def clean_price(self) -> int:
        try:
            return Money.parse(self.cleaned_data["price"]).minor
        except InvalidAmount as refused:
            raise forms.ValidationError(sentence(refused)) from refused

    def written(self) -> Written:
        """What was typed; rows without a thing fall away, and a refusal finds its row again."""
        told = self.cleaned_data
        rows = [(told.get(f"m{n}-variant"), told.get(f"m{n}-quantity")) for n in range(self.rows)]
        self._filled = [n for n, (variant, _many) in enumerate(rows) if variant]
        members = [(UUID(variant), many or 0) for variant, many in rows if variant]
        title = {locale: told.get(f"title_{locale}", "") for locale in LANGUAGES}
        return Written(title, members, told["price"])


def _row(number: int, choices: list[tuple[str, str]]) -> dict[str, forms.Field]:
    return {
        f"m{number}-variant": forms.ChoiceField(label=_("Thing"), required=False, choices=choices),
        f"m{number}-quantity": forms.IntegerField(
            label=_("How many"),
            required=False,
            min_value=1,
            max_value=MOST_OF_A_MEMBER,
            initial=1,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        ),
    }


def _choices(on_sale: Sequence[Listing]) -> list[tuple[str, str]]:
    """Every variant that can be bought, with its price: "Teapot (colour: white), ¥39.00"."""
    locale = get_language() or "zh-hans"
    found = []
    for listing in on_sale:
        held = stock.pieces(listing)
        for each in offers.variants(listing.content, listing.pk):
            if held.get(each.id, stock.NO_PIECES).active:
                choice = offers.choice_words(listing.content, each.id, locale)
                said = [offers.title(listing.content, locale), choice, money_text(each.price)]
                found.append((str(each.id), " · ".join(part for part in said if part)))
    return found


def _initial(shop_set: ShopSet | None) -> dict[str, Any]:
    revision = shop_set.live_revision if shop_set else None
    if revision is None:
        return {}
    found = {f"title_{locale}": words for locale, words in revision.content["title"].items()}
    for number, row in enumerate(revision.members):
        found[f"m{number}-variant"], found[f"m{number}-quantity"] = row["variant"], row["quantity"]
    return {**found, "price": revision.price.decimal_text}
