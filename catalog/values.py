"""Attribute values: reading what a person or a file wrote, and saying it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.schema import Choice, Field, in_language
from kernel.errors import N_, Invalid

_QUANTITY = re.compile(r"([0-9]+(?:[.,][0-9]+)?)\s*([^\W\d_]+)?\.?", re.UNICODE)
_SPELLINGS = {
    "g": "gr gram grams 克 公克",
    "kg": "公斤 千克",
    "ml": "毫升",
    "l": "升 公升 lt liter litre",
    "piece": "件 个 個 pcs",
}
_UNIT_WORDS = {word: unit for unit, words in _SPELLINGS.items() for word in words.split()}


class ValueRefused(Invalid):
    """`field`, `labels` and a plain `problem` msgid say what to change."""

    code = "value_refused"
    message = N_("%(label)s: this value can't be read. Write it as the example shows.")

    def __init__(self, field: str, labels: Mapping[str, str], problem: str, **params: object) -> None:
        super().__init__(field=field, label=in_language(labels, "zh-hans"), **params)
        self.field, self.labels, self.problem = field, labels, problem


TOO_LONG = N_("Write at most %(limit)s characters.")
NOT_A_DATE = N_("Write the date as year-month-day, such as 2026-10-01.")
NOT_DAYS = N_("Write a whole number of days between 1 and %(limit)s.")
NOT_A_CHOICE = N_("Choose one of the answers offered.")
NOT_A_QUANTITY = N_("Write a number and a unit, such as 500 g.")
CONTROL = N_("This text holds characters that can't be shown. Type it again.")


def parse(spec: Field, raw: Any) -> Any:
    """The stored form of what was written; None when it is empty.

    :raises ValueRefused: with the field and what to do
    """
    if isinstance(raw, str):
        raw = raw.strip()
    if raw in (None, "", [], {}):
        return None
    reader: Callable[[Field, Any], Any] = _READERS.get(spec.type, _text)
    return reader(spec, raw)


def _refuse(spec: Field, problem: str, **params: object) -> ValueRefused:
    return ValueRefused(spec.key, spec.labels, problem, **params)


def _text(spec: Field, raw: Any) -> str:
    text = str(raw).strip()
    if len(text) > spec.max_length:
        raise _refuse(spec, TOO_LONG, limit=spec.max_length)
    if any(ord(each) < 32 and each not in "\n\r\t" for each in text):
        raise _refuse(spec, CONTROL)
    return text


def _date(spec: Field, raw: Any) -> str:
    try:
        found = date.fromisoformat(str(raw).replace("/", "-"))
    except ValueError:
        raise _refuse(spec, NOT_A_DATE) from None
    if not 1990 <= found.year <= 2100:
        raise _refuse(spec, NOT_A_DATE)
    return found.isoformat()


def _days(spec: Field, raw: Any) -> int:
    limit = spec.maximum or 36_500
    text = str(raw)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= limit:
        raise _refuse(spec, NOT_DAYS, limit=limit)
    return int(text)


def _choice(spec: Field, raw: Any) -> str:
    for each in spec.choices:
        if raw == each.value or raw in each.labels.values():
            return each.value
    raise _refuse(spec, NOT_A_CHOICE)


def _list(spec: Field, raw: Any) -> list[str] | None:
    parts = raw if isinstance(raw, list) else re.split(r"[;；\n]", str(raw))
    kept = [str(each).strip() for each in parts if str(each).strip()]
    if sum(map(len, kept)) > max(spec.max_length, 2000) or len(kept) > 50:
        raise _refuse(spec, TOO_LONG, limit=max(spec.max_length, 2000))
    return kept or None


def _quantity(spec: Field, raw: Any) -> dict[str, str]:
    text = f"{raw.get('value', '')} {raw.get('unit', '')}" if isinstance(raw, dict) else str(raw)
    match = _QUANTITY.fullmatch(text.strip())
    if match is None or not match[2]:
        raise _refuse(spec, NOT_A_QUANTITY)
    unit = _unit(spec.units, match[2])
    try:
        number = Decimal(match[1].replace(",", "."))
    except InvalidOperation:
        raise _refuse(spec, NOT_A_QUANTITY) from None
    if unit is None or not 0 < number < 10**9:
        raise _refuse(spec, NOT_A_QUANTITY)
    return {"value": format(number.normalize(), "f"), "unit": unit}


def _unit(units: tuple[Choice, ...], word: str) -> str | None:
    wanted = _UNIT_WORDS.get(word.lower(), word.lower())
    for each in units:
        if wanted == each.value.lower() or word in each.labels.values():
            return each.value
    return None


_READERS: Mapping[str, Callable[[Field, Any], Any]] = {
    "date": _date,
    "duration_days": _days,
    "choice": _choice,
    "list": _list,
    "quantity": _quantity,
}


def shown(spec: Field, value: Any, locale: str) -> str:
    """The value as a buyer reads it; a value of another shape than the schema's is printed plainly."""
    if value in (None, "", []):
        return ""
    match spec.type, value:
        case "choice", str():
            return spec.choice_label(value, locale)
        case "quantity", {"value": number, "unit": unit}:
            return f"{number} {spec.unit_label(unit, locale)}"
        case "list", list():
            return ("；" if locale.startswith("zh") else "; ").join(map(str, value))
    return str(value)


def written(spec: Field, value: Any) -> str:
    """The value as it stands in an input or a CSV cell."""
    match value:
        case None:
            return ""
        case {"value": number, "unit": unit}:
            return f"{number} {unit}"
        case list():
            return "; ".join(map(str, value))
    return str(value)
