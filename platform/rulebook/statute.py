"""Statutory clocks with the pack and calendar that apply: what use cases call."""

from __future__ import annotations

from datetime import datetime

from kernel.money import Money
from law import private_sellers, returns, windows
from law.windows import Window
from rulebook import current


def window(rule_id: str, *, start: datetime, at: datetime, place: str = "CN") -> Window:
    """Any rule's period from the fact at `start`, by the law in force at `at` (the order's time)."""
    return windows.window(
        pack=current.pack(place, at), calendar=current.calendar(place), rule_id=rule_id, start=start, at=at
    )


def return_window(
    *, delivered_at: datetime, at: datetime, place: str = "CN", promised_days: int | None = None
) -> Window:
    """The no-reason return window; a longer promise of the merchant's wins, a shorter one is ignored."""
    return returns.return_window(
        pack=current.pack(place, at),
        calendar=current.calendar(place),
        delivered_at=delivered_at,
        at=at,
        promised_days=promised_days or 0,
    )


def private_return_window(
    *, delivered_at: datetime, at: datetime, place: str = "CN", promised_days: int = 0
) -> Window:
    """Against a private person: its own promise, else the time for what isn't as described."""
    pack, calendar = current.pack(place, at), current.calendar(place)
    if promised_days:
        return private_sellers.promised_window(
            pack=pack, calendar=calendar, delivered_at=delivered_at, at=at, days=promised_days
        )
    return private_sellers.conformity_window(pack=pack, calendar=calendar, delivered_at=delivered_at, at=at)


def refund_window(*, goods_back_at: datetime, at: datetime, place: str = "CN") -> Window:
    """When the law wants the price back at the latest."""
    return returns.refund_window(
        pack=current.pack(place, at), calendar=current.calendar(place), goods_back_at=goods_back_at, at=at
    )


def refund_breach_line(*, goods_back_at: datetime, at: datetime, place: str = "CN") -> Window:
    """From when a missing refund is punishable."""
    return returns.refund_breach_line(
        pack=current.pack(place, at), calendar=current.calendar(place), goods_back_at=goods_back_at, at=at
    )


def delivery_back(*, paid: Money, standard: Money, at: datetime, place: str = "CN") -> Money:
    """What the law itself gives back of the outward freight with all the goods; zero where it is silent."""
    return returns.delivery_back(pack=current.pack(place, at), paid=paid, standard=standard, at=at)


def refund_rule(*, at: datetime, place: str = "CN") -> str:
    """The rule that says what goes back with the goods, and when."""
    return current.pack(place, at).role("return_refund")


def quality_window(*, delivered_at: datetime, at: datetime, place: str = "CN") -> Window:
    """The window to return faulty goods."""
    return returns.quality_window(
        pack=current.pack(place, at), calendar=current.calendar(place), delivered_at=delivered_at, at=at
    )
