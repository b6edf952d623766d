"""Returning goods: until when, when the money must be back, and when a merchant may refuse."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kernel.money import Money
from law.calendars import Calendar
from law.counting import Length, Unit
from law.rules import Exclusion, Exemption, Pack
from law.windows import Window, window, window_of

# The id under which a longer promise of the merchant's is cited; it can only better the law.
PROMISED_DAYS = "promise.return.days"
MADE_TO_ORDER = "custom-made"
DELIVERY_BACK = "standard_delivery_back"


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What the law needs to know about an offer and this purchase of it.

    `excludes_return` is what the merchant claims (never | confirm), `exclusion` the code of why,
    `confirmed` whether this buyer confirmed it for this purchase; `return_freight_promised` whether the
    merchant pays a return's postage where the law leaves it to the buyer; `private_seller` whether a private
    person sells who is no trader.
    """

    category: str
    excludes_return: str | None = None
    exclusion: str = ""
    confirmed: bool = False
    promised_return_days: int = 0
    made_to_order: bool = False
    return_freight_promised: bool = False
    private_seller: bool = False


def return_window(
    *,
    pack: Pack,
    calendar: Calendar,
    delivered_at: datetime,
    at: datetime | None = None,
    promised_days: int = 0,
) -> Window:
    """The no-reason return window from the signature at `delivered_at`; the later of law and promise.

    :raises RoleUnfilled: where this place's law gives no such right
    """
    rule = pack.rule(pack.role("return_window"), delivered_at if at is None else at)
    lawful = window_of(rule=rule, pack=pack, calendar=calendar, start=delivered_at)
    if promised_days <= 0:
        return lawful
    promised = window_of(
        rule=rule, pack=pack, calendar=calendar, start=delivered_at, length=Length(promised_days, Unit.DAYS)
    )
    if promised.due_at <= lawful.due_at:
        return lawful
    return replace(promised, rule_id=PROMISED_DAYS, inputs={**promised.inputs, "law": lawful.rule_id})


def refund_window(
    *, pack: Pack, calendar: Calendar, goods_back_at: datetime, at: datetime | None = None
) -> Window:
    """When the price must be back at the latest, counted from the goods' return."""
    return window(
        pack=pack, calendar=calendar, rule_id=pack.role("return_refund"), start=goods_back_at, at=at
    )


def refund_breach_line(
    *, pack: Pack, calendar: Calendar, goods_back_at: datetime, at: datetime | None = None
) -> Window:
    """The day from which a missing refund is punishable, not only late."""
    return window(
        pack=pack, calendar=calendar, rule_id=pack.role("return_breach_line"), start=goods_back_at, at=at
    )


def delivery_back(*, pack: Pack, paid: Money, standard: Money, at: datetime) -> Money:
    """What of the outward delivery goes back with all the goods: never more than the standard way's price.

    Who chose express carries the difference. Nothing where the law is silent; a promise may give more.
    """
    rule = pack.rule(pack.role("return_refund"), at)
    if not rule.figures.get(DELIVERY_BACK):
        return Money.zero(paid.currency)
    return min(paid, standard)


def quality_window(
    *, pack: Pack, calendar: Calendar, delivered_at: datetime, at: datetime | None = None
) -> Window:
    """The window to send faulty goods back without any other rule or agreement."""
    return window(
        pack=pack, calendar=calendar, rule_id=pack.role("quality_return"), start=delivered_at, at=at
    )


def ground_of(*, pack: Pack, facts: ListingFacts, at: datetime) -> Exemption | None:
    """The lawful ground on which this offer is out of no-reason return; None: it stays returnable.

    A merchant's claim alone is no ground: the pack must know it, and it must fit the category.
    """
    rule = pack.rule(pack.role("return_window"), at)
    for ground in rule.exemptions:
        if facts.made_to_order and MADE_TO_ORDER in ground.presumed:
            return ground
        if facts.excludes_return is None or (ground.categories and facts.category not in ground.categories):
            continue
        if facts.exclusion == ground.code:
            return ground
        if not facts.exclusion and facts.category in ground.presumed and ground.kind == facts.excludes_return:
            return ground
    return None


def exclusion_holds(*, pack: Pack, facts: ListingFacts, at: datetime) -> bool:
    """Whether a no-reason return may be refused: never-goods, or confirm-goods that were confirmed.

    A private person owes none but what it promised, and takes that back by its own word.
    """
    if facts.private_seller:
        return facts.promised_return_days <= 0
    ground = ground_of(pack=pack, facts=facts, at=at)
    if ground is None:
        return False
    return ground.kind is Exclusion.NEVER or (ground.kind is Exclusion.CONFIRM and facts.confirmed)
