"""New versions of a category's schema: begun and proposed by one person, put in force by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import schema_editing
from catalog.events import SchemaInForce
from catalog.models import Category, CategorySchema, SchemaChange
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from law.disclosures import required_fields
from outbox import bus
from rulebook import current, policies

SOLD_IN = "CN"
GRACE = "catalog.schema_grace_least"


class ChangeRuns(DomainError):
    code = "schema_change_runs"
    message = N_("A change of this category is being worked on already. Open that one.")


class ChangeDecided(DomainError):
    code = "schema_change_decided"
    message = N_("This change was proposed or decided already, so it can't be changed now.")


class SamePersonDecides(DomainError):
    code = "schema_change_same_person"
    message = N_("Somebody else must decide on what you have written.")


class SchemaMoved(DomainError):
    code = "schema_moved"
    message = N_("The category has another version by now. Refuse this change and begin a new one.")


class NothingProposed(Invalid):
    code = "schema_change_empty"
    message = N_("Nothing differs from the version in force, or the reason is missing.")


class GraceTooShort(Invalid):
    code = "schema_grace_too_short"
    message = N_("Shops need at least %(least)s days to complete what they sell.")


@transaction.atomic
def begin(*, category: str, actor: Actor, at: datetime) -> SchemaChange:
    """A draft of the next version, a copy of the one in force.

    :raises ChangeRuns: :raises NotFound:
    """
    row = Category.objects.select_for_update().filter(pk=category).first()
    if row is None:
        raise NotFound
    if SchemaChange.objects.filter(category=row, state__in=["draft", "proposed"]).exists():
        raise ChangeRuns
    return SchemaChange.objects.create(
        category=row, from_version=row.schema_version, schema=row.schema, begun_by=_who(actor), begun_at=at
    )


@transaction.atomic
def put_field(*, change_id: UUID, field: Mapping[str, Any], actor: Actor, at: datetime) -> SchemaChange:
    """Add a field or put it in the place of the one with its key.

    :raises FieldUnusable: :raises ChangeDecided:
    """
    change = _locked(change_id, "draft")
    return _written(change, schema_editing.with_field(change.schema, field), at)


@transaction.atomic
def drop_field(*, change_id: UUID, key: str, actor: Actor, at: datetime) -> SchemaChange:
    """:raises FieldUnusable: the law asks for it, or another field hangs on it"""
    change = _locked(change_id, "draft")
    return _written(change, schema_editing.without_field(change.schema, key), at)


@transaction.atomic
def propose(*, change_id: UUID, reason: str, grace_days: int, actor: Actor, at: datetime) -> SchemaChange:
    """Hand it to a second person; from here on it doesn't change.

    :raises NothingProposed: :raises GraceTooShort: :raises ChangeDecided:
    """
    change, least = _locked(change_id, "draft"), policies.number(GRACE, at)
    if not reason.strip() or change.schema == change.category.schema:
        raise NothingProposed
    if grace_days < least:
        raise GraceTooShort(least=least)
    change.state, change.reason, change.grace_days = "proposed", reason.strip(), grace_days
    change.save(update_fields=["state", "reason", "grace_days"])
    return change


@transaction.atomic
def confirm(*, change_id: UUID, actor: Actor, at: datetime) -> SchemaChange:
    """Put it in force for every new publication; what is on sale has the time of grace.

    :raises SamePersonDecides: :raises SchemaMoved: :raises ChangeDecided:
    """
    change = _decided(change_id, "in_force", actor, at)
    category = Category.objects.select_for_update().get(pk=change.category_id)
    if category.schema_version != change.from_version:
        raise SchemaMoved
    newest = CategorySchema.objects.filter(category=category).order_by("-version").first()
    change.version = (newest.version if newest else change.from_version) + 1
    schema = {**change.schema, "schema_version": change.version}
    CategorySchema.objects.create(
        category=category, version=change.version, schema=schema, loaded_at=at, by_staff=True
    )
    category.schema, category.schema_version = schema, change.version
    category.save(update_fields=["schema", "schema_version"])
    change.save(update_fields=["state", "decided_by", "decided_at", "version"])
    bus.publish(SchemaInForce(change.pk, category.pk, change.version), at=at)
    return change


@transaction.atomic
def refuse(*, change_id: UUID, actor: Actor, at: datetime) -> SchemaChange:
    """:raises SamePersonDecides: :raises ChangeDecided:"""
    change = _decided(change_id, "refused", actor, at)
    change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


def _decided(change_id: UUID, state: str, actor: Actor, at: datetime) -> SchemaChange:
    change = _locked(change_id, "proposed")
    if _who(actor) == change.begun_by:
        raise SamePersonDecides
    change.state, change.decided_by, change.decided_at = state, _who(actor), at
    return change


def _written(change: SchemaChange, schema: dict[str, Any], at: datetime) -> SchemaChange:
    pack = current.pack(SOLD_IN, at)
    by_law = {each.field for each in required_fields(pack, change.category_id)}
    schema_editing.check(schema, duties=set(pack.by_id), by_law=by_law)
    change.schema = schema
    change.save(update_fields=["schema"])
    return change


def _locked(change_id: UUID, state: str) -> SchemaChange:
    rows = SchemaChange.objects.select_related("category").select_for_update(of=("self",))
    change = rows.filter(pk=change_id).first()
    if change is None:
        raise NotFound
    if change.state != state:
        raise ChangeDecided
    return change


def _who(actor: Actor) -> UUID:
    """:raises NotFound: for anybody but staff"""
    if not actor.is_staff or actor.subject_id is None:
        raise NotFound
    return actor.subject_id
