"""Gift cards at the checkout: how much of a purchase they pay, spread over its orders to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.errors import N_, Invalid
from kernel.money import Money, total
from payments.capture import Part
from payments.gift_cards import wallet
from payments.tenders import Tendered


class TenderAboveTotal(Invalid):
    code = "tender_above_total"
    message = N_("Your gift cards can pay at most what this costs: %(most)s. Enter a smaller sum.")


@dataclass(frozen=True, slots=True)
class PayWith:
    """In whole minor units of the purchase's currency; nothing: all of it is due at a provider."""

    cards_minor: int = 0

    @property
    def minor(self) -> int:
        return self.cards_minor


NOTHING = PayWith()


def tendered(chosen: PayWith, *, subject_id: UUID, parts: Sequence[Part], at: datetime) -> list[Tendered]:
    """What pays how much of each order, in proportion to the orders; nothing chosen asks nothing.

    :raises TenderAboveTotal: :raises TenderSpent: when less is left there than chosen
    """
    if not chosen.minor:
        return []
    whole = total((part.amount for part in parts), parts[0].amount.currency)
    if chosen.minor < 0 or chosen.minor > whole.minor:
        raise TenderAboveTotal(field="pay_cards", most=str(whole))
    return wallet.choose(
        subject_id=subject_id, wanted=Money(chosen.cards_minor, whole.currency), parts=parts, at=at
    )
