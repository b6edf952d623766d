"""Sums owed on top of the price. The multiples and floors come from the pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.money import CurrencyMismatch, Money
from law.errors import RuleWithoutRemedy
from law.rules import Pack


@dataclass(frozen=True, slots=True)
class Compensation:
    """`extra` comes on top of the refund. `multiple` and `floor` say how it was reached."""

    rule_id: str
    extra: Money
    multiple: int
    floor: Money


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
    sums = [floor, price * rule.remedy.price_multiple]
    if loss is not None:
        sums.append(loss * rule.remedy.loss_multiple)
    return Compensation(rule_id=rule_id, extra=max(sums), multiple=rule.remedy.price_multiple, floor=floor)


def fraud_compensation(*, pack: Pack, price: Money, at: datetime) -> Compensation:
    return compensation(pack=pack, rule_id=pack.role("fraud"), price=price, at=at)


def food_compensation(*, pack: Pack, price: Money, at: datetime, loss: Money | None = None) -> Compensation:
    return compensation(pack=pack, rule_id=pack.role("unsafe_food"), price=price, loss=loss, at=at)
