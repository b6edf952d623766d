"""A category's disclosure schema, typed: which fields, of which kind, asked for by which duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

Names = Mapping[str, str]


def in_language(names: Names, locale: str) -> str:
    """The text in the reader's language, else in the platform's own."""
    return names.get(locale) or names.get("zh-hans") or next(iter(names.values()), "")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    labels: Names


@dataclass(frozen=True, slots=True)
class Field:
    """One fact that an offer states; `duty` is the law rule that asks for it.

    `vouch` says who is to answer for it (declared, platform or laboratory), `shown` where it must stand
    (page, card, checkout).
    """

    key: str
    section: str
    type: str
    labels: Names
    help: Names
    required: bool
    duty: str
    required_if: tuple[str, tuple[str, ...]] | None = None
    max_length: int = 200
    maximum: int | None = None
    choices: tuple[Choice, ...] = ()
    units: tuple[Choice, ...] = ()
    vouch: str = "declared"
    shown: tuple[str, ...] = ("page",)

    def demanded(self, attributes: Mapping[str, Any]) -> bool:
        """Whether the law asks for it, given what else the offer says."""
        if self.required or self.required_if is None:
            return self.required
        other, values = self.required_if
        return attributes.get(other) in values

    def choice_label(self, value: str, locale: str) -> str:
        return next((in_language(each.labels, locale) for each in self.choices if each.value == value), value)

    def unit_label(self, value: str, locale: str) -> str:
        return next((in_language(each.labels, locale) for each in self.units if each.value == value), value)


@dataclass(frozen=True, slots=True)
class Licence:
    """A document (`merchants.documents` kind) that a shop must hold to sell this, and the duty behind it."""

    kind: str
    duty: str
    when: tuple[str, tuple[str, ...]] | None = None

    def demanded(self, attributes: Mapping[str, Any]) -> bool:
        return self.when is None or attributes.get(self.when[0]) in self.when[1]


@dataclass(frozen=True, slots=True)
class ReturnPolicy:
    """What the law lets a merchant of this category exclude from returns without reason."""

    excludes_return: str | None
    exclusion: str
    duty: str
    allowed: tuple[str | None, ...]
    note: Names
    by_field: tuple[tuple[str, tuple[str, ...], str | None, str], ...] = ()

    def resolved(self, attributes: Mapping[str, Any]) -> tuple[str | None, str, bool]:
        """(default exclusion, reason code, whether an answer of the offer forces it)."""
        for key, values, excludes, reason in self.by_field:
            if attributes.get(key) in values:
                return excludes, reason, True
        return self.excludes_return, self.exclusion, False


@dataclass(frozen=True, slots=True)
class Schema:
    slug: str
    version: int
    names: Names
    lead: Names
    picture: str
    mat: str
    sections: tuple[Choice, ...]
    fields: tuple[Field, ...]
    returns: ReturnPolicy
    by_key: Mapping[str, Field] = field(repr=False)
    licences: tuple[Licence, ...] = ()

    def licences_for(self, attributes: Mapping[str, Any]) -> tuple[Licence, ...]:
        """What the shop must hold, given what the offer says."""
        return tuple(each for each in self.licences if each.demanded(attributes))

    def in_section(self, section: str) -> Sequence[Field]:
        return [each for each in self.fields if each.section == section]

    def has_quantity(self) -> bool:
        return "net_content" in self.by_key


def read(data: Mapping[str, Any]) -> Schema:
    """The typed form of a schema file or of a stored `Category.schema`."""
    fields = tuple(_field(each) for each in data["fields"])
    return Schema(
        slug=data["slug"],
        version=data["schema_version"],
        names=data["names"],
        lead=data.get("lead", {}),
        picture=data.get("picture", ""),
        mat=data.get("mat", "sand"),
        sections=tuple(Choice(each["key"], each["label"]) for each in data["sections"]),
        fields=fields,
        returns=_returns(data.get("return_policy") or {}),
        by_key={each.key: each for each in fields},
        licences=tuple(
            Licence(each["kind"], each["duty"], _condition(each.get("when")))
            for each in data.get("licences", ())
        ),
    )


def _condition(data: Mapping[str, Any] | None) -> tuple[str, tuple[str, ...]] | None:
    return (data["field"], tuple(data["in"])) if data else None


def _field(data: Mapping[str, Any]) -> Field:
    return Field(
        key=data["key"],
        section=data["section"],
        type=data["type"],
        labels=data["label"],
        help=data.get("help", {}),
        required=bool(data["required"]),
        duty=data["duty"],
        required_if=_condition(data.get("required_if")),
        max_length=data.get("max_length") or (4000 if data["type"] == "longtext" else 200),
        maximum=data.get("maximum"),
        choices=tuple(Choice(each["value"], each["label"]) for each in data.get("choices", ())),
        units=tuple(Choice(each["value"], each["label"]) for each in data.get("units", ())),
        vouch=data.get("vouch", "declared"),
        shown=tuple(data.get("shown", ("page",))),
    )


def _returns(data: Mapping[str, Any]) -> ReturnPolicy:
    return ReturnPolicy(
        excludes_return=data.get("excludes_return"),
        exclusion=data.get("reason") or "",
        duty=data.get("duty", ""),
        allowed=tuple(data.get("allowed", (None,))),
        note=data.get("note", {}),
        by_field=tuple(
            (each["field"], tuple(each["in"]), each.get("excludes_return"), each.get("reason") or "")
            for each in data.get("by_field", ())
        ),
    )


class _Seen:
    """Schemas already read in this process, by slug and version: they never change under a version."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], Schema] = {}

    def of(self, data: Mapping[str, Any]) -> Schema:
        key = (data["slug"], data["schema_version"])
        if key not in self.kept:
            self.kept[key] = read(data)
        return self.kept[key]


@lru_cache(maxsize=1)
def _seen() -> _Seen:
    return _Seen()


def schema_of(data: Mapping[str, Any]) -> Schema:
    """The typed schema of a stored row, read once per process and version."""
    return _seen().of(data)
