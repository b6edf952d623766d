"""The code: made once it is asked for, shown this once, and claimed into somebody's wallet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from notifications.kinds import Value
from notifications.sending import send
from payments.gift_cards import codes
from payments.gift_cards.letters import path_of
from payments.lifecycle import GiftCardState
from payments.models import GiftCard


class CodeUnfit(Invalid):
    """Said alike for a code that never was, was used, was replaced, or is of a card given back."""

    code = "gift_card_code_unfit"
    message = N_(
        "This code can't be claimed. Check each sign; if it is right, it was claimed before or replaced by"
        " a newer one. Whoever gave it to you can look it up."
    )


class CodeGone(DomainError):
    code = "gift_card_code_gone"
    message = N_("This card was claimed or given back, so it has no code any more.")


@transaction.atomic
def make_code(*, card_id: UUID, actor: Actor, at: datetime) -> str:
    """A fresh code of a card that nobody has claimed; the one before stops working. It is kept nowhere.

    :raises NotFound: not the buyer's, or not paid :raises CodeGone: claimed or given back
    """
    card = _bought(card_id, actor)
    code = codes.fresh()
    card.digest, card.code_shown_at = codes.digest(code), at
    card.save(update_fields=["digest", "code_shown_at"])
    return code


@transaction.atomic
def keep(*, card_id: UUID, actor: Actor, at: datetime) -> GiftCard:
    """The buyer takes the card into their own wallet.

    :raises NotFound: not the buyer's, or not paid :raises CodeGone: claimed or given back
    """
    return _take(_bought(card_id, actor), actor, at=at)


@transaction.atomic
def claim(*, text: str, actor: Actor, at: datetime) -> GiftCard:
    """Take the card of this code into the wallet of `actor`, for good.

    :raises CodeUnfit: whatever is wrong with it
    """
    if actor.subject_id is None:
        raise NotFound()
    found = GiftCard.objects.select_for_update(no_key=True).filter(digest=codes.digest(text)).first()
    if found is None:
        raise CodeUnfit(field="code")
    buyer_id = found.buyer_id
    card = _take(found, actor, at=at)
    if buyer_id != actor.subject_id:
        params: dict[str, Value] = {"amount": card.value, "path": path_of(card)}
        send(subject_id=buyer_id, kind="payments.gift_card_claimed", reference=card.pk, params=params, at=at)
    return card


def _bought(card_id: UUID, actor: Actor) -> GiftCard:
    if actor.subject_id is None:
        raise NotFound()
    card = GiftCard.objects.locked(pk=card_id, buyer_id=actor.subject_id)
    if card.issued_at is None:
        raise NotFound()
    if card.state != GiftCardState.ISSUED or card.holder_id is not None:
        raise CodeGone()
    return card


def _take(card: GiftCard, actor: Actor, *, at: datetime) -> GiftCard:
    card.holder_id, card.claimed_at, card.digest = actor.subject_id, at, None
    card.save(update_fields=["holder", "claimed_at", "digest"])
    return card
