"""Policies and rule texts from their files: every clock has an owner, a length and an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kernel.errors import DomainError
from law.counting import Length
from law.errors import BadPack
from law.reading import LOCALES, Fields

# Clocks are policies under this name; their values must be whole.
CLOCKS = "silence."
WHO = ("buyer", "merchant", "platform", "carrier", "nobody", "turn")


@dataclass(frozen=True, slots=True)
class PolicySource:
    name: str
    version: int
    in_force_from: datetime
    value: Any


def read_policies(data: Mapping[str, object]) -> list[PolicySource]:
    """:raises BadPack: naming the policy and the key"""
    top = Fields(data, where="policies")
    top.allow("policies")
    found = []
    for index, table in enumerate(top.tables("policies")):
        fields = Fields(table, where=str(table.get("name") or f"policy {index + 1}"), index=index)
        fields.allow("name", "version", "in_force_from", "value")
        found.append(
            PolicySource(
                name=fields.text("name"),
                version=fields.whole_number("version", low=1),
                in_force_from=instant(fields, "in_force_from"),
                value=_value(fields),
            )
        )
    return found


def read_texts(data: Mapping[str, object]) -> list[PolicySource]:
    """Platform rules in words; `value` holds {"sentence", "body"} by language.

    :raises BadPack: naming the text and the key
    """
    top = Fields(data, where="texts")
    top.allow("texts")
    found = []
    for index, table in enumerate(top.tables("texts")):
        fields = Fields(table, where=str(table.get("slug") or f"text {index + 1}"), index=index)
        fields.allow("slug", "version", "in_force_from", "important", "title", "sentence", "body")
        texts: dict[str, Any] = {key: dict(fields.sentences(key)) for key in ("title", "sentence", "body")}
        if fields.flag("important", False):
            texts["important"] = True
        number = fields.whole_number("version", low=1)
        found.append(PolicySource(fields.text("slug"), number, instant(fields, "in_force_from"), texts))
    return found


def instant(fields: Fields, key: str) -> datetime:
    value = fields.text(key)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise fields.refuse(key, f"must be an instant with a zone, not {value!r}") from None
    if moment.tzinfo is None:
        raise fields.refuse(key, "must be an instant with a zone")
    return moment


def _value(fields: Fields) -> Any:
    if "value" not in fields.data:
        raise fields.refuse("value", "is missing")
    if fields.text("name").startswith(CLOCKS):
        _check_clock(fields)
    return fields.data["value"]


def _check_clock(policy: Fields) -> None:
    fields = Fields(policy.table("value"), where=f"{policy.where}.value", index=policy.index)
    fields.allow("aggregate", "stage", "who", "length", "cross_border", "extra", "roll", "outcome",
                 "position", "stage_text", "outcome_text")  # fmt: skip
    for key in ("aggregate", "stage", "outcome"):
        fields.text(key)
    fields.choice("who", WHO)
    fields.flag("roll", False)
    fields.whole_number("position")
    for key in ("length", "cross_border", "extra"):
        if key == "length" or fields.has(key):
            _check_length(fields, key)
    for key in ("stage_text", "outcome_text"):
        if set(fields.sentences(key)) != set(LOCALES):
            raise fields.refuse(key, "must be given in every language")


def _check_length(fields: Fields, key: str) -> None:
    table = fields.table(key)
    try:
        Length(table.get("n"), table.get("unit", ""))  # type: ignore[arg-type]
    except DomainError as error:
        raise BadPack(where=fields.where, field=key, reason=str(error), index=fields.index) from error
