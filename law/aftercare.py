"""What a buyer of faulty goods may ask for on a day: money back, other goods, a repair; and until when.

Pure: the facts of one line and its repairs go in, the open remedies with their rules come out. Days are those
of the pack's zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from law import warranty
from law.calendars import Calendar
from law.counting import local_day, midnight_after
from law.rules import Pack
from law.windows import window

# The roles in which packs name their rules; one that a place lacks opens nothing there.
QUALITY, EXCHANGE, SPENT, LONGSTOP, GUARANTEE = (
    "quality_return",
    "exchange_window",
    "repairs_spent",
    "hidden_defect",
    "guarantee",
)
# The id under which a warranty of the seller's own is cited.
PROMISED_WARRANTY = "promise.warranty"
MOST_REPAIRS = "repairs_before_exchange"


class Kind(StrEnum):
    REFUND = "refund"
    EXCHANGE = "exchange"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair that was done: handed in, and back with the buyer."""

    handed_in: datetime
    back: datetime


@dataclass(frozen=True, slots=True)
class Bought:
    """One line as the law looks at it. `warranty_days` are those the offer states, 0 where it states none.

    `replaced_at` is when the last replacement came; `same_fault` how many repairs of the fault that is
    complained of now were done; `taken_too_long` whether its repair ran over its days. `keeps_days` is how
    long the goods keep by their label, 0 where it doesn't say.
    """

    category: str
    ordered_at: datetime
    delivered_at: datetime
    warranty_days: int = 0
    repairs: tuple[Repair, ...] = ()
    replaced_at: datetime | None = None
    same_fault: int = 0
    taken_too_long: bool = False
    keeps_days: int = 0


@dataclass(frozen=True, slots=True)
class Open:
    """A remedy that may be asked for until `until` (an instant, the first too late), by which rule.

    The seller carries the freight both ways: of faulty goods the buyer pays for nothing.
    """

    kind: Kind
    rule_id: str
    until: datetime
    payer: str = "trader"


def days_in_repair(repairs: Iterable[Repair], *, zone: str) -> int:
    """Calendar days on which the buyer was without the goods: handing in counts, the return doesn't."""
    return sum(max((local_day(one.back, zone) - local_day(one.handed_in, zone)).days, 1) for one in repairs)


def warranty_days(bought: Bought, *, pack: Pack) -> int:
    """What the offer states, but never less than the law's floor for the category."""
    least = warranty.floor(pack=pack, category=bought.category, at=bought.ordered_at)
    return max(bought.warranty_days, least.days if least else 0)


def warranty_last_day(bought: Bought, *, pack: Pack) -> date | None:
    """From delivery, afresh from a replacement, longer by each day in repair since (IR 18); None: none."""
    days = warranty_days(bought, pack=pack)
    if not days:
        return None
    start = bought.replaced_at or bought.delivered_at
    since = [one for one in bought.repairs if one.handed_in >= start]
    return local_day(start, pack.zone) + timedelta(days=days + days_in_repair(since, zone=pack.zone))


def remedies(bought: Bought, *, pack: Pack, calendar: Calendar, at: datetime) -> tuple[Open, ...]:
    """What may be asked for at `at`, each remedy once, by the rule that keeps it open longest."""
    found = [*_by_windows(bought, pack, calendar), *_by_warranty(bought, pack, calendar)]
    best: dict[Kind, Open] = {}
    for one in found:
        if at < one.until and (one.kind not in best or one.until > best[one.kind].until):
            best[one.kind] = one
    return tuple(best[kind] for kind in Kind if kind in best)


def _by_windows(bought: Bought, pack: Pack, calendar: Calendar) -> list[Open]:
    """The periods that run from delivery."""
    guaranteed = warranty.floor(pack=pack, category=bought.category, at=bought.ordered_at) is not None
    mending = (Kind.EXCHANGE, Kind.REPAIR) if warranty_days(bought, pack=pack) else (Kind.EXCHANGE,)
    opened = [(QUALITY, (Kind.REFUND, *mending))]
    if guaranteed:
        opened.append((EXCHANGE, (Kind.EXCHANGE, Kind.REPAIR)))
    else:
        # Without a rule of the state's for such goods: exchange as long as a hidden fault can be shown.
        opened += [(LONGSTOP, mending), (GUARANTEE, (Kind.EXCHANGE, Kind.REPAIR))]
    found = []
    for role, kinds in opened:
        if role in pack.roles:
            rule_id = pack.role(role)
            ends = window(
                pack=pack, calendar=calendar, rule_id=rule_id, start=bought.delivered_at, at=bought.ordered_at
            )
            until = _kept_until(bought, ends.due_at, pack) if role == LONGSTOP else ends.due_at
            found += [Open(kind, rule_id, until) for kind in kinds]
    return found


def _kept_until(bought: Bought, until: datetime, pack: Pack) -> datetime:
    """A shelf life is the period for which quality is promised, and takes the long-stop's place (CC 621)."""
    if not bought.keeps_days:
        return until
    last_day = local_day(bought.delivered_at, pack.zone) + timedelta(days=bought.keeps_days)
    return min(until, midnight_after(last_day, pack.zone))


def _by_warranty(bought: Bought, pack: Pack, calendar: Calendar) -> Sequence[Open]:
    """In the warranty: repair; other goods instead once repairing was tried often or long enough."""
    last_day = warranty_last_day(bought, pack=pack)
    if last_day is None:
        return []
    until = midnight_after(last_day, pack.zone)
    floor = warranty.floor(pack=pack, category=bought.category, at=bought.ordered_at)
    found = [Open(Kind.REPAIR, floor.rule_id if floor else PROMISED_WARRANTY, until)]
    if repairs_spent(bought, pack=pack):
        found.append(Open(Kind.EXCHANGE, pack.role(SPENT), until))
    return found


def repairs_spent(bought: Bought, *, pack: Pack) -> bool:
    """Whether the same fault was repaired as often as the law bears, or a repair took too long."""
    if SPENT not in pack.roles:
        return False
    rule = pack.rule(pack.role(SPENT), bought.ordered_at)
    return bought.taken_too_long or bought.same_fault >= rule.figures[MOST_REPAIRS]
