"""Sums owed on top of the price. The multiples, shares, floors and ceilings come from packs and policies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.money import CurrencyMismatch, Money
from law.errors import RuleWithoutRemedy
from law.rules import Pack

WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Compensation:
    """`extra` comes on top of the refund; the rest says how it was reached.

    So many thousandths of `base`, or so many times the `loss`, whichever is more; at least `floor`, at most
    `most` where there is a most.
    """

    rule_id: str
    extra: Money
    permille: int
    floor: Money
    base: Money
    loss: Money
    loss_multiple: int = 0
    most: Money | None = None

    @property
    def multiple(self) -> int:
        """How many times the price; nothing for a share of it."""
        return self.permille // WHOLE


def compensation(
    *, pack: Pack, rule_id: str, price: Money, at: datetime, loss: Money | None = None
) -> Compensation:
    """The greater of so many times the price or the loss, at least the floor.

    :raises RuleWithoutRemedy: for a rule that gives no sum
    """
    rule = pack.rule(rule_id, at)
    if rule.remedy is None:
        raise RuleWithoutRemedy(rule=rule_id)
    if price.minor < 0 or (loss is not None and loss.minor < 0):
        raise ValueError("price and loss can't be negative")
    if price.currency != rule.remedy.currency:
        raise CurrencyMismatch(f"{price.currency} met {rule.remedy.currency}")
    floor = Money(rule.remedy.floor_minor, rule.remedy.currency)
    lost = loss or Money.zero(floor.currency)
    return Compensation(
        rule_id=rule_id,
        extra=max(floor, price * rule.remedy.price_multiple, lost * rule.remedy.loss_multiple),
        permille=rule.remedy.price_multiple * WHOLE,
        floor=floor,
        base=price,
        loss=lost,
        loss_multiple=rule.remedy.loss_multiple,
    )


def promised_share(*, rule_id: str, base: Money, permille: int, least: int, most: int) -> Compensation:
    """What a platform's own rule promises: a share of `base`, rounded down, between a least and a most.

    `least` and `most` are minor units of the base's currency. Nothing is owed on nothing.
    """
    if base.minor < 0 or not 0 <= least <= most or permille < 0:
        raise ValueError("a share is of a sum, between a least and a most")
    floor, ceiling = (Money(bound, base.currency) for bound in (least, most))
    extra = min(max(Money(base.minor * permille // WHOLE, base.currency), floor), ceiling)
    return Compensation(
        rule_id=rule_id,
        extra=extra if base else base,
        permille=permille,
        floor=floor,
        base=base,
        loss=Money.zero(base.currency),
        most=ceiling,
    )


def fraud_compensation(*, pack: Pack, price: Money, at: datetime) -> Compensation:
    return compensation(pack=pack, rule_id=pack.role("fraud"), price=price, at=at)


def food_compensation(*, pack: Pack, price: Money, at: datetime, loss: Money | None = None) -> Compensation:
    return compensation(pack=pack, rule_id=pack.role("unsafe_food"), price=price, loss=loss, at=at)
