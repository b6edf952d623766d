"""The form of a freight template: one block of places, units and sums after the other; no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog import destinations
from catalog.freight import MOST_DAYS, MOST_UNITS, MOST_ZONES, WHOLE
from catalog.freight_templates import NAME_LENGTH, Written
from catalog.models import FreightTemplate
from catalog.schema import in_language
from kernel.money import InvalidAmount, Money
from web.errors import sentence
from web.forms import Form

# Empty blocks below those that are filled in.
SPARE = 2
SUMS = ("first_minor", "further_minor", "free_from_minor")
UNITS = ("first", "further")


class FreightForm(Form):
    """Name and kind, then up to twelve blocks, then those of express; a block without places isn't there."""

    def __init__(self, template: FreightTemplate | None, *args: Any, **kwargs: Any) -> None:
        express = (template.express if template else None) or {"zones": []}
        self.rows = _names("z", template.zones if template else [])
        self.fast_rows = _names("x", express["zones"])
        super().__init__(*args, initial=_initial(template), auto_id="fr-%s", **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("Name"), help_text=_("Only your shop reads it."), max_length=NAME_LENGTH
        )
        self.fields["by"] = forms.ChoiceField(
            label=_("Freight goes by"),
            choices=[("piece", _("number of pieces")), ("weight", _("weight in grams"))],
            widget=forms.RadioSelect(attrs={"class": "radio"}),
        )
        places = _places()
        for row in (*self.rows, *self.fast_rows):
            self.fields.update(_block(row, places))
        self.fields["express_days"] = forms.IntegerField(
            label=_("There within so many days of payment"),
            help_text=_("Left empty, you offer no express. What comes later gives its surcharge back."),
            required=False,
            min_value=1,
            max_value=MOST_DAYS,
            widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        )
        for name, field in self.fields.items():
            if name != "by" and not name.endswith("-places"):
                field.widget.attrs["class"] = "input"
        self.fields["never"] = forms.MultipleChoiceField(
            label=_("Not delivered to"), required=False, choices=places, widget=forms.CheckboxSelectMultiple()
        )

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The bound fields block by block, its places region by region."""
        return [self._bound(number, row) for number, row in enumerate(self.rows, start=1)]

    @property
    def fast_blocks(self) -> list[dict[str, Any]]:
        """The same of express."""
        return [self._bound(number, row) for number, row in enumerate(self.fast_rows, start=1)]

    @property
    def left_out(self) -> dict[str, Any]:
        return self._ticked("never")

    def _ticked(self, name: str) -> dict[str, Any]:
        field = self[name]
        chosen = set(field.value() or [])
        return {
            "places": field,
            "regions": _regions(field.html_name, field.auto_id, chosen),
            "chosen": [_named(each) for each in destinations.places() if each in chosen],
        }

    def _bound(self, number: int, row: str) -> dict[str, Any]:
        return {
            "number": number,
            **self._ticked(f"{row}-places"),
            "units": [self[f"{row}-{name}"] for name in ("first", "first_minor", "further", "further_minor")],
            "free": self[f"{row}-free_from_minor"],
        }

    def clean(self) -> dict[str, Any]:
        self._zones = [self._zone(row) for row in self.rows]
        self._fast_zones = [self._zone(row) for row in self.fast_rows]
        return self.cleaned_data

    def _zone(self, row: str) -> dict[str, Any]:
        told = self.cleaned_data
        found: dict[str, Any] = {"places": told.get(f"{row}-places") or []}
        found |= {name: told.get(f"{row}-{name}") for name in UNITS}
        for name in SUMS:
            text = told.get(f"{row}-{name}", "")
            try:
                found[name] = Money.parse(text).minor if text else None
            except InvalidAmount as refused:
                self.add_error(f"{row}-{name}", sentence(refused))
        return found

    def written(self) -> Written:
        """What was typed; empty blocks fall away at the end only, so that errors keep their place."""
        told = self.cleaned_data
        return Written(
            name=told.get("name", ""),
            by=told.get("by", ""),
            zones=_filled(self._zones),
            never=told.get("never") or (),
            express_days=told.get("express_days"),
            express=_filled(self._fast_zones),
        )


def _names(row_name: str, zones: Sequence[Any]) -> list[str]:
    """What the fields of each block begin with: those that are filled in and some to spare."""
    return [f"{row_name}{number}" for number in range(min(MOST_ZONES, len(zones) + SPARE))]


def _filled(zones: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = list(zones)
    while found and not any(found[-1].values()):
        found.pop()
    return found


def _named(code: str) -> str:
    return destinations.name(code, get_language() or "zh-hans")


def _places() -> list[tuple[str, str]]:
    """Every place, and every region as a whole."""
    whole = [(WHOLE + each.key, each.key) for each in destinations.regions()]
    return [*whole, *((each, _named(each)) for each in destinations.places())]


def _regions(name: str, auto_id: str, chosen: set[str]) -> list[dict[str, Any]]:
    locale = get_language() or "zh-hans"
    return [
        {
            "label": in_language(region.names, locale),
            "whole": {
                "code": WHOLE + region.key,
                "id": f"{auto_id}-{region.key}",
                "checked": WHOLE + region.key in chosen,
            },
            "places": [
                {
                    "code": each.code,
                    "id": f"{auto_id}-{each.code}",
                    "label": in_language(each.names, locale),
                    "checked": each.code in chosen,
                }
                for each in region.places
            ],
            "name": name,
        }
        for region in destinations.regions()
    ]


def _block(row: str, places: list[tuple[str, str]]) -> dict[str, forms.Field]:
    number = {"inputmode": "numeric", "autocomplete": "off"}
    decimal = {"inputmode": "decimal", "autocomplete": "off"}

    def units(label: str) -> forms.Field:
        return forms.IntegerField(
            label=label, required=False, min_value=1, max_value=MOST_UNITS, widget=forms.TextInput(number)
        )

    def amount(label: str, hint: str = "") -> forms.Field:
        return forms.CharField(
            label=label, help_text=hint, required=False, max_length=20, widget=forms.TextInput(decimal)
        )

    return {
        f"{row}-places": forms.MultipleChoiceField(
            label=_("Places"), required=False, choices=places, widget=forms.CheckboxSelectMultiple()
        ),
        f"{row}-first": units(_("The first (pieces or grams)")),
        f"{row}-first_minor": amount(_("cost (yuan)")),
        f"{row}-further": units(_("Each further (pieces or grams)")),
        f"{row}-further_minor": amount(_("costs (yuan)")),
        f"{row}-free_from_minor": amount(
            _("Free from (yuan of goods)"), _("Left empty, it's never free there.")
        ),
    }


def _initial(template: FreightTemplate | None) -> dict[str, Any]:
    if template is None:
        return {"by": "piece", "z0-first": 1, "z0-further": 1}
    express = template.express or {"days": None, "zones": []}
    found: dict[str, Any] = {"name": template.name, "by": template.by, "never": template.never}
    found["express_days"] = express["days"]
    for row_name, zones in (("z", template.zones), ("x", express["zones"])):
        for row, zone in enumerate(zones):
            found |= {f"{row_name}{row}-{name}": value for name, value in _typed(zone).items()}
    return found


def _typed(zone: Mapping[str, Any]) -> dict[str, Any]:
    sums = {name: "" if zone[name] is None else Money(zone[name]).decimal_text for name in SUMS}
    return {**zone, **sums}
