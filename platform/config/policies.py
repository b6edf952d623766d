"""What the portal's role sees: row policies written from what the models declare, and the rooms below them.

A model says `tenant = "merchant"` (its own column) or names the parent through which it belongs to a shop;
then the parent's own policy decides, row by row over its primary key.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import ForeignKey

from config.portal_rights import SHARED
from web.tenancy import MERCHANT, PERSON

POLICY = "anxin_portal_sees_its_shop"
OPEN = "anxin_app_sees_all"
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
# Read once a statement (a sub-select without a row of its own); garbage and nothing are nobody, and so is
# the empty id, under which the platform's own parts of payments stand.
SHOP, SOMEBODY = "(SELECT anxin_shop())", "(SELECT anxin_person())"


def functions() -> list[str]:
    """Who is set for this transaction; plain functions with the caller's rights."""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$"
        f" SELECT CASE WHEN current_setting('{setting}', true) ~ '{_UUID}'"
        f" THEN nullif(current_setting('{setting}', true)::uuid, '{UUID(int=0)}') END $$"
        for name, setting in (("anxin_shop", MERCHANT), ("anxin_person", PERSON))
    ]


def conditions() -> dict[str, str]:
    """Table → the condition under which the portal sees and writes a row."""
    own = {
        model._meta.db_table: _condition(model, model.tenant)
        for model in apps.get_models()
        if hasattr(model, "tenant")
    }
    return own | SHARED


def _condition(model: type[models.Model], path: str) -> str:
    table = model._meta.db_table
    field = model._meta.get_field(path)
    assert isinstance(field, models.Field)
    if isinstance(field, ForeignKey) and field.related_model._meta.label != "merchants.Merchant":
        parent = field.related_model._meta
        return (
            f'EXISTS (SELECT 1 FROM "{parent.db_table}" parent'
            f' WHERE parent."{parent.pk.column}" = "{table}"."{field.column}")'
        )
    return f'"{table}"."{field.column}" = {SHOP}'


def for_role(role: str, *, there: set[str], narrow: bool) -> Iterable[str]:
    """Statements that turn row security on; the portal's role gets the condition, every other all rows.

    Not forced on the owner: it migrates and makes backups, and no serving role owns a table.
    """
    for table, condition in sorted(conditions().items()):
        if table in there:
            name, seen = (POLICY, condition) if narrow else (OPEN, "true")
            yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
            yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
            yield f'CREATE POLICY {name} ON "{table}" TO "{role}" USING ({seen}) WITH CHECK ({seen})'
