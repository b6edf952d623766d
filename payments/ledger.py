"""Double entry: what one account gives another gains, and a balance is the sum of its postings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from kernel.money import Money
from payments.models import LedgerEntry, Posting
from web import tenancy


class NotEnoughMoney(DomainError):
    code = "not_enough_money"
    message = N_(
        "There isn't enough money left here for this step: %(left)s is left. Reload the page to see why."
    )


class Unbalanced(ValueError):
    """An entry that doesn't sum to nothing: a bug in the caller."""


@dataclass(frozen=True, slots=True)
class Line:
    """`account` gains `amount`; below zero it gives."""

    account: str
    amount: Money


def move_money(source: str, target: str, amount: Money) -> list[Line]:
    """The two lines of a plain movement."""
    return [Line(source, -amount), Line(target, amount)]


@tenancy.widened()
@transaction.atomic
def post(*, reference: UUID, purpose: str, lines: Sequence[Line], actor: Actor, at: datetime) -> LedgerEntry:
    """Write one entry; lines of nothing are left out. The database checks the balance at the commit.

    :raises Unbalanced: when the lines don't sum to nothing in each currency
    :raises IntegrityError: when (reference, purpose) was posted before, or an account would fall below zero
    """
    moving = [line for line in lines if line.amount]
    sums: defaultdict[str, int] = defaultdict(int)
    for line in moving:
        sums[line.amount.currency] += line.amount.minor
    if not moving or any(sums.values()):
        raise Unbalanced(f"{purpose} of {reference}: {dict(sums)}")
    entry = LedgerEntry.objects.create(reference=reference, purpose=purpose, occurred_at=at, actor=str(actor))
    Posting.objects.bulk_create(
        Posting(
            entry=entry, account=line.account, amount_minor=line.amount.minor, currency=line.amount.currency
        )
        for line in moving
    )
    return entry


def is_posted(*, reference: UUID, purpose: str) -> bool:
    return LedgerEntry.objects.filter(reference=reference, purpose=purpose).exists()


def balance(account: str, currency: str = "CNY") -> Money:
    """What stands on `account` now."""
    found = Posting.objects.filter(account=account, currency=currency).aggregate(minor=Sum("amount_minor"))
    return Money(int(found["minor"] or 0), currency)


def balances(names: Iterable[str]) -> dict[tuple[str, str], Money]:
    """(account, currency) → balance of several accounts, in one query; those without postings are absent."""
    rows = (
        Posting.objects.filter(account__in=list(names))
        .values_list("account", "currency")
        .annotate(minor=Sum("amount_minor"))
    )
    return {(account, currency): Money(int(minor), currency) for account, currency, minor in rows}


@tenancy.widened()
def locked_balance(account: str, currency: str = "CNY") -> Money:
    """What stands on `account`, which nobody else can draw from until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_balance_locked(%s, %s)", [account, currency])
        (minor,) = cursor.fetchone()
    return Money(int(minor), currency)


def require(account: str, amount: Money) -> None:
    """Lock `account` until the transaction ends and check that it can give `amount`.

    :raises NotEnoughMoney: naming what is left
    """
    left = locked_balance(account, amount.currency)
    if left < amount:
        raise NotEnoughMoney(left=str(left))
