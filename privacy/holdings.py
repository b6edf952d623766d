"""What is held about a person, told by what it is for: the inventory, counted over their own rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.apps import apps

from privacy import inventory
from privacy.classification import AtErasure, Basis, PersonalField, Purpose, SeenBy, Sensitivity

T = TypeVar("T")

STRICTNESS = (
    Sensitivity.PUBLIC,
    Sensitivity.GENERAL,
    Sensitivity.PAYMENT,
    Sensitivity.SENSITIVE,
    Sensitivity.MINORS,
)


# Keys and digests: machinery of the seal, which tells nobody anything about themselves.
MACHINERY = ("_index", "sha256", "wrapped")


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of record kept for one purpose; `name` is a word for people, `columns` msgids."""

    model: str
    name: str
    columns: tuple[str, ...]
    count: int
    sensitivity: Sensitivity
    bases: tuple[Basis, ...]
    seen_by: tuple[SeenBy, ...]
    rules: tuple[str, ...]


@dataclass(slots=True)
class PurposeHeld:
    """Everything held for one purpose; `traces` counts rows that name nobody without the person's key."""

    purpose: Purpose
    holdings: list[Holding] = field(default_factory=list)
    traces: int = 0


def of(subject_id: UUID) -> list[PurposeHeld]:
    """Purpose by purpose, in the order of the words; what nothing is held for is left out."""
    found = {purpose: PurposeHeld(purpose) for purpose in Purpose}
    for label, entries in inventory.by_model().items():
        for purpose in Purpose:
            _add(found[purpose], label, [each for each in entries if each.purpose == purpose], subject_id)
    return [each for each in found.values() if each.holdings]


def kept() -> list[PersonalField]:
    """The first column of each purpose and rule that outlives a deletion."""
    seen: dict[tuple[Purpose, str], PersonalField] = {}
    for entry in inventory.fields():
        if entry.keeping is not None:
            seen.setdefault((entry.purpose, entry.keeping.rule_id), entry)
    return list(seen.values())


def _add(into: PurposeHeld, label: str, entries: list[PersonalField], subject_id: UUID) -> None:
    if not entries:
        return
    count = inventory.rows_of(label, subject_id).count()
    named = [
        each for each in entries if each.erasure != AtErasure.STAYS and not each.name.endswith(MACHINERY)
    ]
    if not named:
        into.traces += count
    elif count:
        into.holdings.append(_holding(label, named, count))


def _holding(label: str, entries: list[PersonalField], count: int) -> Holding:
    options = apps.get_model(label)._meta
    columns = [inventory.words_of(each.column) for each in entries]
    return Holding(
        model=label,
        name=str(options.verbose_name_plural),
        columns=tuple(dict.fromkeys(columns)),
        count=count,
        sensitivity=max((each.sensitivity for each in entries), key=STRICTNESS.index),
        bases=tuple(_once(each.basis for each in entries)),
        seen_by=tuple(_once(one for each in entries for one in each.seen_by)),
        rules=tuple(_once(each.keeping.rule_id for each in entries if each.keeping)),
    )


def _once(things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))
