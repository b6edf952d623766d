"""A rule's clock applied to a fact: until when, by which rule, from which inputs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypedDict

from law import counting
from law.calendars import Calendar
from law.errors import PlaceMismatch, RuleWithoutClock
from law.rules import Pack, Rule


class Booking(TypedDict):
    """What a deadline row keeps of a window."""

    due_at: datetime
    rule_id: str
    pack_version: str
    calendar_version: str
    provisional: bool
    inputs: dict[str, object]
    owner: str


@dataclass(frozen=True, slots=True)
class Window:
    """A period that ends: `due_at` is the first UTC instant too late, `last_day` the local day before.

    `inputs` holds what the answer was computed from, so that it can be checked years later.
    """

    rule_id: str
    last_day: date
    due_at: datetime
    provisional: bool
    pack_version: str
    calendar_version: str
    inputs: dict[str, object] = field(hash=False)
    owner: str = ""
    outcome: str = ""

    def is_late(self, at: datetime) -> bool:
        """Acting at `due_at` itself is too late, whether or not a sweep has passed."""
        return at >= self.due_at

    def as_booking(self) -> Booking:
        """The keywords that a deadline row keeps."""
        return {
            "due_at": self.due_at,
            "rule_id": self.rule_id,
            "pack_version": self.pack_version,
            "calendar_version": self.calendar_version,
            "provisional": self.provisional,
            "inputs": self.inputs,
            "owner": self.owner,
        }


def inputs_of(
    *, start: datetime, length: counting.Length, zone: str, trigger: str, first_day: bool, roll: bool
) -> dict[str, object]:
    """The inputs as plain JSON values, the instant in UTC."""
    return {
        "trigger": trigger,
        "start": counting.check_instant(start).isoformat(),
        "n": length.n,
        "unit": str(length.unit),
        "zone": zone,
        "first_day_counts": first_day,
        "roll": roll,
    }


def window(
    *, pack: Pack, calendar: Calendar, rule_id: str, start: datetime, at: datetime | None = None
) -> Window:
    """The period of the rule from the fact at `start`.

    `at` picks the wording in force (the order's time); by default the start itself.

    :raises UnknownRule: RuleNotInForce, RuleWithoutClock, PlaceMismatch, or a refusal of the instants
    """
    rule = pack.rule(rule_id, start if at is None else at)
    return window_of(rule=rule, pack=pack, calendar=calendar, start=start)


def window_of(
    *, rule: Rule, pack: Pack, calendar: Calendar, start: datetime, length: counting.Length | None = None
) -> Window:
    """As `window`, for a rule in hand; `length` replaces the rule's own (a longer promise)."""
    span = length or rule.length
    if span is None or rule.backward:
        raise RuleWithoutClock(rule=rule.id)
    if calendar.place != pack.place:
        raise PlaceMismatch(calendar=calendar.place, place=pack.place)
    counted = counting.count(
        start=start,
        length=span,
        calendar=calendar,
        zone=rule.zone,
        first_day_counts=rule.first_day_counts,
        roll=rule.roll,
        min_working_days=rule.min_working_days,
    )
    return Window(
        rule_id=rule.id,
        last_day=counted.last_day,
        due_at=counted.due_at,
        provisional=counted.provisional,
        pack_version=pack.version,
        calendar_version=calendar.version,
        inputs=inputs_of(
            start=start,
            length=span,
            zone=rule.zone,
            trigger=rule.trigger,
            first_day=rule.first_day_counts,
            roll=rule.roll,
        ),
        owner=rule.owner,
    )


def lookback(*, pack: Pack, rule_id: str, at: datetime) -> tuple[datetime, datetime]:
    """The half-open period [from, to) that a backward rule looks back over, in UTC; days are of 24 hours.

    :raises RuleWithoutClock: for a rule that looks forward
    """
    rule = pack.rule(rule_id, at)
    if rule.length is None or not rule.backward or rule.length.unit is not counting.Unit.DAYS:
        raise RuleWithoutClock(rule=rule_id)
    end = counting.check_instant(at)
    return end - timedelta(days=rule.length.n), end
