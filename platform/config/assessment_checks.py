"""System check: processing that the law wants weighed, without an impact assessment in force (a warning).

It asks the database, so it runs where databases are checked: `migrate` and `check --database default`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import Tags, Warning, register
from django.db import DatabaseError

from kernel import clock
from privacy import assessments
from rulebook import policies

ID = "config.W001"


@register(Tags.database)
def what_the_law_wants_weighed_is_weighed(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[Warning]:
    """Nothing stops: the platform runs, and everybody who starts it reads what is missing."""
    if not databases:
        return []
    try:
        found = assessments.concerns(clock.now())
    except (DatabaseError, policies.PolicyUnknown):
        # Before the first migration there is nothing to weigh and nothing to ask.
        return []
    return [
        Warning(
            f"impact assessment “{one.kind}”: {'ends soon' if one.in_force else 'none is in force'}",
            hint="Two officers weigh and approve it in the staff pages: /admin/privacy/assessment/",
            id=ID,
        )
        for one in found
    ]
