"""The platform's own clocks: who must act, by when, and what happens in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from law.counting import Count, Length, Unit, count, local_day, midnight_after
from law.windows import Window, inputs_of
from rulebook import current, policies
from rulebook.policies import PolicyRow

SETTLEMENT = "silence.order_delivered"


def due(
    name: str,
    *,
    start: datetime,
    at: datetime,
    place: str = "CN",
    cross_border: bool = False,
    length: Length | None = None,
    owner: str | None = None,
) -> Window:
    """The end of the named clock, counted from `start` in the zone and calendar of `place`.

    `at` picks the policy's version; `length` is a promise that replaces the default (a listing's own
    dispatch time); `owner` says whose turn it is where the table leaves it open.

    :raises PolicyUnknown:
    """
    row = policies.row(name, at)
    span = length or _length(row, cross_border=cross_border)
    return _window(row, start=start, at=at, place=place, span=span, owner=owner)


def length(name: str, *, at: datetime) -> Length:
    """How long the named clock runs where nothing else was promised.

    :raises PolicyUnknown:
    """
    return _length(policies.row(name, at), cross_border=False)


def settlement(
    *,
    delivered_at: datetime,
    return_window: Window | datetime | None,
    at: datetime,
    payout_delay_days: int = 0,
    new_shop: bool = False,
    cross_border: bool = False,
    place: str = "CN",
) -> Window:
    """When a delivered order is paid out if no hold stands.

    The later of so many days after the return window's end and so many after delivery, then the merchant's
    payout delay and, for a new shop, its extra hold; all ends at local midnight.
    """
    row = policies.row(SETTLEMENT, at)
    zone = current.pack(place, at).zone
    base = _window(row, start=delivered_at, at=at, place=place, span=_length(row, cross_border=cross_border))
    ends_at = return_window.due_at if isinstance(return_window, Window) else return_window
    hold = policies.value("new_shop.limits", at)["extra_hold_days"] if new_shop else 0
    last_day = max(base.last_day, _after_return_window(row, ends_at, zone) or base.last_day)
    last_day += timedelta(days=payout_delay_days + hold)
    return replace(
        base,
        last_day=last_day,
        due_at=midnight_after(last_day, zone),
        provisional=base.provisional or (isinstance(return_window, Window) and return_window.provisional),
        inputs={
            **base.inputs,
            "return_window_ends": ends_at.isoformat() if ends_at else None,
            "days_after_return_window": _extra(row),
            "payout_delay_days": payout_delay_days,
            "extra_hold_days": hold,
        },
    )


def _after_return_window(row: PolicyRow, ends_at: datetime | None, zone: str) -> date | None:
    if ends_at is None:
        return None
    return local_day(ends_at - timedelta(microseconds=1), zone) + timedelta(days=_extra(row))


def _window(
    row: PolicyRow, *, start: datetime, at: datetime, place: str, span: Length, owner: str | None = None
) -> Window:
    zone, calendar = current.pack(place, at).zone, current.calendar(place)
    roll = bool(row.value.get("roll", False))
    counted: Count = count(start=start, length=span, calendar=calendar, zone=zone, roll=roll)
    trigger = f"{row.value['aggregate']}.{row.value['stage']}"
    return Window(
        rule_id=row.rule_id,
        last_day=counted.last_day,
        due_at=counted.due_at,
        provisional=counted.provisional,
        pack_version=row.pack_version,
        calendar_version=calendar.version,
        inputs=inputs_of(start=start, length=span, zone=zone, trigger=trigger, first_day=False, roll=roll),
        owner=owner or _owner(row),
        outcome=str(row.value["outcome"]),
    )


def _owner(row: PolicyRow) -> str:
    who = str(row.value["who"])
    if who == "turn":
        raise ValueError(f"{row.name} runs for either side: say whose turn it is with owner=")
    return "platform" if who == "nobody" else who


def _length(row: PolicyRow, *, cross_border: bool) -> Length:
    table: dict[str, Any] = row.value["length"]
    if cross_border and "cross_border" in row.value:
        table = row.value["cross_border"]
    return Length(table["n"], table["unit"])


def _extra(row: PolicyRow) -> int:
    """Days after the return window's end."""
    length = Length(row.value["extra"]["n"], row.value["extra"]["unit"])
    if length.unit is not Unit.DAYS:
        raise ValueError("settlement is counted in days")
    return length.n
