"""What a set saves against its members one by one: reckoned, never claimed, and never on a made-up price.

A member counts at the price that it asks for now, and at no more than the law lets stand as a reference
price: who raises a price to make a set look cheap saves nobody anything. Without a real sale of its own
a member has no reference price where the law counts sales, and then no saving is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog import pricing
from catalog.set_offers import Member, SetOffer
from kernel.errors import N_, Invalid
from kernel.money import Money
from law.pricing import Permitted


class SumMadeUp(Invalid):
    """`permitted_minor` is what may be said, None where nothing may."""

    code = "set_sum_made_up"
    message = N_(
        "The sum beside a set is reckoned from what its members really cost one by one. Leave it out:"
        " the page shows it."
    )


@dataclass(frozen=True, slots=True)
class Saving:
    """`against` is the sum of the members as it may be named, `saved` what the set costs less than that."""

    against: Money
    saved: Money
    rule_id: str


def of(offer: SetOffer, *, at: datetime) -> Saving | None:
    """What may be named at the instant `at`; None where there is nothing to name, or no right to."""
    if any(each.offer is None for each in offer.members):
        return None
    found_of = pricing.permitted_of_each({each.variant_id: each.listing for each in offer.members}, at=at)
    permitted = [(each, found_of[each.variant_id]) for each in offer.members]
    if any(found.ceiling is None for _, found in permitted):
        return None
    against = sum(_counted(each, found) * each.quantity for each, found in permitted)
    saved = against - offer.revision.price_minor
    currency = offer.revision.currency
    if saved <= 0:
        return None
    return Saving(Money(against, currency), Money(saved, currency), permitted[0][1].rule_id)


def _counted(member: Member, found: Permitted) -> int:
    """One piece without freight; real deals hold the freight of one piece."""
    assert member.offer is not None and found.ceiling is not None
    return max(0, min(member.offer.price_minor, found.ceiling.minor - member.offer.freight_minor))


def require_true(offer: SetOffer, claimed_minor: int | None, *, at: datetime) -> None:
    """:raises SumMadeUp: a sum was claimed above what may be named"""
    if claimed_minor is None:
        return
    found = of(offer, at=at)
    if found is None or claimed_minor > found.against.minor:
        raise SumMadeUp(permitted_minor=found.against.minor if found else None, field="was")
