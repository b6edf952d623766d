"""The inventory as plain data: every column about people with its class, ground, readers, fate and rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps

from privacy import columns, inventory
from privacy.classification import PURPOSE_WORDS, Keeping, PersonalField
from rulebook import current

LANGUAGE = "en"
# How the packs write units of time, as a reader says them.
UNITS = {"y": "year", "mo": "month", "d": "day", "wd": "working day", "h": "hour", "min": "minute"}


def listing(*, at: datetime) -> dict[str, Any]:
    """Every entry, table by table, with counts; the rows of one table are counted once."""
    counts = {label: apps.get_model(label)._base_manager.count() for label in inventory.by_model()}
    entries = [_entry(each, counts[each.model], at=at) for each in inventory.fields()]
    silent = [
        {"column": column, "why": inventory.why_not_personal(column)}
        for column, field in columns.all_columns()
        if columns.can_speak(field) and inventory.why_not_personal(column)
    ]
    return {
        "entries": entries,
        "not_personal": silent,
        "unclassified": columns.unclassified(),
        "counts": {
            "columns": len(entries),
            "sealed": sum(1 for each in entries if each["sealed"]),
            "tables": len(counts),
            "not_personal": len(silent),
        },
    }


def _entry(entry: PersonalField, rows: int, *, at: datetime) -> dict[str, Any]:
    return {
        "column": entry.column,
        "table": apps.get_model(entry.model)._meta.db_table,
        "words": inventory.words_of(entry.column),
        "sealed": columns.is_sealed(entry.column),
        "class": str(entry.sensitivity),
        "purpose": str(entry.purpose),
        "purpose_words": PURPOSE_WORDS[entry.purpose],
        "basis": str(entry.basis),
        "seen_by": [str(who) for who in entry.seen_by],
        "erasure": str(entry.erasure),
        "keeping": _keeping(entry.keeping, at=at) if entry.keeping else None,
        "why": entry.why,
        "found_by": entry.subject,
        "rows": rows,
    }


def _keeping(keeping: Keeping, *, at: datetime) -> dict[str, Any]:
    """The rule as the pack in force has it: its length and its sentence."""
    found = current.rules_by_id(keeping.rule_id, at)
    rule = found[1][-1] if found else None
    length = rule.length if rule else None
    unit = UNITS.get(str(length.unit), str(length.unit)) if length else ""
    return {
        "rule": keeping.rule_id,
        "since": keeping.since,
        "owed": keeping.owed,
        "length": f"{length.n} {unit}{'' if length.n == 1 else 's'}" if length else "",
        "sentence": rule.sentence[LANGUAGE] if rule else "",
        "pack": found[0].version if found else "",
    }
