"""How many listings a shop may have live: by its grade, while a penalty says so, as a private person."""

from __future__ import annotations

from datetime import datetime

from kernel.errors import N_, DomainError
from merchants.models import Merchant
from rulebook import policies

POLICY, PRIVATE = "listing.limits", "private.limits"


class TooManyListings(DomainError):
    code = "too_many_listings"
    message = N_(
        "The shop may have %(limit)s listings on sale (%(rule)s), and it has them. Take one off sale first."
    )


class DepositShort(DomainError):
    code = "deposit_short"
    message = N_(
        "No new goods go on sale while the shop's deposit lacks something (policy.silence.deposit)."
        " Fill it on the money page; what is on sale stays there."
    )


def most_live(merchant: Merchant, *, at: datetime) -> int | None:
    """None: as many as it likes."""
    return min((number for number, _rule in _limits(merchant, at)), default=None)


def _limits(merchant: Merchant, at: datetime) -> list[tuple[int, str]]:
    """Every limit that holds, with the policy that says so."""
    limits = policies.value(POLICY, at)
    held = [(limits.get(merchant.grade), POLICY)]
    if merchant.few_listings:
        held.append((limits["penalty"], POLICY))
    if merchant.is_private_person:
        held.append((policies.value(PRIVATE, at)["listings"], PRIVATE))
    return [(number, policy) for number, policy in held if number is not None]


def require_room(merchant: Merchant, *, live: int, at: datetime) -> None:
    """:raises TooManyListings: one more than `live` would be too many :raises DepositShort:"""
    if merchant.deposit_short:
        raise DepositShort()
    most, policy = min(_limits(merchant, at), default=(None, POLICY))
    if most is not None and live >= most:
        raise TooManyListings(limit=most, rule=f"policy.{policy}")
