"""The reserve: a share of each settled sale stays back for a while, so that a later case finds its money."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from deadlines import booking
from kernel.actor import Actor
from kernel.money import Money
from merchants.models import Merchant
from payments import accounts, ledger
from payments.ledger import Line
from payments.models import ReserveShare
from rulebook import policies
from web import tenancy

CLOCK, RULE = "payments.reserve", "payout.reserve"


@tenancy.widened()
@transaction.atomic
def keep(*, merchant_id: UUID, reference: UUID, net: Money, at: datetime) -> ReserveShare | None:
    """Keep the grade's share of what a settled order brought its merchant, once per order; None: nothing.

    Never more than is available: what the merchant owed the fund went there first.
    """
    held = ReserveShare.objects.filter(reference=reference).first()
    if held is not None:
        return held
    grade = Merchant.objects.values_list("grade", flat=True).get(pk=merchant_id)
    terms = policies.value(RULE, at)[grade]
    available = ledger.locked_balance(accounts.available(merchant_id), net.currency)
    amount = min(net.permille(int(terms["permille"])), available)
    if amount.minor <= 0:
        return None
    until = at + timedelta(days=int(terms["days"]))
    share = ReserveShare.objects.create(
        merchant_id=merchant_id,
        reference=reference,
        amount_minor=amount.minor,
        left_minor=amount.minor,
        currency=amount.currency,
        kept_at=at,
        kept_until=until,
    )
    lines = ledger.move_money(accounts.available(merchant_id), accounts.reserve(merchant_id), amount)
    ledger.post(reference=reference, purpose="reserve", lines=lines, actor=Actor.system(), at=at)
    row = policies.row(RULE, at)
    booking.book(
        kind=CLOCK,
        reference=share.pk,
        due_at=until,
        rule_id=row.rule_id,
        pack_version=row.pack_version,
        # Nobody is late when it ends: it is the time in which a buyer's case still finds the money.
        owner="buyer",
        at=at,
    )
    return share


@transaction.atomic
def on_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Its time is over: what is left goes to the merchant's balance."""
    share = _locked(reference)
    if share is None or share.freed_at is not None:
        return
    left = share.left
    if left:
        lines = ledger.move_money(
            accounts.reserve(share.merchant_id), accounts.available(share.merchant_id), left
        )
        ledger.post(
            reference=share.reference, purpose="reserve_freed", lines=lines, actor=Actor.system(), at=at
        )
    share.left_minor, share.freed_at = 0, at
    share.save(update_fields=["left_minor", "freed_at"])


def _locked(share_id: UUID) -> ReserveShare | None:
    """Behind the lock of its account, so that a draw and the end of its time never meet."""
    found = ReserveShare.objects.filter(pk=share_id).first()
    if found is not None:
        ledger.locked_balance(accounts.reserve(found.merchant_id), found.currency)
        found.refresh_from_db()
    return found


def drawn(merchant_id: UUID, wanted: Money, *, reference: UUID) -> list[Line]:
    """The line that takes up to `wanted` out of the reserve, its shares lowered; none when it is empty.

    The order's own share gives first, then those whose time ends first.
    """
    account = accounts.reserve(merchant_id)
    amount = min(wanted, ledger.locked_balance(account, wanted.currency))
    if amount.minor <= 0:
        return []
    shares = ReserveShare.objects.filter(
        merchant_id=merchant_id, currency=wanted.currency, left_minor__gt=0
    ).order_by("kept_until", "id")
    missing = amount.minor
    for share in sorted(shares, key=lambda one: one.reference != reference):
        taken = min(missing, share.left_minor)
        ReserveShare.objects.filter(pk=share.pk).update(left_minor=F("left_minor") - taken)
        missing -= taken
        if not missing:
            break
    return [Line(account, -amount)]


def balance(merchant_id: UUID, currency: str = "CNY") -> Money:
    """What stays back now."""
    return ledger.balance(accounts.reserve(merchant_id), currency)


def next_freed(merchant_id: UUID, currency: str = "CNY") -> tuple[datetime, Money] | None:
    """The next instant at which something is freed, and how much; None: nothing stays back."""
    first = (
        ReserveShare.objects.filter(merchant_id=merchant_id, currency=currency, left_minor__gt=0)
        .order_by("kept_until", "id")
        .first()
    )
    return (first.kept_until, first.left) if first else None
