"""What is left of a person: every table, file, cache entry and letter, and why each trace may stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, models

from privacy import columns, inventory, traces
from privacy.classification import AtErasure, PersonalField
from privacy.fields import Sealed
from privacy.keyring import KeyDestroyed, KeyRestricted
from privacy.models import KeyUse, StoredFile, Subject, SubjectKey
from privacy.sealing import SealBroken

# A word shorter than this turns up everywhere by chance.
SHORTEST = 4
# Keys are told apart by their use; a path is a number, and what counts are the bytes behind it.
LOOKED_AT_BY_THEMSELVES = {
    "privacy.SubjectKey.wrapped",
    "privacy.StoredFile.path",
    "privacy.StoredFile.shown_path",
}


@dataclass(frozen=True, slots=True)
class Residue:
    """One kind of trace; `explained` says that it may stay, `why` on what ground."""

    where: str
    what: str
    rows: int
    explained: bool
    why: str


@dataclass(slots=True)
class Scan:
    """A scan and what it found."""

    subject_id: UUID
    erased: bool
    residues: list[Residue] = field(default_factory=list)
    looked_at: dict[str, int] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def add(self, where: str, what: str, rows: int, why: str, *, explained: bool) -> None:
        if rows:
            self.residues.append(Residue(where, what, rows, explained, why))

    @property
    def clean(self) -> bool:
        return all(each.explained for each in self.residues)

    def as_json(self) -> dict[str, Any]:
        return {
            "subject": str(self.subject_id),
            "erased": self.erased,
            "clean": self.clean,
            "looked_at": self.looked_at,
            "residues": [asdict(each) for each in self.residues],
        }


def scan(subject_id: UUID, *, known: Iterable[str] = ()) -> Scan:
    """Look everywhere; `known` are words of the person noted down before their keys went.

    :raises Subject.DoesNotExist: there never was such a subject
    """
    subject = Subject.objects.get(pk=subject_id)
    found = Scan(subject_id, erased=subject.erased_at is not None)
    found.known = {word.strip() for word in known if len(word.strip()) >= SHORTEST}
    for entry in inventory.fields():
        if entry.column not in LOOKED_AT_BY_THEMSELVES:
            _column(found, entry)
    _keys(found)
    _files(found)
    _mentions(found)
    for where, number, hits in traces.outside(subject_id, sorted(found.known)):
        found.looked_at[where] = number
        found.add(where, "the person's id or words", hits, "", explained=False)
    return found


def _column(found: Scan, entry: PersonalField) -> None:
    """One classified column over the person's own rows."""
    rows = inventory.rows_holding(entry, found.subject_id)
    held = columns.field_of(entry.column)
    number = readable = kept = 0
    for row in rows.iterator(chunk_size=500):
        number += 1
        state, words = _state(row, held)
        readable, kept = readable + (state == "readable"), kept + (state == "kept")
        if words:
            found.known.add(words)
    found.looked_at["columns"] = found.looked_at.get("columns", 0) + 1
    found.looked_at["cells"] = found.looked_at.get("cells", 0) + number
    rule = entry.keeping.rule_id if entry.keeping else ""
    found.add(entry.column, "sealed under a restricted key", kept, rule, explained=bool(rule))
    found.add(
        entry.column, "readable", readable, _reason(found, entry, rule), explained=_may_stay(entry, held)
    )


def _state(row: models.Model, held: models.Field[Any, Any]) -> tuple[str, str]:
    """("readable" | "kept" | "gone", the words that were read)."""
    stored = row.__dict__.get(held.attname)
    if stored in (None, "", b"", [], {}):
        return "gone", ""
    if not isinstance(stored, Sealed):
        return "readable", ""
    try:
        words = str(getattr(row, held.attname))
    except KeyRestricted:
        return "kept", ""
    except (KeyDestroyed, SealBroken):
        return "gone", ""
    return "readable" if words else "gone", words if len(words) >= SHORTEST else ""


def _may_stay(entry: PersonalField, held: models.Field[Any, Any]) -> bool:
    """Pseudonyms with a reason, and unsealed columns that a rule has us keep."""
    if entry.erasure is AtErasure.STAYS:
        return True
    return entry.erasure is AtErasure.KEEP and bool(entry.why) and not columns.is_sealed(entry.column)


def _reason(found: Scan, entry: PersonalField, rule: str) -> str:
    if entry.erasure is AtErasure.STAYS or (rule and entry.why):
        return f"{rule}: {entry.why}" if rule else entry.why
    return "" if found.erased else "the person has not been erased"


def _keys(found: Scan) -> None:
    live = SubjectKey.objects.filter(subject_id=found.subject_id, destroyed_at__isnull=True)
    found.add("privacy.SubjectKey", "live keys", live.exclude(use=KeyUse.KEPT).count(), "", explained=False)
    for key in live.filter(use=KeyUse.KEPT):
        why = f"{key.keep_rule_id}, until {key.destroy_after}"
        found.add("privacy.SubjectKey", "a restricted key", 1, why, explained=True)


def _files(found: Scan) -> None:
    """Bytes that still lie in the store, whatever the column says."""
    restricted = set(
        SubjectKey.objects.filter(
            subject_id=found.subject_id, use=KeyUse.KEPT, destroyed_at__isnull=True
        ).values_list("version", flat=True)
    )
    for stored in StoredFile.objects.filter(subject_id=found.subject_id):
        paths = [path for path in (stored.path, stored.shown_path) if path and default_storage.exists(path)]
        found.looked_at["files"] = found.looked_at.get("files", 0) + len(paths)
        why = "kept under a restricted key" if restricted else ""
        found.add(f"file {stored.pk}", "sealed bytes", len(paths), why, explained=bool(why))


def _mentions(found: Scan) -> None:
    """Rows of every table that name the person's id outside of what is classified, or hold their words."""
    explained = {entry.model for entry in inventory.fields()}
    for table, label in _tables():
        found.looked_at["tables"] = found.looked_at.get("tables", 0) + 1
        hits = _rows_with(table, [str(found.subject_id), found.subject_id.hex])
        if label not in explained:
            found.add(
                table, "the person's id", hits, _REFERENCE.get(label, ""), explained=label in _REFERENCE
            )
        words = _rows_with(table, sorted(found.known)) if found.known else 0
        found.add(table, "the person's words in plain", words, "", explained=False)


_FACT = "ids in a fact that was handed on; swept with the outbox's history"
_REFERENCE = {
    "outbox.Message": _FACT,
    "deadlines.Deadline": "the id as a deadline's reference",
    "notifications.Delivery": "the id of a letter",
}


def _tables() -> Iterator[tuple[str, str]]:
    """Every table of the database, also those of no model, with its model's label."""
    labels = {model._meta.db_table: model._meta.label for model in columns.models_of_all_tables()}
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    for name in sorted(names):
        yield name, labels.get(name, "")


def _rows_with(table: str, words: Sequence[str]) -> int:
    """Rows whose text holds one of the words; sealed cells show as hex and hold none."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {name} t"
            " WHERE EXISTS (SELECT 1 FROM unnest(%s::text[]) word WHERE strpos(t::text, word) > 0)",
            [list(words)],
        )
        return int(cursor.fetchone()[0])
