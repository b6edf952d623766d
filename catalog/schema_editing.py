"""Changing a schema's data field by field; pure, and never below what the law pack demands."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from kernel.errors import N_, Invalid

Data = Mapping[str, Any]
LOCALES = ("zh-hans", "zh-hant", "en")
TYPES = ("text", "longtext", "date", "duration_days", "quantity", "choice", "list")
VOUCHERS = ("declared", "platform", "laboratory")
PLACES = ("page", "card", "checkout")
_KEY = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)

BAD_KEY = N_("A key has lower-case letters, figures and underscores, such as shelf_life.")
NOT_SPOKEN = N_("Write the name and the help in all three languages.")
UNKNOWN_DUTY = N_("Choose a duty that stands in the law pack.")
NO_CHOICES = N_("Write at least one answer on a line: value | 简体 | 繁體 | English.")
BAD_CONDITION = N_("A condition names a choice of this category and answers that it has.")
TYPE_FIXED = N_("The kind of a field that is in use can't change. Take it out and add one with another key.")
ASKED_FOR = N_("Another field is asked for by an answer of this one.")
LAW_DEMANDS = N_("The law asks for this field, so it has to stay and stay demanded.")


class FieldUnusable(Invalid):
    """`field` is the key, `problem` the msgid that says what to do."""

    code = "schema_field_unusable"
    message = N_("%(field)s: %(problem)s")

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field=field, problem=gettext_lazy(problem))
        self.field, self.problem = field, problem


def with_field(schema: Data, field: Data) -> dict[str, Any]:
    """The schema with `field` added, or in the place of the one that has its key.

    :raises FieldUnusable:
    """
    fields = list(schema["fields"])
    at = next((n for n, each in enumerate(fields) if each["key"] == field["key"]), None)
    if at is None:
        fields.append(dict(field))
    elif fields[at]["type"] != field["type"]:
        raise FieldUnusable(field["key"], TYPE_FIXED)
    else:
        fields[at] = dict(field)
    return {**schema, "fields": fields}


def without_field(schema: Data, key: str) -> dict[str, Any]:
    """:raises FieldUnusable: another field hangs on its answers"""
    hanging = [each for each in schema["fields"] if (each.get("required_if") or {}).get("field") == key]
    ruled = [each for each in schema["return_policy"].get("by_field", ()) if each["field"] == key]
    if hanging or ruled:
        raise FieldUnusable(key, ASKED_FOR)
    return {**schema, "fields": [each for each in schema["fields"] if each["key"] != key]}


def check(schema: Data, *, duties: Collection[str], by_law: Collection[str]) -> None:
    """Refuse what no listing could answer, and what asks for less than the law does.

    :raises FieldUnusable: the first that is wrong
    """
    fields = {each["key"]: each for each in schema["fields"]}
    for key in by_law:
        if key not in fields or not fields[key]["required"]:
            raise FieldUnusable(key, LAW_DEMANDS)
    for field in fields.values():
        problem = _problem(field, fields, duties)
        if problem:
            raise FieldUnusable(field["key"], problem)


def _problem(field: Data, fields: Mapping[str, Data], duties: Collection[str]) -> str:
    if not _KEY.fullmatch(field["key"]):
        return BAD_KEY
    if not (_spoken(field["label"]) and _spoken(field["help"])):
        return NOT_SPOKEN
    if field["duty"] not in duties:
        return UNKNOWN_DUTY
    answers: Sequence[Data] = field.get("choices", ()) or field.get("units", ())
    if field["type"] in ("choice", "quantity") and not (
        answers and all(each["value"] and _spoken(each["label"]) for each in answers)
    ):
        return NO_CHOICES
    return "" if _condition_holds(field, fields) else BAD_CONDITION


def _spoken(texts: Mapping[str, str]) -> bool:
    return all(str(texts.get(locale, "")).strip() for locale in LOCALES)


def _condition_holds(field: Data, fields: Mapping[str, Data]) -> bool:
    condition = field.get("required_if")
    if not condition:
        return True
    asked = fields.get(condition["field"])
    known = {each["value"] for each in (asked or {}).get("choices", ())}
    return bool(condition["in"]) and set(condition["in"]) <= known and not field["required"]


def options(text: str) -> list[dict[str, Any]]:
    """Answers or units from lines of "value | 简体 | 繁體 | English"; a line that isn't one has no value."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        value, *labels = [part.strip() for part in line.split("|")]
        whole = len(labels) == len(LOCALES)
        found.append({"value": value if whole else "", "label": dict(zip(LOCALES, labels, strict=False))})
    return found


def options_text(answers: Sequence[Data]) -> str:
    return "\n".join(
        " | ".join([each["value"], *(each["label"].get(locale, "") for locale in LOCALES)])
        for each in answers
    )
