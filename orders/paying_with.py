"""Gift cards and points at the checkout: how much of a purchase they pay, by order and to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money, total
from payments.capture import Part
from payments.gift_cards import wallet
from payments.points import spending, terms
from payments.tenders import Tendered


class TenderAboveTotal(Invalid):
    code = "tender_above_total"
    message = N_("Your gift cards can pay at most what this costs: %(most)s. Enter a smaller sum.")


class PointsAboveShare(Invalid):
    code = "points_above_share"
    message = N_("Points can pay at most %(most)s of this. Use fewer points.")


class TendersNotReserved(Invalid):
    """A payment is reserved as a whole or not at all (decision 0164)."""

    code = "tenders_not_reserved"
    message = N_(
        "A shop has to confirm first, so your bank only reserves the sum. Gift cards and points can't be"
        " reserved: pay without them, or buy these goods apart. Nothing was taken."
    )


class OthersWallet(DomainError):
    """Acting for somebody, with any mandate."""

    code = "others_wallet"
    status = 403
    message = N_("Gift cards and points are spent only by whom they belong to. Nothing was taken.")


@dataclass(frozen=True, slots=True)
class PayWith:
    """In whole minor units of the purchase's currency; nothing: all of it is due at a provider."""

    cards_minor: int = 0
    points_minor: int = 0

    @property
    def minor(self) -> int:
        return self.cards_minor + self.points_minor


NOTHING = PayWith()


def tendered(
    chosen: PayWith,
    *,
    subject_id: UUID,
    parts: Sequence[Part],
    actor: Actor,
    at: datetime,
) -> list[Tendered]:
    """What pays how much of each order, in proportion to the orders; nothing chosen asks nothing.

    :raises OthersWallet: for whoever acts under a mandate
    :raises TenderAboveTotal, PointsAboveShare: :raises TenderSpent: when less is left there than chosen
    """
    if not chosen.minor:
        return []
    if actor.by is not None:
        raise OthersWallet()
    whole = total((part.amount for part in parts), parts[0].amount.currency)
    _check(chosen, whole, at=at)
    points = _points(chosen, subject_id, parts, Money(chosen.points_minor, whole.currency), at=at)
    if not chosen.cards_minor:
        return points
    paid = {one.reference: one.amount for one in points}
    none = Money.zero(whole.currency)
    left = [replace(part, amount=part.amount - paid.get(part.reference, none)) for part in parts]
    wanted = Money(chosen.cards_minor, whole.currency)
    return [*wallet.choose(subject_id=subject_id, wanted=wanted, parts=left, at=at), *points]


def require_nothing_tendered(chosen: PayWith) -> None:
    """:raises TendersNotReserved: where a shop has to confirm first, all of it is paid at a provider"""
    if chosen.minor:
        raise TendersNotReserved(field="pay_cards")


def _check(chosen: PayWith, whole: Money, *, at: datetime) -> None:
    share = terms.share(whole, at)
    if chosen.points_minor < 0 or chosen.points_minor > share.minor:
        raise PointsAboveShare(field="pay_points", most=str(share))
    most = whole - Money(chosen.points_minor, whole.currency)
    if chosen.cards_minor < 0 or chosen.cards_minor > most.minor:
        raise TenderAboveTotal(field="pay_cards", most=str(most))


def _points(
    chosen: PayWith, subject_id: UUID, parts: Sequence[Part], wanted: Money, *, at: datetime
) -> list[Tendered]:
    if not chosen.points_minor:
        return []
    return spending.choose(subject_id=subject_id, wanted=wanted, parts=parts, at=at)
