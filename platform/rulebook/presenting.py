"""Rights as the inputs of components/right_slip.html."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from law.rights import Right
from rulebook import queries, wording


def slip(rights: Iterable[Right], *, at: datetime, past: datetime | None = None) -> list[dict[str, Any]]:
    """One dict per right; `at` is the time whose law is cited (the order's), `past` the reader's now.

    With `past` a right whose window has ended is shown as expired.
    """
    return [_cell(right, at=at, now=past) for right in rights]


def _cell(right: Right, *, at: datetime, now: datetime | None) -> dict[str, Any]:
    cited = queries.citation(right.rule_id, wording.locale(), at=at)
    source = {**cited.as_law, "name": wording.say(right.source)}
    return {
        "name": wording.name(right),
        "kind": str(right.stamp),
        "what": wording.say(right.can_do),
        "until": wording.say(right.until) if right.applies else "",
        "cost": wording.say(right.cost) if right.applies else "",
        "source": source,
        "state": _state(right, now),
        "why": wording.say(right.why_not) if right.why_not else "",
    }


def _state(right: Right, now: datetime | None) -> str:
    if not right.applies:
        return "not_applicable"
    if now is not None and right.window is not None and right.window.is_late(now):
        return "expired"
    return "available"
