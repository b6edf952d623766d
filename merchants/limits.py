"""How many listings a shop may have live: by its grade, and while a penalty says so."""

from __future__ import annotations

from datetime import datetime

from kernel.errors import N_, DomainError
from merchants.models import Merchant
from rulebook import policies

POLICY = "listing.limits"


class TooManyListings(DomainError):
    code = "too_many_listings"
    message = N_(
        "The shop may have %(limit)s listings on sale (%(rule)s), and it has them. Take one off sale first."
    )


def most_live(merchant: Merchant, *, at: datetime) -> int | None:
    """None: as many as it likes."""
    limits = policies.value(POLICY, at)
    held = [limits.get(merchant.grade), limits["penalty"] if merchant.few_listings else None]
    return min((each for each in held if each is not None), default=None)


def require_room(merchant: Merchant, *, live: int, at: datetime) -> None:
    """:raises TooManyListings: one more than `live` would be too many"""
    most = most_live(merchant, at=at)
    if most is not None and live >= most:
        raise TooManyListings(limit=most, rule=f"policy.{POLICY}")
