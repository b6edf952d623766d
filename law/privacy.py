"""Personal data: until when a request must be answered, and until when a record must be kept."""

from __future__ import annotations

from datetime import datetime

from law.calendars import Calendar
from law.counting import Length, Unit
from law.rules import Pack
from law.windows import Window, window_of

ROLE, CHILD = "data_request", "child_consent"
MORE_MONTHS = "extension_months"
AGE = "child_age"


def answer_window(*, pack: Pack, calendar: Calendar, received_at: datetime) -> Window:
    """Until when a request received at that instant must be answered.

    :raises RoleUnfilled: where this place's law gives no number
    """
    rule = pack.rule(pack.role(ROLE), received_at)
    return window_of(rule=rule, pack=pack, calendar=calendar, start=received_at)


def extended_window(*, pack: Pack, calendar: Calendar, received_at: datetime) -> Window | None:
    """The longest time with reasons given, counted from receipt; None where the law allows no more.

    :raises RoleUnfilled: where this place's law gives no number
    """
    rule = pack.rule(pack.role(ROLE), received_at)
    more = rule.figures.get(MORE_MONTHS)
    if more is None or rule.length is None or rule.length.unit is not Unit.MONTHS:
        return None
    whole = Length(rule.length.n + more, Unit.MONTHS)
    return window_of(rule=rule, pack=pack, calendar=calendar, start=received_at, length=whole)


def kept_until(*, pack: Pack, calendar: Calendar, rule_id: str, since: datetime, at: datetime) -> Window:
    """Until when the keeping rule, in its wording at `at`, demands the record of a fact of `since`.

    :raises UnknownRule: RuleNotInForce or RuleWithoutClock
    """
    return window_of(rule=pack.rule(rule_id, at), pack=pack, calendar=calendar, start=since)


def consent_age(*, pack: Pack, at: datetime) -> int:
    """Below which age a guardian consents, in the place the pack is used through.

    A member state's own age stands in the figure "child_age_" and its code; without one the law's own holds.

    :raises RoleUnfilled: where this place's law says nothing about it
    """
    rule = pack.rule(pack.role(CHILD), at)
    return rule.figures.get(f"{AGE}_{pack.place.lower()}", rule.figures[AGE])
