"""What a copy holds: table by table, the person's own rows and columns, read in chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from privacy import columns, inventory
from privacy.classification import PersonalField
from privacy.models import FileState, StoredFile

CHUNK = 200
# Keys, digests and passes: they open something or find somebody, and tell the person nothing.
HIDDEN = frozenset(
    {
        "privacy.SubjectKey.wrapped",
        "privacy.StoredFile.path",
        "privacy.StoredFile.shown_path",
        "privacy.Request.token",
        "notifications.Addressee.email_index",
        "notifications.Addressee.phone_index",
        "accounts.User.pseudonym",
        "accounts.User.password",
        "account.EmailAddress.email",
        "account.EmailConfirmation.key",
        "mfa.Authenticator.data",
        "sessions.Session.session_key",
        "sessions.Session.session_data",
        "web.IdempotencyKey.scope",
    }
)
# What the worker writes for the person is no part of what is held about them.
PURPOSE = "privacy.copy"


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table in which these columns are about the person; other columns tell what it was."""

    label: str
    entries: tuple[PersonalField, ...]
    context: tuple[str, ...]

    @property
    def name(self) -> str:
        """Unique in a copy: a table appears once for each way in which it is about somebody."""
        return self.label if self.entries[0].subject == "subject_id" else f"{self.label}:{self.via}"

    @property
    def via(self) -> str:
        return self.entries[0].subject.removesuffix("__endswith").removesuffix("_id")

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.context, *(columns.field_of(one.column).name for one in self.entries))

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)


def parts() -> list[Part]:
    """Every table of the inventory that has something to show, in the order of purposes."""
    found = []
    for label, entries in inventory.by_model().items():
        personal = {columns.field_of(one.column).name for one in entries}
        context = tuple(
            one.name
            for one in apps.get_model(label)._meta.local_concrete_fields
            if one.name not in personal and not isinstance(one, models.BinaryField)
        )
        shown = sorted((one for one in entries if one.column not in HIDDEN), key=lambda one: one.subject)
        for _, group in groupby(shown, key=lambda one: one.subject):
            found.append(Part(label, tuple(group), context))
    return sorted(found, key=lambda one: (one.entries[0].purpose, one.name))


def rows(part: Part, everybody: Sequence[UUID]) -> Iterator[list[Any]]:
    """The values of `part.names`, row by row, as plain JSON; two chunks at most stand in memory."""
    names = [columns.field_of(f"{part.label}.{name}").attname for name in part.names]
    for one in everybody:
        found = inventory.rows_holding(part.entries[0], one).order_by("pk")
        for row in found.iterator(chunk_size=CHUNK):
            yield [plain(getattr(row, name)) for name in names]


def files(everybody: Sequence[UUID]) -> Iterator[StoredFile]:
    """The person's own files that were examined; copies made before aren't copied again."""
    clean = StoredFile.objects.filter(subject_id__in=everybody, state=FileState.CLEAN)
    yield from clean.exclude(purpose=PURPOSE).order_by("pk").iterator(chunk_size=CHUNK)


def plain(value: Any) -> Any:
    """A value as JSON has it; instants in UTC, keys as texts."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case list() | tuple() | set():
            return [plain(one) for one in value]
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
    return str(value)
