"""The entries of a dispute: set apart when it opens, back when it is won, borne by the merchant when lost.

Who bears it: what the merchant has available and in its reserve, then its deposit, then the fund, which the
merchant owes it.
"""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, ledger, payers, reserve
from payments.deposits import calling
from payments.ledger import Line
from payments.models import Dispute, DisputeShare


def set_apart(held: Dispute, share: DisputeShare, *, at: datetime) -> None:
    """Move what of the share is still here to the dispute's account, and write the share."""
    currency, wanted = share.currency, share.amount_minor
    escrow, available = share.part.account, accounts.available(share.merchant_id)
    share.from_escrow_minor = min(wanted, ledger.locked_balance(escrow, currency).minor)
    rest = wanted - share.from_escrow_minor
    given = min(rest, ledger.locked_balance(available, currency).minor) if rest else 0
    kept = reserve.drawn(share.merchant_id, Money(rest - given, currency), reference=share.reference)
    share.from_merchant_minor = given - sum(line.amount.minor for line in kept)
    share.save(force_insert=True)
    if share.held_minor:
        lines = [
            Line(escrow, Money(-share.from_escrow_minor, currency)),
            Line(available, Money(-given, currency)),
            *kept,
            Line(accounts.dispute(held.pk), Money(share.held_minor, currency)),
        ]
        _post(held, share, "open", lines, actor=Actor.provider(held.provider), at=at)
        _call_again(share, at=at)


def give_back(held: Dispute, share: DisputeShare, *, actor: Actor, at: datetime) -> None:
    """Won: what waited goes back to where it came from."""
    if not share.held_minor:
        return
    currency = share.currency
    lines = [
        Line(accounts.dispute(held.pk), Money(-share.held_minor, currency)),
        Line(share.part.account, Money(share.from_escrow_minor, currency)),
        Line(accounts.available(share.merchant_id), Money(share.from_merchant_minor, currency)),
    ]
    _post(held, share, "won", lines, actor=actor, at=at)


def lose(held: Dispute, share: DisputeShare, *, actor: Actor, at: datetime) -> None:
    """Lost: the provider has taken the share. What didn't wait apart the merchant gives, else the fund."""
    merchant, currency = share.merchant_id, share.currency
    lines = [
        Line(accounts.dispute(held.pk), Money(-share.held_minor, currency)),
        Line(accounts.provider(held.provider), share.amount),
    ]
    rest = share.amount - Money(share.held_minor, currency)
    # A gift card that was spent before the bank spoke is the platform's loss: no shop sold it.
    borne = [Line(accounts.FEES, -rest)]
    if merchant != accounts.PLATFORM:
        _, borne = payers.give(merchant, rest, reference=share.reference)
    _post(held, share, "lost", [*lines, *borne], actor=actor, at=at)
    _call_again(share, at=at)


def _call_again(share: DisputeShare, *, at: datetime) -> None:
    """What a shop had paid into its deposit may be asked back too, or the deposit have borne the rest."""
    if share.merchant_id != accounts.PLATFORM:
        calling.after_draw(share.merchant_id, share.currency, at=at)


def _post(
    held: Dispute, share: DisputeShare, step: str, lines: list[Line], *, actor: Actor, at: datetime
) -> None:
    ledger.post(
        reference=share.reference, purpose=f"dispute:{held.pk}:{step}", lines=lines, actor=actor, at=at
    )
