"""Tax of goods that cross a border: what the price holds, what the carrier may ask for, how much may come in.

Rates and limits stand in the packs. What no pack knows isn't reckoned: a sum that is a guess is no sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kernel.money import Money
from law.counting import check_instant, local_day, midnight_after
from law.rules import Pack, Rule

# Rules of China's cross-border retail import; elsewhere the role names the rule.
RETAIL_TAX, RETAIL_LIMIT = "cn.cbec.tax", "cn.cbec.limit"
ON_ARRIVAL = "import_charges"
WHOLE = 100


class Standing(StrEnum):
    """Paid: no border is crossed and the price holds all tax. In price: import tax, reckoned, within it.

    On arrival: not reckoned; the carrier may ask for it.
    """

    PAID = "paid"
    IN_PRICE = "in_price"
    ON_ARRIVAL = "on_arrival"


@dataclass(frozen=True, slots=True)
class Tax:
    """`amount` lies within what is paid for the goods; `rate` is in per cent, as it was stated."""

    standing: Standing
    rules: tuple[str, ...] = ()
    pack_version: str = ""
    rate: str = ""
    amount: Money | None = None

    def frozen(self) -> dict[str, object]:
        """As an order keeps it."""
        return {
            "standing": str(self.standing),
            "rules": list(self.rules),
            "pack": self.pack_version,
            "rate": self.rate,
            "amount_minor": self.amount.minor if self.amount else None,
        }


NOTHING_MORE = Tax(Standing.PAID)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one order and one person's year may bring in by retail import; a year begins at `year_since`."""

    order: Money
    year: Money
    year_since: datetime
    rule_id: str
    pack_version: str


def within(goods: Money, rate: Decimal) -> Money:
    """The tax that a price holds: net + net x rate = price; rounded once, half up, to the minor unit."""
    tax = (Decimal(goods.minor) * rate / (WHOLE + rate)).quantize(Decimal(1), ROUND_HALF_UP)
    return Money(int(tax), goods.currency)


def retail_import(*, pack: Pack, goods: Money, rate: Decimal, at: datetime) -> Tax:
    """Goods of one line that come in as retail import, their price holding tax at the stated rate."""
    check_instant(at)
    rule = pack.rule(RETAIL_TAX, at)
    said = f"{rate.normalize():f}"
    return Tax(Standing.IN_PRICE, (rule.id,), pack.version, said, within(goods, rate))


def on_arrival(*, pack: Pack | None, at: datetime) -> Tax:
    """Goods that leave the seller's customs area; `pack` is the law of where they go, if any is known."""
    check_instant(at)
    known = charges(pack=pack, at=at) if pack else ()
    return Tax(Standing.ON_ARRIVAL, tuple(rule.id for rule in known), pack.version if pack else "")


def charges(*, pack: Pack, at: datetime) -> tuple[Rule, ...]:
    """What the law of a place is known to charge on goods from abroad at the instant."""
    if ON_ARRIVAL not in pack.roles:
        return ()
    day = local_day(at, pack.zone)
    return tuple(rule for rule in pack.versions_of(pack.role(ON_ARRIVAL)) if rule.in_force_on(day))


def limits(*, pack: Pack, at: datetime) -> Limits:
    """A calendar year in the pack's zone.

    :raises UnknownRule, RuleNotInForce: where the law knows no such limit
    """
    rule = pack.rule(RETAIL_LIMIT, at)
    eve = local_day(at, pack.zone).replace(month=1, day=1) - timedelta(days=1)
    return Limits(
        order=Money(rule.figures["order_minor"], pack.currency),
        year=Money(rule.figures["year_minor"], pack.currency),
        year_since=midnight_after(eve, pack.zone),
        rule_id=rule.id,
        pack_version=pack.version,
    )
