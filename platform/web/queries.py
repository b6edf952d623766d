"""Rows of `web`: claiming a key waits for whoever holds it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, models

from kernel.ids import new_id

if TYPE_CHECKING:
    from web.models import IdempotencyKey, SecurityCount


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def claim(self, *, scope: str, key: str, fingerprint: str, at: datetime) -> IdempotencyKey:
        """The locked row for this key, made if new. A twin request waits here until the first ends."""
        row = self.model(scope=scope, key=key, fingerprint=fingerprint, created_at=at)
        names = [field.attname for field in self.model._meta.concrete_fields]
        columns = ", ".join(f'"{name}"' for name in names)
        places = ", ".join(["%s"] * len(names))
        with connection.cursor() as cursor:
            # Written anew with what stands there: so the row is locked and told whoever made it.
            cursor.execute(
                f"INSERT INTO web_idempotencykey ({columns}) VALUES ({places})"
                f" ON CONFLICT (scope, key) DO UPDATE SET scope = EXCLUDED.scope RETURNING {columns}",
                [getattr(row, name) for name in names],
            )
            return self.model.from_db(self.db, names, cursor.fetchone())

    def older_than(self, moment: datetime) -> IdempotencyKeyQuerySet:
        return self.filter(created_at__lt=moment)


class SecurityCountQuerySet(models.QuerySet["SecurityCount"]):
    def add(self, counts: Mapping[tuple[datetime, str, str], int]) -> int:
        """Add to the hours' numbers in one statement; keys are (hour, what, route)."""
        # One order for everybody, or two processes wait for each other.
        rows = [(str(new_id()), *key, number) for key, number in sorted(counts.items())]
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO web_securitycount AS held (id, hour, what, route, number) VALUES {places}"
                " ON CONFLICT (hour, what, route) DO UPDATE SET number = held.number + EXCLUDED.number",
                [value for row in rows for value in row],
            )
            return int(cursor.rowcount)

    def by_kind(self, *, since: datetime, until: datetime) -> dict[str, int]:
        """Sums by `what` over hours in [since, until)."""
        found = self.filter(hour__gte=since, hour__lt=until).values("what").annotate(n=models.Sum("number"))
        return {row["what"]: row["n"] for row in found}

    def busiest(self, *, since: datetime, most: int) -> list[SecurityCount]:
        return list(self.filter(hour__gte=since).order_by("-number", "what", "route")[:most])
