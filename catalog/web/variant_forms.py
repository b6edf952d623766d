"""Forms of options and variants: no script, every error at its field, everything typed stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from catalog.contents import LANGUAGES
from catalog.freight import HEAVIEST_GRAMS
from catalog.models import Listing
from catalog.reduction_terms import FIELD, REAL_BASIS
from catalog.stock import MOST, NO_PIECES, pieces
from catalog.variant_drafts import LABEL_LENGTH, SKU_LENGTH, VariantPictureRefused, VariantPriceRefused
from catalog.variant_table import NamedOption, Row
from catalog.web.forms import TONGUES
from kernel.money import InvalidAmount, Money
from web.errors import sentence
from web.forms import Form

MOST_OPTIONS = 3
# One value a line, its languages side by side.
BETWEEN = "|"


class OptionsForm(Form):
    """Up to three options: a name in each language, and the values, one a line."""

    def __init__(self, listing: Listing, *args: Any, **kwargs: Any) -> None:
        self.listing = listing
        super().__init__(*args, initial=_named(listing), auto_id="opt-%s", **kwargs)
        for number in range(MOST_OPTIONS):
            for locale in LANGUAGES:
                label = _("Option, %(language)s") % {"language": _(TONGUES[locale])}
                self.fields[f"o{number}-{locale}"] = forms.CharField(
                    label=label, max_length=LABEL_LENGTH, required=False
                )
            self.fields[f"o{number}-values"] = forms.CharField(
                label=_("Values"),
                help_text=_("One a line; other languages behind a bar: 月白 | 月白 | Moon white"),
                max_length=6000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The bound fields option by option."""
        return [
            {
                "number": number + 1,
                "names": [self[f"o{number}-{locale}"] for locale in LANGUAGES],
                "values": self[f"o{number}-values"],
            }
            for number in range(MOST_OPTIONS)
        ]

    def options(self) -> list[NamedOption]:
        """What was typed, without the blocks that stayed empty."""
        found = []
        for number in range(MOST_OPTIONS):
            told = {locale: self.cleaned_data.get(f"o{number}-{locale}", "") for locale in LANGUAGES}
            labels = {locale: text for locale, text in told.items() if text}
            lines = self.cleaned_data.get(f"o{number}-values", "").splitlines()
            values = [_by_language(line) for line in lines if line.strip(f" {BETWEEN}")]
            if labels or values:
                found.append(NamedOption(labels, values))
        return found


def _by_language(line: str) -> dict[str, str]:
    parts = [part.strip() for part in line.split(BETWEEN, len(LANGUAGES) - 1)]
    return {locale: text for locale, text in zip(LANGUAGES, parts, strict=False) if text}


def _named(listing: Listing) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, option in enumerate((listing.draft.get("options") or [])[:MOST_OPTIONS]):
        found |= {f"o{number}-{locale}": text for locale, text in option["labels"].items()}
        found[f"o{number}-values"] = "\n".join(_line(value["labels"]) for value in option["values"])
    return found


def _line(labels: Mapping[str, str]) -> str:
    parts = [labels.get(locale, "") for locale in LANGUAGES]
    while parts and not parts[-1]:
        parts.pop()
    return f" {BETWEEN} ".join(parts)


class VariantsForm(Form):
    """One row a variant of the draft, in its order."""

    def __init__(self, listing: Listing, *args: Any, **kwargs: Any) -> None:
        self.drafted: Sequence[Mapping[str, Any]] = listing.draft.get("variants") or []
        super().__init__(*args, initial=_typed(listing), auto_id="var-%s", **kwargs)
        for row, each in enumerate(self.drafted):
            self.fields.update(_row_fields(row, each["id"]))

    def clean(self) -> dict[str, Any]:
        self._prices = {row: self._price(row) for row in range(len(self.drafted))}
        self._images = {row: self._pictures(row) for row in range(len(self.drafted))}
        self._cuts = {row: self._cut(row, each) for row, each in enumerate(self.drafted)}
        return self.cleaned_data

    def _price(self, row: int) -> int | None:
        text = self.cleaned_data.get(f"v{row}-price", "")
        try:
            found = Money.parse(text).minor if text else None
            if found == 0:
                raise VariantPriceRefused
        except (InvalidAmount, VariantPriceRefused) as refused:
            self.add_error(f"v{row}-price", sentence(refused))
            return None
        return found

    def _cut(self, row: int, each: Mapping[str, Any]) -> dict[str, Any] | None:
        """The crossed-out price; its first day stays what it was."""
        text, last = self.cleaned_data.get(f"v{row}-crossed", ""), self.cleaned_data.get(f"v{row}-until")
        try:
            was = Money.parse(text).minor if text else 0
        except InvalidAmount as refused:
            self.add_error(f"v{row}-crossed", sentence(refused))
            return None
        since = (each.get(FIELD) or {}).get("from", "")
        until = last.isoformat() if last else ""
        return {"was_minor": was, "basis": REAL_BASIS, "from": since, "until": until} if was else None

    def _pictures(self, row: int) -> list[int]:
        parts = [
            part for part in re.split(r"[\s,，、;；]+", self.cleaned_data.get(f"v{row}-images", "")) if part
        ]
        if any(not part.isascii() or not part.isdigit() or part == "0" for part in parts):
            self.add_error(f"v{row}-images", sentence(VariantPictureRefused()))
            return []
        return [int(part[:4]) - 1 for part in parts]

    def rows(self) -> list[Row]:
        """What was typed; a count only where it differs from what the page showed."""
        told = self.cleaned_data
        return [
            Row(
                id=UUID(each["id"]),
                sku=told[f"v{row}-sku"],
                price_minor=self._prices[row],
                barcode=told[f"v{row}-barcode"],
                weight_grams=told[f"v{row}-weight"],
                images=self._images[row],
                reduction=self._cuts[row],
                on_hand=None if told[f"v{row}-on_hand"] == told[f"v{row}-was"] else told[f"v{row}-on_hand"],
            )
            for row, each in enumerate(self.drafted)
        ]


def _row_fields(row: int, variant_id: str) -> dict[str, forms.Field]:
    decimal = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input"})
    count = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input s"})
    plain = forms.TextInput(attrs={"class": "input"})
    return {
        f"v{row}-sku": forms.CharField(label=_("SKU"), max_length=SKU_LENGTH, required=False, widget=plain),
        f"v{row}-price": forms.CharField(label=_("Price"), required=False, widget=decimal),
        f"v{row}-on_hand": forms.IntegerField(
            label=_("Stock"), min_value=0, max_value=MOST, required=False, widget=count
        ),
        # What stood there when the page was made: buyers go on buying meanwhile.
        f"v{row}-was": forms.IntegerField(required=False, widget=forms.HiddenInput()),
        f"v{row}-barcode": forms.CharField(
            label=_("Barcode"), max_length=20, required=False, widget=forms.TextInput({"class": "input"})
        ),
        f"v{row}-weight": forms.IntegerField(
            label=_("Grams"), min_value=1, max_value=HEAVIEST_GRAMS, required=False, widget=count
        ),
        f"v{row}-images": forms.CharField(
            label=_("Pictures"), max_length=60, required=False, widget=forms.TextInput({"class": "input s"})
        ),
        f"v{row}-crossed": forms.CharField(label=_("Crossed-out price"), required=False, widget=decimal),
        f"v{row}-until": forms.DateField(
            label=_("Last day of the reduction"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date", "class": "input d"}),
        ),
    }


def _typed(listing: Listing) -> dict[str, Any]:
    held, found = pieces(listing), dict[str, Any]()
    for row, each in enumerate(listing.draft.get("variants") or []):
        on_hand = held.get(UUID(each["id"]), NO_PIECES).on_hand
        price = each["price_minor"]
        found |= {
            f"v{row}-sku": each["sku"],
            f"v{row}-price": "" if price is None else Money(price).decimal_text,
            f"v{row}-on_hand": on_hand,
            f"v{row}-was": on_hand,
            f"v{row}-barcode": each["barcode"],
            f"v{row}-weight": each.get("weight_grams"),
            **_cut_of(row, each),
            f"v{row}-images": ", ".join(str(place + 1) for place in each["images"]),
        }
    return found


def _cut_of(row: int, each: Mapping[str, Any]) -> dict[str, Any]:
    claim = each.get(FIELD)
    if not claim:
        return {}
    return {f"v{row}-crossed": Money(claim["was_minor"]).decimal_text, f"v{row}-until": claim["until"][:10]}
