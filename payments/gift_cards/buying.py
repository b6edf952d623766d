"""Buying a gift card: its own payment, whose money goes to the card itself and to no shop's escrow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, Invalid, NotFound
from kernel.money import Money
from notifications.sending import send
from payments import accounts, capture
from payments.capture import Part
from payments.events import PaymentCaptured
from payments.gift_card_models import CardKind
from payments.gift_cards import terms
from payments.gift_cards.letters import path_of
from payments.lifecycle import GIFT_CARD, PartKind, PaymentState
from payments.models import GiftCard
from payments.moves import move
from privacy import spending
from rulebook import promises

CLOCK = POLICY = "payments.card_payment"


class CardValueUnfit(Invalid):
    code = "gift_card_value_unfit"
    message = N_("The law lets a card of this kind hold at most %(most)s. Enter a sum above zero up to that.")


@transaction.atomic
def buy(*, kind: CardKind, value: Money, actor: Actor, at: datetime) -> GiftCard:
    """Order a card of `value` and open its payment; only a provider can pay it, no other card and no points.

    :raises CardValueUnfit: outside the law's limit :raises NotFound: for nobody
    :raises TooYoungToBuy, GuardianFirst, GuardianMustAgree: by law
    """
    subject_id, most = _buyer(actor), terms.most(kind, at)
    if not 0 < value.minor <= most:
        raise CardValueUnfit(field="value", most=Money(most, value.currency))
    spending.require_may_buy(subject_id=subject_id, amount=value, at=at)
    window = promises.due(POLICY, start=at, at=at)
    card = GiftCard(
        kind=kind,
        value_minor=value.minor,
        limit_minor=most,
        currency=value.currency,
        pack_version=terms.limits(at).pack_version,
        buyer_id=subject_id,
        ordered_at=at,
    )
    card.payment = capture.open_payment(
        payer_subject_id=subject_id,
        parts=[Part(card.pk, accounts.PLATFORM, value, PartKind.CARD)],
        expires_at=window.due_at,
        actor=actor,
        at=at,
    )
    card.save(force_insert=True)
    booking.book(kind=CLOCK, reference=card.pk, at=at, **window.as_booking())
    return card


def _buyer(actor: Actor) -> UUID:
    if actor.subject_id is None:
        raise NotFound()
    return actor.subject_id


@transaction.atomic
def on_payment_captured(event: PaymentCaptured, *, at: datetime) -> None:
    """The money is on the card: it is issued, once, and its buyer is told where the code is."""
    card = GiftCard.objects.filter(payment_id=event.payment_id).first()
    if card is None:
        return
    card = GiftCard.objects.locked(pk=card.pk)
    if not GIFT_CARD.allows(card.state, "issue"):
        return
    booking.meet(kind=CLOCK, reference=card.pk, at=at)
    move(
        card,
        GIFT_CARD,
        "issue",
        actor=Actor.system(),
        at=at,
        issued_at=at,
        valid_until=terms.valid_until(CardKind(card.kind), since=at),
        return_until=terms.return_until(paid_at=at),
    )
    send(
        subject_id=card.buyer_id,
        kind="payments.gift_card_issued",
        reference=card.pk,
        params={"amount": card.value, "until": card.return_until or at, "path": path_of(card)},
        at=at,
    )


@transaction.atomic
def on_payment_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody paid in time: the payment is closed and the card never was; twice is once."""
    card = GiftCard.objects.get(pk=reference)
    payment = capture.expire_payment(payment_id=card.payment_id, actor=Actor.system(), at=at)
    card = GiftCard.objects.locked(pk=reference)
    if payment.state != PaymentState.CAPTURED and GIFT_CARD.allows(card.state, "lapse"):
        move(card, GIFT_CARD, "lapse", actor=Actor.system(), at=at)
