"""What the two serving roles, the site's and the merchants' portal's, may do; the owner has the rest."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from privacy.resealing import sealed_columns

FORBIDDEN = "UPDATE, DELETE, TRUNCATE"


class Command(BaseCommand):
    help = "Grant the app and portal roles their rights on every table (run as the owner after migrating)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--role", action="append", dest="roles", help="default: anxin_app and anxin_portal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        roles = options["roles"] or ["anxin_app", "anxin_portal"]
        with transaction.atomic():
            for role in roles:
                grant(role)


def grant(role: str) -> None:
    """Read and write, but no schema changes and no rewriting of what is only ever added to."""
    name = connection.ops.quote_name(role)
    database = connection.ops.quote_name(str(connection.settings_dict["NAME"]))
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {name}",
        f"GRANT CONNECT ON DATABASE {database} TO {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
        f"REVOKE INSERT, {FORBIDDEN} ON django_migrations FROM {name}",
        *(f"REVOKE {FORBIDDEN} ON {connection.ops.quote_name(table)} FROM {name}" for table in append_only()),
        *(
            f"GRANT UPDATE ({columns}) ON {table} TO {name}"
            for table, columns in resealable()
            if role != "anxin_portal"
        ),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def append_only() -> list[str]:
    """Tables of the models that say `append_only = True`."""
    there = set(connection.introspection.table_names())
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
