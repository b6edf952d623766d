"""What becomes of each column of the inventory when a person is erased; counts, never contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.models import F

from privacy import columns, inventory, keeping, resealing
from privacy.classification import AtErasure, Keeping, PersonalField
from privacy.models import StoredFile

CHUNK = 200
KEYS = "privacy.SubjectKey.wrapped"
BYTES = ("path", "shown_path")


@dataclass(slots=True)
class Tally:
    """What went, what stays and what is kept, by column; `kept` by rule and end as well."""

    gone: Counter[tuple[str, str]] = field(default_factory=Counter)
    stays: Counter[str] = field(default_factory=Counter)
    kept: Counter[tuple[str, datetime, str]] = field(default_factory=Counter)
    kept_files: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class Forgetting:
    """One erasure in the making: the highest room first, so that no row outlives what it hangs on."""

    subject_id: UUID
    at: datetime
    shelf: keeping.Shelf
    tally: Tally = field(default_factory=Tally)

    def run(self) -> Tally:
        for label, entries in _models():
            of_kind = {how: [one for one in entries if one.erasure is how] for how in AtErasure}
            self._keep(label, of_kind[AtErasure.KEEP])
            self._shred(label, of_kind[AtErasure.SHRED])
            self._blank(of_kind[AtErasure.BLANK])
            self._count_staying(of_kind[AtErasure.STAYS])
            self._delete(of_kind[AtErasure.DELETE_ROW])
        return self.tally

    def _delete(self, entries: Iterable[PersonalField]) -> None:
        found = list(entries)
        counts = [(one, inventory.rows_holding(one, self.subject_id).count()) for one in found]
        stumps = {
            one.subject: _delete_or_keep_a_stump(inventory.rows_holding(one, self.subject_id))
            for one in {each.subject: each for each in found}.values()
        }
        for entry, rows in counts:
            if rows and stumps[entry.subject]:
                self._empty(entry)
            else:
                self._gone(entry, rows)

    def _empty(self, entry: PersonalField) -> None:
        """What others' rows refer to stays as a stump; sealed cells go with the key, plain ones now."""
        rows = inventory.rows_holding(entry, self.subject_id)
        if columns.is_sealed(entry.column):
            self.tally.gone[(entry.column, str(AtErasure.SHRED))] += rows.count()
        elif not getattr(columns.field_of(entry.column), "unique", False):
            self.tally.gone[(entry.column, str(AtErasure.BLANK))] += blank(entry, rows)

    def _blank(self, entries: Iterable[PersonalField]) -> None:
        for entry in entries:
            self._gone(entry, blank(entry, inventory.rows_holding(entry, self.subject_id)))

    def _count_staying(self, entries: Iterable[PersonalField]) -> None:
        for entry in entries:
            rows = inventory.rows_holding(entry, self.subject_id).count()
            if rows:
                self.tally.stays[entry.column] += rows

    def _shred(self, label: str, entries: Iterable[PersonalField]) -> None:
        """Sealed cells and bytes stay where they are, for nobody: the key goes at the end."""
        for entry in entries:
            if entry.column == KEYS:
                continue
            rows = inventory.rows_holding(entry, self.subject_id)
            if label == "privacy.StoredFile":
                rows = rows.exclude(pk__in=self.tally.kept_files)
            if columns.is_sealed(entry.column):
                self._gone(entry, rows.exclude(**{f"{entry.name}__isnull": True}).count())
            elif entry.name in BYTES:
                self._gone(entry, rows.exclude(**{entry.name: ""}).count())
            else:
                self._gone(entry, blank(entry, rows))
        if label == "privacy.StoredFile":
            self._remove_bytes()

    def _remove_bytes(self) -> None:
        found = StoredFile.objects.filter(subject_id=self.subject_id).exclude(pk__in=self.tally.kept_files)
        paths = [path for pair in found.values_list(*BYTES) for path in pair if path]
        transaction.on_commit(partial(resealing.remove, paths))

    def _keep(self, label: str, entries: list[PersonalField]) -> None:
        """Each row once for all the columns that are about the person by the same look-up and rule."""
        by_rows = sorted(entries, key=_rows_key)
        for _, group in groupby(by_rows, key=_rows_key):
            found = list(group)
            for row in _rows(found[0], self.subject_id):
                self._keep_row(row, found)

    def _keep_row(self, row: Any, entries: list[PersonalField]) -> None:
        rule = entries[0].keeping
        assert rule is not None
        until = keeping.until(rule.rule_id, since=row.since_ or self.at, at=self.at)
        if (rule.owed and row.owed_ is None) or until <= self.at:
            self._not_kept(row, entries)
            return
        names = [one.name for one in entries if columns.is_sealed(one.column)]
        files = [one for one in entries if _is_file(one)]
        if names or files:
            version = self.shelf.version(rule.rule_id, until, at=self.at)
            keeping.keep_cells(row, names, to_version=version)
            for one in files:
                file_id = keeping.keep_file(getattr(row, one.name), to_version=version)
                self.tally.kept_files.add(file_id)
        for one in entries:
            self.tally.kept[(rule.rule_id, until, one.column)] += 1

    def _not_kept(self, row: Any, entries: list[PersonalField]) -> None:
        """No duty arose, or it has ended: sealed cells go with the key, plain ones now."""
        for one in entries:
            self._gone(one, 1)
            if not columns.is_sealed(one.column) and not columns.field_of(one.column).is_relation:
                blank(one, type(row)._base_manager.filter(pk=row.pk))

    def _gone(self, entry: PersonalField, rows: int) -> None:
        if rows:
            how = AtErasure.SHRED if entry.erasure is AtErasure.KEEP else entry.erasure
            self.tally.gone[(entry.column, str(how))] += rows


def _delete_or_keep_a_stump(rows: models.QuerySet[Any]) -> bool:
    """Delete the rows; True when something that stays refers to them, and nothing was deleted."""
    try:
        with transaction.atomic():
            rows.delete()
    except models.ProtectedError:
        return True
    return False


def blank(entry: PersonalField, rows: models.QuerySet[Any]) -> int:
    """Write nothing into a plain column; gives how many rows had something there."""
    column = columns.field_of(entry.column)
    empty = None if column.null else column.get_default()
    if isinstance(column, models.CharField | models.TextField):
        empty = ""
    filled = (
        rows.exclude(**{column.name: empty})
        if empty is not None
        else rows.exclude(**{f"{column.name}__isnull": True})
    )
    return filled.update(**{column.name: empty})


def _models() -> Iterable[tuple[str, list[PersonalField]]]:
    """Every model of the inventory, from the last line of the highest room to the first of the lowest."""
    return list(reversed(inventory.by_model().items()))


def _rows_key(entry: PersonalField) -> tuple[str, str, str, str]:
    rule = entry.keeping or Keeping("", "")
    return entry.subject, rule.rule_id, rule.since, rule.owed


def _rows(entry: PersonalField, subject_id: UUID) -> Iterable[Any]:
    """Locked in the order of their keys, with the instants that the rule counts from."""
    rule = entry.keeping
    assert rule is not None
    rows = inventory.rows_holding(entry, subject_id).annotate(
        since_=F(rule.since), owed_=F(rule.owed or "pk")
    )
    rows = rows.order_by("pk")
    # What is only ever added to can't change meanwhile, and the site's role may not lock it.
    if not getattr(rows.model, "append_only", False):
        rows = rows.select_for_update(of=("self",), no_key=True)
    chunks: Iterable[Any] = rows.iterator(chunk_size=CHUNK)
    return chunks


def _is_file(entry: PersonalField) -> bool:
    column = columns.field_of(entry.column)
    return bool(column.is_relation and column.related_model is apps.get_model("privacy", "StoredFile"))
