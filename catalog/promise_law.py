"""What already holds without a promise, by law or for every shop here: a promise must be better than that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from catalog.promises import Promise, promise
from kernel.errors import N_, Invalid
from law.counting import Unit
from rulebook import current, policies

HOME = current.HOME
# Family → the platform's own clock that holds for every shop.
CLOCKS = {
    "dispatch_hours": "silence.order_dispatch",
    "answer_hours": "silence.return_answer",
    "refund_hours": "silence.return_inspection",
}
_HOURS = {Unit.HOURS: 1, Unit.DAYS: 24}


class NotAboveTheLaw(Invalid):
    """`rule_id` names what holds already."""

    code = "promise_not_above_the_law"
    message = N_("That holds without a promise (%(rule)s). A promise has to be better for the buyer.")


@dataclass(frozen=True, slots=True)
class Floor:
    """What holds already, in the promise's own measure, and the rule that says so."""

    measure: int
    rule_id: str


def floor(made: Promise, *, category: str = "", at: datetime) -> Floor | None:
    """None where the law leaves it to the shop, or takes goods of `category` out of the right altogether."""
    if made.family == "return_days":
        return _return_floor(category, at)
    if made.family not in CLOCKS:
        return None
    row = policies.row(CLOCKS[made.family], at)
    length = row.value["length"]
    return Floor(length["n"] * _HOURS[Unit(length["unit"])], row.rule_id)


def _return_floor(category: str, at: datetime) -> Floor | None:
    pack = current.pack(HOME, at)
    rule = pack.rule(pack.role("return_window"), at)
    if rule.length is None or any(category and category in each.presumed for each in rule.exemptions):
        return None
    return Floor(rule.length.n, rule.id)


def require_above(made: Promise, *, categories: Iterable[str], at: datetime) -> None:
    """:raises NotAboveTheLaw: for the first category in which it says no more than holds anyway"""
    for category in list(categories) or [""]:
        least = floor(made, category=category, at=at)
        if least is not None and not made.beats(Promise("", {}, {made.family: least.measure})):
            raise NotAboveTheLaw(field="key", rule=least.rule_id)


def require_returns_above(keys: Iterable[str], *, category: str, at: datetime) -> None:
    """An offer's own promises: days that the law gives anyway may not be called a promise.

    A time to send may be longer than the default: it tells how long making it takes.

    :raises NotAboveTheLaw:
    """
    for made in filter(None, map(promise, keys)):
        if made.family == "return_days":
            require_above(made, categories=[category], at=at)
