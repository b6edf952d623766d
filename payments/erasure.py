"""What keeps somebody from being erased for now: money that is still on its way to them."""

from __future__ import annotations

from uuid import UUID

from kernel.errors import N_
from payments.gift_cards import wallet
from payments.gift_cards.letters import path_of
from payments.lifecycle import RefundState
from payments.models import Dispute, Refund
from privacy.obstacles import Obstacle

SHOWN = 20
MONEY_DUE = N_("A refund of payment %(number)s is still on its way to you. Wait until it has arrived.")


CARD_LEFT = N_(
    "There is still %(left)s on your gift card %(tail)s. Use it up or give it back first: erased, nobody"
    " could give it to you any more."
)
DISPUTED = N_("Your bank’s dispute of payment %(number)s is still open. Wait until your bank has decided.")


def obstacles(subject_id: UUID) -> list[Obstacle]:
    """What is still owed, and what still needs the payer's keys to be answered."""
    due = Refund.objects.filter(
        charge__payment__payer_subject_id=subject_id, state__in=[RefundState.REQUESTED, RefundState.SENT]
    )
    held = [one for one in wallet.cards_of(subject_id) if one.balance]
    disputed = Dispute.objects.running().filter(subject_id=subject_id)
    return (
        [
            Obstacle("money_due", MONEY_DUE, {"number": each.payment.number})
            for each in due.select_related("charge__payment").order_by("id")[:SHOWN]
        ]
        + [
            Obstacle("dispute", DISPUTED, {"number": each.charge.payment.number})
            for each in disputed.select_related("charge__payment").order_by("id")[:SHOWN]
        ]
        + [
            Obstacle(
                "card_left", CARD_LEFT, {"left": str(one.balance), "tail": one.card.tail}, path_of(one.card)
            )
            for one in held[:SHOWN]
        ]
    )
