"""When a reference price beside the selling price is lawful."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kernel.money import Money
from law.rules import Pack
from law.windows import lookback


@dataclass(frozen=True, slots=True)
class Deal:
    """A completed sale: when, and the price really paid for one."""

    at: datetime
    price: Money


def reference_ceiling(*, pack: Pack, deals: Iterable[Deal], at: datetime) -> Money | None:
    """The highest reference price that may be shown without details at the instant `at`.

    The lowest deal of the period before, else the last deal price; None when nothing was ever sold,
    so that no reference price may be shown at all.
    """
    since, until = lookback(pack=pack, rule_id=pack.role("reference_price"), at=at)
    past = sorted((deal for deal in deals if deal.at < until), key=lambda deal: deal.at)
    recent = [deal.price for deal in past if deal.at >= since]
    if recent:
        return min(recent)
    return past[-1].price if past else None
