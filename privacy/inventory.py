"""The privacy inventory: what every room holds about people, handed down at start by config."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet

from kernel.errors import N_
from privacy.classification import PURPOSE_WORDS, PersonalField, SeenBy

OTHER_DATA = N_("Other data about you")
# Gives the rows about a subject where no look-up leads to them.
Finder = Callable[[UUID], "QuerySet[Any]"]


class ColumnUnknown(LookupError):
    """A column that no room has classified: a bug, found at start and by a test."""


@dataclass(frozen=True, slots=True)
class Room:
    """One room's lists, as its personal_data.py writes them.

    `not_personal` maps "app.Model.field" to why it says nothing about a person; "app.*.field" stands for
    every model of the app that has such a column. `words` is what the person calls a column (a msgid).
    """

    name: str
    fields: tuple[PersonalField, ...] = ()
    not_personal: Mapping[str, str] = field(default_factory=dict)
    finders: Mapping[str, Finder] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


_rooms: tuple[Room, ...] = ()


def install(rooms: Iterable[Room]) -> None:
    """Hand over every room's lists; called once, by config."""
    global _rooms
    _rooms = tuple(rooms)


def rooms() -> tuple[Room, ...]:
    return _rooms


def fields() -> tuple[PersonalField, ...]:
    """Every column that says something about a person, room by room from the lowest floor up."""
    return tuple(entry for room in _rooms for entry in room.fields)


def by_model() -> dict[str, list[PersonalField]]:
    """The same by model label, "orders.Order"."""
    found: dict[str, list[PersonalField]] = {}
    for entry in fields():
        found.setdefault(entry.model, []).append(entry)
    return found


def of_column(column: str) -> PersonalField:
    """:raises ColumnUnknown: for a column that isn't classified"""
    for entry in fields():
        if entry.column == column:
            return entry
    raise ColumnUnknown(column)


def words_of(column: str) -> str:
    """The msgid for a column as a person reads it; its purpose's words where it has none of its own."""
    for room in _rooms:
        if column in room.words:
            return room.words[column]
    return next((PURPOSE_WORDS[one.purpose] for one in fields() if one.column == column), OTHER_DATA)


def public_columns() -> frozenset[str]:
    """What everybody may read."""
    return frozenset(entry.column for entry in fields() if SeenBy.EVERYONE in entry.seen_by)


def why_not_personal(column: str) -> str:
    """Why "app.Model.field" says nothing about a person; empty when nobody has said so."""
    app, _, name = column.split(".")
    for room in _rooms:
        found = room.not_personal.get(column) or room.not_personal.get(f"{app}.*.{name}")
        if found:
            return found
    return ""


def rows_of(model_label: str, subject_id: UUID) -> QuerySet[Any]:
    """Every row of the model that holds something about the subject, in whatever role."""
    finder = _finder(model_label)
    if finder is not None:
        return finder(subject_id)
    entries = by_model().get(model_label, [])
    return _rows(apps.get_model(model_label), {entry.subject for entry in entries}, subject_id)


def rows_holding(entry: PersonalField, subject_id: UUID) -> QuerySet[Any]:
    """The rows in which this very column is about the subject: a case has a buyer and a reviewer."""
    finder = _finder(entry.model)
    if finder is not None:
        return finder(subject_id)
    return _rows(apps.get_model(entry.model), {entry.subject}, subject_id)


def _finder(model_label: str) -> Finder | None:
    return next((room.finders[model_label] for room in _rooms if model_label in room.finders), None)


def _rows(model: type[Model], lookups: set[str], subject_id: UUID) -> QuerySet[Any]:
    if not lookups:
        return model._base_manager.none()
    return model._base_manager.filter(reduce(or_, (Q(**{one: subject_id}) for one in sorted(lookups))))
