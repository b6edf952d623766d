"""Keeping what a rule demands after an erasure: under a restricted key of its own, until the rule's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from law import privacy as law_privacy
from privacy import keys, resealing
from privacy.models import StoredFile
from rulebook import current


class KeepingRuleUnknown(RuntimeError):
    """The inventory names a rule that no law pack in force has: nothing may be erased on a guess."""


@dataclass(slots=True)
class Shelf:
    """The kept keys of one erasure, one for each rule and day."""

    subject_id: UUID
    made: dict[tuple[str, datetime], int] = field(default_factory=dict)

    def version(self, rule_id: str, until: datetime, *, at: datetime) -> int:
        wanted = (rule_id, until)
        if wanted not in self.made:
            self.made[wanted] = keys.make_kept(
                subject_id=self.subject_id, rule_id=rule_id, destroy_after=until, at=at
            )
        return self.made[wanted]


def until(rule_id: str, *, since: datetime, at: datetime) -> datetime:
    """The first instant at which the rule no longer demands the record of a fact of `since`.

    :raises KeepingRuleUnknown:
    """
    found = current.rules_by_id(rule_id, at)
    if found is None:
        raise KeepingRuleUnknown(rule_id)
    pack, _ = found
    window = law_privacy.kept_until(
        pack=pack, calendar=current.calendar(pack.place), rule_id=rule_id, since=since, at=at
    )
    return window.due_at


def keep_cells(row: Any, names: Sequence[str], *, to_version: int) -> None:
    """Seal these cells of a locked row under the kept key; what an earlier erasure shredded stays so."""
    try:
        moved = resealing.reseal(row, names, to_version=to_version)
    except keys.KeyDestroyed:
        return
    if not moved:
        raise RuntimeError("a locked row was changed by somebody else")


def keep_file(stored: StoredFile, *, to_version: int) -> UUID:
    """The same for a file: its name and its bytes."""
    try:
        resealing.reseal_file(stored, to_version=to_version)
        resealing.reseal(stored, ["name"], to_version=to_version)
    except keys.KeyDestroyed:
        pass
    return stored.pk
