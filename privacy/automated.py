"""What the platform decides by machine: how, from what, with which effect; and what touched whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import N_


@dataclass(frozen=True, slots=True)
class Automation:
    """A kind of decision made without a human; texts are msgids.

    `used` is what goes in, `logic` how it is decided, `effect` what follows; `rule_id` says what it rests on.
    """

    kind: str
    title: str
    used: str
    logic: str
    effect: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision that touched a person: about what, when, what came out (a msgid), and its page."""

    kind: str
    at: datetime
    number: str
    outcome: str
    path: str


AUTOMATIONS = (
    Automation(
        "return_accepted",
        N_("Returns accepted at once"),
        N_("The goods' category, what you agreed to at checkout, the day you signed for the parcel"),
        N_("Inside the return window and not among the exceptions: accepted. Nobody's history plays a part."),
        N_("The return goes ahead without the seller being asked."),
        "cn.return.window",
    ),
    Automation(
        "silence",
        N_("What happens when nobody acts"),
        N_("The deadline and whose turn it was"),
        N_("When a deadline passes, the outcome that stood beside it from the start comes about."),
        N_("An unpaid order ends, a silent seller's case goes to a ruling, held money is paid out."),
        "policy.silence.return_answer",
    ),
    Automation(
        "limits",
        N_("Too many tries"),
        N_("How often an account or a network did the same thing within minutes"),
        N_("Above a number the next try waits."),
        N_("You wait for some minutes; nothing you did is lost."),
        "cn.privacy.automated",
    ),
    Automation(
        "grades",
        N_("Grades of sellers"),
        N_("How a seller's orders ended: late, returned, complained about, rulings"),
        N_("A published formula with weights, counted anew every night."),
        N_("The letter beside a shop, and how long its money waits. Buyers have no grade."),
        "cn.privacy.automated",
    ),
)

Finder = Callable[[UUID], Iterable[Decided]]

_finders: list[Finder] = []


def connect(finders: Iterable[Finder]) -> None:
    """Take the table AUTOMATED_DECISIONS of config/subscriptions.py."""
    _finders[:] = finders


def of(subject_id: UUID, *, most: int = 100) -> list[Decided]:
    """What machines decided about the person, the last first."""
    found = [each for finder in _finders for each in finder(subject_id)]
    return sorted(found, key=lambda each: each.at, reverse=True)[:most]
