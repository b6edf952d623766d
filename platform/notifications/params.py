"""Parameters of a letter: stored as JSON, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import formats

from kernel.money import Money
from notifications.kinds import LetterKind, Value
from web.formats import money_text, until_text

Stored = str | int | dict[str, str | int]


class WrongParameters(TypeError):
    """Names or types differ from the kind's sample: a bug in the sender."""


def to_stored(kind: LetterKind, params: Mapping[str, Value]) -> dict[str, Stored]:
    """:raises WrongParameters: unless the names are exactly those of the kind's sample"""
    if set(params) != set(kind.sample):
        raise WrongParameters(f"{kind.name} takes {sorted(kind.sample)}, not {sorted(params)}")
    return {name: _stored(value) for name, value in params.items()}


def _stored(value: Value) -> Stored:
    match value:
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case datetime():
            return {"instant": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case bool():
            raise WrongParameters("a letter has no truth values: make two kinds")
        case str() | int():
            return value
    raise WrongParameters(f"a letter can't carry {type(value).__name__}")


def to_text(stored: Mapping[str, Stored]) -> dict[str, str]:
    """As words in the active language; instants in the active time zone, years only when they differ."""
    return {name: _text(value) for name, value in stored.items()}


def _text(value: Stored) -> str:
    match value:
        case {"minor": int(minor), "currency": str(currency)}:
            return money_text(Money(minor, currency))
        case {"instant": str(instant)}:
            return until_text(datetime.fromisoformat(instant))
        case {"day": str(day)}:
            return formats.date_format(date.fromisoformat(day), "DATE_FORMAT")
    return str(value)
