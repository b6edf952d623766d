"""What the two serving roles, the site's and the merchants' portal's, may do; the owner has the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from config import policies
from config.portal_rights import RIGHTS
from privacy.resealing import sealed_columns
from web.tenancy import ROLE

FORBIDDEN = "UPDATE, DELETE, TRUNCATE"


class Command(BaseCommand):
    help = "Grant the app and portal roles their rights on every table (run as the owner after migrating)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--role", action="append", dest="roles", help=f"default: anxin_app and {ROLE}")

    def handle(self, *args: Any, **options: Any) -> None:
        roles = options["roles"] or ["anxin_app", ROLE]
        with transaction.atomic():
            for role in roles:
                grant(role)


def grant(role: str) -> None:
    """Read and write, but no schema changes and no rewriting of what is only ever added to.

    The portal gets the few tables of config/portal_rights.py, and of those its shop's rows.
    """
    there = set(connection.introspection.table_names())
    own = _portal(there) if role == ROLE else _site(there)
    statements = [
        *_entry(role),
        *(statement.format(role=connection.ops.quote_name(role)) for statement in own),
        *policies.functions(),
        *policies.for_role(role, there=there, narrow=role == ROLE),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _entry(role: str) -> Iterable[str]:
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}",
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
    ]


def _site(there: set[str]) -> Iterable[str]:
    return [
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, {FORBIDDEN} ON django_migrations FROM {{role}}",
        *(f'REVOKE {FORBIDDEN} ON "{table}" FROM {{role}}' for table in append_only(there)),
        *(f"GRANT UPDATE ({columns}) ON {table} TO {{role}}" for table, columns in resealable()),
    ]


def _portal(there: set[str]) -> Iterable[str]:
    granted = sorted((table, rights) for table, rights in RIGHTS.items() if table in there)
    return [f'GRANT {rights} ON "{table}" TO {{role}}' for table, rights in granted]


def append_only(there: set[str] | None = None) -> list[str]:
    """Tables of the models that say `append_only = True`."""
    there = set(connection.introspection.table_names()) if there is None else there
    named = {model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)}
    return sorted(named & there)


def resealable() -> list[tuple[str, str]]:
    """Append-only tables and their sealed columns, which may be sealed anew (a trigger refuses all else)."""
    quote = connection.ops.quote_name
    there = set(append_only())
    found: dict[str, list[str]] = {}
    for model, field in sealed_columns():
        if model._meta.db_table in there:
            found.setdefault(quote(model._meta.db_table), []).append(quote(str(field.column)))
    return [(table, ", ".join(columns)) for table, columns in found.items()]
