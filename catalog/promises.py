"""Promises above the law, from a catalogue: shown on the listing, frozen in the order, watched later.

Keys that carry their own number may be used besides the catalogue's: `return_14d`, `return_30d`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Promise:
    """`effect` holds what machines watch: dispatch_hours, return_days, return_freight_paid, …"""

    key: str
    texts: Names
    effect: Mapping[str, Any]


@cache
def known() -> Mapping[str, Promise]:
    """The catalogue of promises, in its order; read once per process."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["promises"]
    return {row["key"]: Promise(row["key"], row["text"], row["effect"]) for row in rows}


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
        return Promise(key, texts, {"return_days": days})
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
