"""Whom an incident concerns, asked of the inventory: columns, time, shop, reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Model, QuerySet

from kernel.errors import N_, Invalid
from privacy import inventory
from privacy.models import AccessRecord

LOOKUPS = ("endswith", "contains", "startswith", "iexact")


class ScopeUnclear(Invalid):
    code = "privacy_scope_unclear"
    message = N_("Say which columns or which reader: nobody can be told that everything was concerned.")


class ColumnNotCounted(Invalid):
    code = "privacy_column_not_counted"
    message = N_("“%(column)s” is no column of the inventory, or its rows don't lead to a person.")


@dataclass(frozen=True, slots=True)
class ScopeQuery:
    """`columns` like "orders.Order.recipient"; rows written in [since, until); `seen_by` an actor's text."""

    columns: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    merchant_id: UUID | None = None
    seen_by: str = ""

    def stored(self) -> dict[str, Any]:
        return {
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "merchant": str(self.merchant_id or ""),
            "seen_by": self.seen_by,
        }


def subjects_of(query: ScopeQuery) -> set[UUID]:
    """:raises ScopeUnclear: ColumnNotCounted"""
    if not query.columns and not query.seen_by:
        raise ScopeUnclear()
    found: set[UUID] = set(_seen(query)) if query.seen_by else set()
    for column in query.columns:
        found |= set(_holders(column, query))
    return found


def _seen(query: ScopeQuery) -> Iterator[UUID]:
    """Whose data the actor looked at, by the access record."""
    lines = AccessRecord.objects.filter(actor=query.seen_by)
    yield from _in_time(lines, "at", query).values_list("subject_id", flat=True).distinct()


def _holders(column: str, query: ScopeQuery) -> Iterator[UUID]:
    try:
        entry = inventory.of_column(column)
    except inventory.ColumnUnknown:
        raise ColumnNotCounted(column=column) from None
    if entry.subject.rpartition("__")[2] in LOOKUPS:
        raise ColumnNotCounted(column=column)
    model = apps.get_model(entry.model)
    rows = _in_time(model._base_manager.all(), _instant_of(model), query)
    if query.merchant_id is not None:
        rows = rows.filter(**{_merchant_path(model, column): query.merchant_id})
    for subject_id in rows.values_list(entry.subject, flat=True).distinct():
        if isinstance(subject_id, UUID):
            yield subject_id


def _in_time(rows: QuerySet[Any], instant: str, query: ScopeQuery) -> QuerySet[Any]:
    bounds: Mapping[str, datetime | None] = {f"{instant}__gte": query.since, f"{instant}__lt": query.until}
    # A table without an instant of its own can't be narrowed: everybody in it counts.
    return rows.filter(**{name: value for name, value in bounds.items() if value is not None and instant})


def _instant_of(model: type[Model]) -> str:
    """The first instant that every row has: when it was written."""
    instants = (f.name for f in model._meta.concrete_fields if isinstance(f, DateTimeField) and not f.null)
    return next(instants, "")


def _merchant_path(model: type[Model], column: str) -> str:
    for path in ("merchant_id", "order__merchant_id", "return_order__merchant_id"):
        try:
            model._meta.get_field(path.partition("__")[0].removesuffix("_id"))
        except FieldDoesNotExist:
            continue
        return path
    raise ColumnNotCounted(column=column)
