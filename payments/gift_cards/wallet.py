"""What somebody has on gift cards: balances and movements, from the ledger itself, and what a card pays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from kernel.errors import N_, NotFound
from kernel.money import Money, total
from payments import ledger, tenders
from payments.capture import Part
from payments.lifecycle import GiftCardState, PartKind
from payments.models import GiftCard, PaymentPart, Posting
from payments.tenders import Tendered

# What moved a card's money, by the purpose of the entry.
MOVEMENTS = {
    "capture": N_("Bought and paid"),
    "tender": N_("Put aside for an order"),
    "tender_back": N_("Not paid in time: put back"),
    "tender_again": N_("Put aside again: the money came late"),
    "refund": N_("Back from an order"),
    "refund:card_given_back": N_("Given back"),
    "refund_failed": N_("The refund couldn't be paid and is tried again"),
    "dispute": N_("Your bank's dispute"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A card and what is on it."""

    card: GiftCard
    balance: Money


@dataclass(frozen=True, slots=True)
class Movement:
    """What a card gained (above zero) or gave, and what stood on it afterwards."""

    at: datetime
    words: str
    amount: Money
    after: Money


def cards_of(subject_id: UUID) -> list[Held]:
    """In the wallet, those that end first at the top; in two queries."""
    cards = GiftCard.objects.in_wallet().filter(holder_id=subject_id)
    return _held(cards.order_by(F("valid_until").asc(nulls_last=True), "pk"))


def bought_by(subject_id: UUID) -> list[Held]:
    """Bought and in nobody's wallet, or in somebody else's, newest first; unpaid ones that lapsed aside."""
    cards = GiftCard.objects.filter(buyer_id=subject_id).exclude(state=GiftCardState.LAPSED)
    away = cards.filter(Q(holder__isnull=True) | ~Q(holder_id=subject_id))
    return _held(away.order_by("-ordered_at", "pk"))


def _held(cards: Iterable[GiftCard]) -> list[Held]:
    found = list(cards)
    sums = ledger.balances(card.account for card in found) if found else {}
    return [Held(card, sums.get((card.account, card.currency), Money.zero(card.currency))) for card in found]


def card_of(subject_id: UUID, card_id: UUID) -> GiftCard:
    """A card that they hold or have bought. :raises NotFound: also when it is somebody else's"""
    found = GiftCard.objects.filter(Q(holder_id=subject_id) | Q(buyer_id=subject_id), pk=card_id).first()
    if found is None:
        raise NotFound()
    return found


def movements(card: GiftCard) -> list[Movement]:
    """Every movement of a card with its running sum, newest first."""
    rows = Posting.objects.filter(account=card.account).select_related("entry")
    after, found = Money.zero(card.currency), []
    for row in rows.order_by("entry__occurred_at", "entry_id"):
        after = after + row.amount
        found.append(Movement(row.entry.occurred_at, _words(row.entry.purpose), row.amount, after))
    return found[::-1]


def _words(purpose: str) -> str:
    return MOVEMENTS.get(purpose) or MOVEMENTS[purpose.partition(":")[0]]


def spendable(subject_id: UUID, *, at: datetime) -> list[Held]:
    """The cards that can pay now, those that end first before the others."""
    return [
        held
        for held in cards_of(subject_id)
        if held.balance and (held.card.valid_until is None or at < held.card.valid_until)
    ]


def choose(*, subject_id: UUID, wanted: Money, parts: Sequence[Part], at: datetime) -> list[Tendered]:
    """Which cards pay `wanted` of these orders, and how much of each order: in proportion to the fen.

    :raises TenderSpent: when less is left on the cards
    """
    rows = [held for held in spendable(subject_id, at=at) if held.card.currency == wanted.currency]
    if total((held.balance for held in rows), wanted.currency) < wanted:
        raise tenders.TenderSpent()
    sources = [(held.card.account, held.balance.minor) for held in rows]
    return tenders.allot(sources, wanted, [(part.reference, part.amount.minor) for part in parts])


def owed(currency: str = "CNY") -> Money:
    """What the platform owes on all gift cards together, card by card from the ledger's index."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(p.amount_minor), 0) FROM payments_giftcard c"
            " JOIN payments_posting p ON p.account = 'card:' || c.id WHERE p.currency = %s",
            [currency],
        )
        (minor,) = cursor.fetchone()
    return Money(int(minor), currency)


def is_of_card(payment_id: UUID) -> bool:
    """Whether a payment buys a gift card."""
    return PaymentPart.objects.filter(payment_id=payment_id, kind=PartKind.CARD).exists()
