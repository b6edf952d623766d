"""Money that waits: held per order from capture until it goes to the merchant or back to the payer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, fund, ledger
from payments.duties import Duty
from payments.ledger import Line
from payments.models import Charge, LedgerEntry, Payment, PaymentPart, Posting
from web import tenancy


@transaction.atomic
def hold(
    *, payment: Payment, charge: Charge | None, parts: Sequence[PaymentPart], actor: Actor, at: datetime
) -> LedgerEntry:
    """Put what `charge` brought, and what was set apart, into the escrow of each order. Once per payment."""
    into = [Line(part.account, part.amount) for part in parts]
    sources = [Line(accounts.suspense(payment.pk), Money(-payment.tendered_minor, payment.currency))]
    if charge is not None:
        sources.append(Line(accounts.provider(charge.provider), -payment.due))
    return ledger.post(
        reference=payment.pk,
        purpose="capture",
        lines=[*sources, *into],
        actor=actor,
        at=at,
    )


@tenancy.widened()
@transaction.atomic
def release(
    *,
    reference: UUID,
    merchant_id: UUID,
    amount: Money,
    fee: Money,
    purpose: str,
    actor: Actor,
    at: datetime,
    duty: Duty | None = None,
) -> LedgerEntry:
    """Move `amount` out of escrow: `fee` to the platform, `duty` apart for the authority, the rest to the
    merchant. Once per purpose.

    What the merchant owes the fund is taken from that at once.

    :raises NotEnoughMoney: when less than `amount` is held
    :raises ValueError: when the fee is below zero or above the amount
    """
    withheld = duty.amount if duty else Money.zero(amount.currency)
    if fee.minor < 0 or withheld.minor < 0 or fee + withheld > amount:
        raise ValueError(f"a fee of {fee} and {withheld} of tax on {amount}")
    ledger.require(accounts.escrow(reference), amount)
    made = ledger.post(
        reference=reference,
        purpose=purpose,
        lines=[
            Line(accounts.escrow(reference), -amount),
            Line(accounts.available(merchant_id), amount - fee - withheld),
            Line(accounts.FEES, fee),
            *([duty.line] if duty else []),
        ],
        actor=actor,
        at=at,
    )
    fund.recover(merchant_id=merchant_id, currency=amount.currency, cause=str(made.pk), actor=actor, at=at)
    return made


def balance(reference: UUID) -> Money:
    """What is held for the order now; zero yuan when nothing ever was."""
    rows = (
        Posting.objects.filter(account=accounts.escrow(reference))
        .values_list("currency")
        .annotate(minor=Sum("amount_minor"))
    )
    sums = [Money(int(minor), currency) for currency, minor in rows]
    if len(sums) > 1:
        raise RuntimeError(f"the escrow of {reference} holds several currencies")
    return sums[0] if sums else Money.zero()
