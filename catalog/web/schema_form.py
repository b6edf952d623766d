"""The staff's form of one field of a category's schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from catalog import schema_editing
from catalog.schema_editing import LOCALES, PLACES, TYPES, VOUCHERS
from kernel.errors import N_
from web.admin import code_word
from web.forms import Form

SECTIONS = ("identity", "origin", "quality", "use", "warnings", "aftersales")
TONGUES = {"zh-hans": N_("Simplified Chinese"), "zh-hant": N_("Traditional Chinese"), "en": N_("English")}
_AREA = {"rows": 4, "cols": 70}


class FieldForm(Form):
    """One fact that listings state; `to_data()` is its place in the schema."""

    key = forms.CharField(max_length=40)
    section = forms.ChoiceField()
    type = forms.ChoiceField()
    required = forms.BooleanField(required=False)
    condition = forms.ChoiceField(required=False)
    condition_in = forms.CharField(required=False, max_length=300)
    duty = forms.ChoiceField()
    vouch = forms.ChoiceField()
    shown = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    options = forms.CharField(required=False, widget=forms.Textarea(attrs=_AREA), max_length=6000)
    maximum = forms.IntegerField(required=False, min_value=1, max_value=36500)

    def __init__(self, schema: Mapping[str, Any], duties: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="s-%s", **kwargs)
        for locale in LOCALES:
            self.fields[f"label_{locale}"] = forms.CharField(max_length=60)
            self.fields[f"help_{locale}"] = forms.CharField(max_length=300)
        choosing = [each["key"] for each in schema["fields"] if each["type"] == "choice"]
        self._offer("section", _worded(SECTIONS))
        self._offer("type", _worded(TYPES))
        self._offer("vouch", _worded(VOUCHERS))
        self._offer("shown", _worded(PLACES))
        self._offer("condition", [("", "—"), *((each, each) for each in choosing)])
        self._offer("duty", [(each, each) for each in duties])
        for name, words in _labels().items():
            self.fields[name].label = words

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def to_data(self) -> dict[str, Any]:
        """The field as the schema's data holds it."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {
            "key": cleaned["key"],
            "section": cleaned["section"],
            "type": cleaned["type"],
            "label": {locale: cleaned[f"label_{locale}"] for locale in LOCALES},
            "help": {locale: cleaned[f"help_{locale}"] for locale in LOCALES},
            "required": cleaned["required"],
            "duty": cleaned["duty"],
            "vouch": cleaned["vouch"],
            "shown": ["page", *(each for each in cleaned["shown"] if each != "page")],
        }
        if cleaned["condition"]:
            answers = [each.strip() for each in cleaned["condition_in"].split(",") if each.strip()]
            found["required_if"] = {"field": cleaned["condition"], "in": answers}
        if cleaned["type"] in ("choice", "quantity"):
            name = "choices" if cleaned["type"] == "choice" else "units"
            found[name] = schema_editing.options(cleaned["options"])
        if cleaned["maximum"] and cleaned["type"] == "duration_days":
            found["maximum"] = cleaned["maximum"]
        return found


def initial_of(field: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the form shows for a field that is there; for a new one the usual answers."""
    if field is None:
        return {"vouch": "declared", "shown": ["page"], "required": True, "type": "text"}
    condition = field.get("required_if") or {}
    answers = field.get("choices") or field.get("units") or ()
    return {
        **{
            name: field.get(name)
            for name in ("key", "section", "type", "required", "duty", "vouch", "maximum")
        },
        **{f"label_{locale}": field["label"].get(locale, "") for locale in LOCALES},
        **{f"help_{locale}": field["help"].get(locale, "") for locale in LOCALES},
        "shown": field.get("shown", ["page"]),
        "condition": condition.get("field", ""),
        "condition_in": ", ".join(condition.get("in", ())),
        "options": schema_editing.options_text(answers),
    }


def _worded(codes: Sequence[str]) -> list[tuple[str, str]]:
    return [(each, code_word(each)) for each in codes]


def _labels() -> dict[str, str]:
    named = {
        "key": _("Key"),
        "section": _("Section"),
        "type": _("Kind of answer"),
        "required": _("Demanded of every listing"),
        "condition": _("Demanded only if this field …"),
        "condition_in": _("… is answered with one of (comma between them)"),
        "duty": _("Duty behind it"),
        "vouch": _("Who answers for it"),
        "shown": _("Where it is shown"),
        "options": _("Answers or units, a line each: value | 简体 | 繁體 | English"),
        "maximum": _("Most days"),
    }
    for locale in LOCALES:
        tongue = {"language": _(TONGUES[locale])}
        named[f"label_{locale}"] = _("Name, %(language)s") % tongue
        named[f"help_{locale}"] = _("Help, %(language)s") % tongue
    return named
