"""Promises above the law, from a catalogue: shown on the listing, frozen in the order, watched later.

Keys that carry their own number may be used besides the catalogue's: `return_14d`, `return_30d`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from catalog.schema import Names
from kernel.errors import N_, Invalid

FILE = Path(__file__).parent / "data" / "promises.json"
_RETURN = re.compile(r"return_(\d{1,3})d", re.ASCII)


class UnknownPromise(Invalid):
    code = "unknown_promise"
    message = N_("“%(promise)s” isn't a promise that the platform can watch. Choose one from the list.")


class Watch(StrEnum):
    """Who notices that a promise was kept: a clock, a fact, a ruling about a refusal, or only a complaint."""

    CLOCK = "clock"
    EVENT = "event"
    RULING = "ruling"
    COMPLAINT = "complaint"


WATCH_WORDS = {
    Watch.CLOCK: N_("Watched by clock"),
    Watch.EVENT: N_("Watched by what happens"),
    Watch.RULING: N_("Watched by returns and rulings"),
    Watch.COMPLAINT: N_("Checked on complaint: no machine can watch it"),
}
# Effects that have a measure, and whether more of it is better for the buyer.
MORE_IS_BETTER = {
    "dispatch_hours": False,
    "answer_hours": False,
    "refund_hours": False,
    "return_days": True,
    "price_protection_days": True,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """`effect` holds what machines watch: dispatch_hours, return_days, return_freight_paid, …"""

    key: str
    texts: Names
    effect: Mapping[str, Any]
    watch: Watch = Watch.COMPLAINT

    @property
    def family(self) -> str:
        """Promises of one family say the same thing in another measure."""
        return next(iter(self.effect), self.key)

    @property
    def measure(self) -> int:
        """Hours or days; 0 where there is nothing to measure."""
        return int(self.effect[self.family]) if self.family in MORE_IS_BETTER else 0

    def beats(self, other: Promise) -> bool:
        """Whether it is the better one for the buyer, of the same family."""
        if MORE_IS_BETTER.get(self.family, True):
            return self.measure > other.measure
        return self.measure < other.measure


@cache
def known() -> Mapping[str, Promise]:
    """The catalogue of promises, in its order; read once per process."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["promises"]
    return {row["key"]: Promise(row["key"], row["text"], row["effect"], Watch(row["watch"])) for row in rows}


def promise(key: str) -> Promise | None:
    if key in known():
        return known()[key]
    if match := _RETURN.fullmatch(key):
        days = int(match[1])
        texts = {
            "zh-hans": f"{days} 天无理由退货",
            "zh-hant": f"{days} 天無理由退貨",
            "en": f"Return without reason within {days} days",
        }
        return Promise(key, texts, {"return_days": days}, Watch.RULING)
    return None


def checked(keys: Sequence[str]) -> list[str]:
    """The keys without repeats, in their order.

    :raises UnknownPromise: naming the first that isn't in the catalogue
    """
    kept = list(dict.fromkeys(key.strip() for key in keys if key.strip()))
    for key in kept:
        if promise(key) is None:
            raise UnknownPromise(promise=key[:40])
    return kept


def best(keys: Sequence[str]) -> list[str]:
    """Of each family the best one for the buyer, in the order of their first mention."""
    found: dict[str, Promise] = {}
    for each in filter(None, map(promise, keys)):
        if each.family not in found or each.beats(found[each.family]):
            found[each.family] = each
    return [each.key for each in found.values()]


def made(terms: Mapping[str, Any]) -> list[Promise]:
    """The promises of an offer, those that are known."""
    return [found for key in terms.get("promises") or () if (found := promise(key)) is not None]


def return_days(terms: Mapping[str, Any]) -> int:
    """Promised days for a return without reason; 0 when only the law's hold."""
    return max((int(each.effect.get("return_days", 0)) for each in made(terms)), default=0)


def dispatch_hours(terms: Mapping[str, Any]) -> int | None:
    """Hours until dispatch, the strictest promise (made to order: weeks). None: the default holds."""
    hours = [int(each.effect["dispatch_hours"]) for each in made(terms) if "dispatch_hours" in each.effect]
    return min(hours, default=None)


def return_freight_paid(terms: Mapping[str, Any]) -> bool:
    return any(each.effect.get("return_freight_paid") for each in made(terms))


def price_protection_days(made: Promise) -> int:
    """For how many days after payment a lower price is paid back; 0 for any other promise."""
    return int(made.effect.get("price_protection_days", 0))
