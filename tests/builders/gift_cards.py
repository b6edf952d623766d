"""Gift cards for tests: bought, paid and claimed through the use cases."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.money import Money
from outbox import relay
from payments.gift_card_models import CardKind
from payments.gift_cards import buying, claiming
from payments.models import GiftCard
from payments.sandbox import straight
from privacy.subjects import create_subject
from tests.builders.money import OPENED


def an_unpaid_card(
    fen: int = 20_000, *, buyer: UUID | None = None, kind: CardKind = CardKind.BEARER, at: datetime = OPENED
) -> GiftCard:
    buyer = buyer or create_subject(locale="zh-hans", at=at).pk
    return buying.buy(kind=kind, value=Money(fen), actor=Actor.buyer(buyer), at=at)


def a_card(
    fen: int = 20_000,
    *,
    buyer: UUID | None = None,
    holder: UUID | None = None,
    kind: CardKind = CardKind.BEARER,
    at: datetime = OPENED,
) -> GiftCard:
    """Bought and paid a minute later; with a `holder` claimed by code into their wallet, too."""
    card = an_unpaid_card(fen, buyer=buyer, kind=kind, at=at)
    paid_at = at + timedelta(minutes=1)
    straight.pay(card.payment.number, at=paid_at)
    with clock.frozen(paid_at):
        relay.drain_all()
    if holder is not None:
        code = claiming.make_code(card_id=card.pk, actor=Actor.buyer(card.buyer_id), at=paid_at)
        claiming.claim(text=code, actor=Actor.buyer(holder), at=paid_at)
    return GiftCard.objects.get(pk=card.pk)
