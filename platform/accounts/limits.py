"""Rules over many accounts at once: a network that tries a list of them, or opens them by the dozen."""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache

from kernel.ids import new_id
from rulebook import policies

POLICY = "accounts.limits"


def may_try(*, network: str, account: str, at: datetime, now: float) -> bool:
    """Whether this network may try one more account; both are keyed digests, `now` is real seconds.

    The same account again costs nothing here: its own limits count that.
    """
    policy = policies.value(POLICY, at)
    return _take(
        f"limit:accounts:{network}", account[:16], policy["accounts_per_network"], policy["hours"], now=now
    )


def may_open(*, network: str, account: str, at: datetime, now: float) -> bool:
    """Whether this network may open one more account."""
    policy = policies.value(POLICY, at)
    return _take(
        f"limit:sign_ups:{network}", account[:16], policy["sign_ups_per_network"], policy["hours"], now=now
    )


def may_text(*, number: str, at: datetime) -> bool:
    """Whether one more text may go to this number (a keyed digest) today: each one costs and disturbs."""
    most, now = policies.number("accounts.texts_per_number", at), at.timestamp()
    return _take(f"limit:texts:{number[:64]}", str(new_id()), most, 24, now=now)


def may_claim(*, subject: str, at: datetime, now: float) -> bool:
    """Whether this person may try one more code of a gift card; `now` is real seconds."""
    policy = policies.value("payments.card_claims", at)
    return _take(f"limit:card_claims:{subject}", str(new_id()), policy["tries"], policy["hours"], now=now)


def _take(key: str, what: str, most: int, hours: int, *, now: float) -> bool:
    seconds = hours * 3600
    held: dict[str, float] = cache.get(key) or {}
    fresh = {one: instant for one, instant in held.items() if instant > now - seconds}
    if what not in fresh and len(fresh) >= most:
        return False
    cache.set(key, {**fresh, what: now}, seconds)
    return True
