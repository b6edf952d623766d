"""Which columns of the database can hold words about a person, and which of them nobody has classified."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models

from privacy import inventory
from privacy.classification import PersonalField
from privacy.fields import EncryptedTextField

# Numbers, instants and keys say nothing by themselves; any other kind of column may, also one made by a
# library that is added later.
SILENT = (
    models.AutoField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.DurationField,
    models.UUIDField,
    models.DecimalField,
    models.FloatField,
    models.ForeignKey,
)


def all_columns() -> Iterator[tuple[str, models.Field[Any, Any]]]:
    """("app.Model.field", field) of every table, those of libraries and of links between tables too."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            yield f"{model._meta.label}.{field.name}", field


def models_of_all_tables() -> list[type[models.Model]]:
    """Those of libraries and of links between tables too."""
    return list(apps.get_models(include_auto_created=True))


def can_speak(field: models.Field[Any, Any]) -> bool:
    """Whether words can stand in the column; a list of choices leaves no room for any."""
    return not (isinstance(field, SILENT) or field.choices)


def is_sealed(column: str) -> bool:
    return isinstance(field_of(column), EncryptedTextField)


def field_of(column: str) -> models.Field[Any, Any]:
    """:raises LookupError, FieldDoesNotExist: when "app.Model.field" (or its attribute) names nothing"""
    label, _, name = column.rpartition(".")
    model = apps.get_model(label)
    fields: list[models.Field[Any, Any]] = list(model._meta.local_concrete_fields)
    for field in fields:
        if name in (field.name, field.attname):
            return field
    raise FieldDoesNotExist(column)


def unclassified() -> list[str]:
    """Columns that can hold words and of which no room has said what they hold."""
    said = {_canonical(entry) for entry in inventory.fields() if _exists(entry.column)}
    return [
        column
        for column, field in all_columns()
        if can_speak(field) and column not in said and not inventory.why_not_personal(column)
    ]


def unfounded() -> list[str]:
    """Lines of the inventory that name no column, or whose look-up to the person leads nowhere."""
    known = {column for column, _ in all_columns()}
    shapes = known | {f"{column.split('.')[0]}.*.{column.split('.')[2]}" for column in known}
    wrong = [entry.column for entry in inventory.fields() if not _exists(entry.column) or not leads(entry)]
    return wrong + [key for room in inventory.rooms() for key in room.not_personal if key not in shapes]


def leads(entry: PersonalField) -> bool:
    """Whether the look-up to the person and that to the keeping instant can be followed."""
    model = apps.get_model(entry.model)
    instants = [entry.keeping.since, entry.keeping.owed] if entry.keeping else []
    try:
        for lookup in filter(None, [entry.subject, *instants]):
            model._base_manager.filter(**{f"{lookup}__isnull" if lookup in instants else lookup: None})
    except FieldError:
        return False
    except ValueError:
        return True
    return True


def _exists(column: str) -> bool:
    try:
        field_of(column)
    except (LookupError, FieldDoesNotExist):
        return False
    return True


def _canonical(entry: PersonalField) -> str:
    return f"{entry.model}.{field_of(entry.column).name}"
