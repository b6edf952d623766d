"""An unused card goes back within the law's days; a bearer card that ended is extended, again and again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, NotFound
from payments import ledger, refunds
from payments.gift_card_models import CardKind
from payments.gift_cards import terms
from payments.lifecycle import GIFT_CARD, GiftCardState
from payments.models import GiftCard
from payments.moves import move


class CardUsed(DomainError):
    code = "gift_card_used"
    message = N_("Only an unused card goes back: this one was spent from, or somebody else has claimed it.")


class CardReturnOver(DomainError):
    code = "gift_card_return_over"
    message = N_("The time to give this card back ended at %(until)s. You can use it up or give it away.")


class CardNotOver(DomainError):
    code = "gift_card_not_over"
    message = N_("Only a card in your own wallet that has ended is extended. This one needs no extension.")


def may_give_back(card: GiftCard, *, at: datetime) -> bool:
    """Issued, in nobody else's wallet and in time; whether it is unused the ledger says under lock."""
    free = card.holder_id in (None, card.buyer_id)
    in_time = card.return_until is not None and at < card.return_until
    return card.state == GiftCardState.ISSUED and free and in_time


@transaction.atomic
def give_back(*, card_id: UUID, actor: Actor, at: datetime) -> GiftCard:
    """All of it goes back the way it was paid, and its code stops working.

    :raises NotFound: not the buyer's, or not paid :raises CardReturnOver: :raises CardUsed:
    """
    if actor.subject_id is None:
        raise NotFound()
    card = GiftCard.objects.locked(pk=card_id, buyer_id=actor.subject_id, issued_at__isnull=False)
    if card.return_until is None or at >= card.return_until:
        raise CardReturnOver(until=card.return_until)
    left = ledger.locked_balance(card.account, card.currency)
    if card.holder_id not in (None, card.buyer_id) or left != card.value:
        raise CardUsed()
    # Nothing is paid from a card whose state ended: it must have left the wallet first.
    move(card, GIFT_CARD, "give_back", actor=actor, at=at, digest=None)
    refunds.refund(reference=card.pk, amount=card.value, purpose="card_given_back", actor=actor, at=at)
    return card


@transaction.atomic
def extend(*, card_id: UUID, actor: Actor, at: datetime) -> GiftCard:
    """A bearer card that has ended lasts anew, as long as a fresh one and at no cost.

    :raises NotFound: neither theirs nor bought by them
    :raises CardNotOver: not in their own wallet, or one that has not ended
    """
    card = GiftCard.objects.locked(pk=card_id)
    if actor.subject_id is None or actor.subject_id not in (card.holder_id, card.buyer_id):
        raise NotFound()
    if card.holder_id != actor.subject_id or card.valid_until is None or at < card.valid_until:
        raise CardNotOver()
    card.valid_until = terms.valid_until(CardKind(card.kind), since=at)
    card.save(update_fields=["valid_until"])
    return card
