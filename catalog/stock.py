"""Holding, selling and counting pieces; rows are locked in id order, all or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from catalog import together
from catalog.events import VariantSoldOut
from catalog.lifecycle import RESERVATION, VariantState
from catalog.models import Listing, Reservation, Stock, StockChange, Variant
from catalog.setting_aside import set_aside
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from outbox import bus

MOST = 1_000_000
# An order's own deadline releases its pieces; this only finds what nobody released.
ORPHAN_GRACE = timedelta(minutes=10)


class OutOfStock(DomainError):
    """`variant_ids` names every line that can't be had."""

    code = "out_of_stock"
    message = N_("Something in your cart just sold out. Nothing was ordered; take it out and try again.")

    def __init__(self, variant_ids: Sequence[UUID]) -> None:
        super().__init__(variant_ids=[str(each) for each in variant_ids])
        self.variant_ids = list(variant_ids)


class QuantityRefused(Invalid):
    code = "quantity_refused"
    message = N_("Enter a whole number from 1 to %(limit)s.")


class CountTooLow(DomainError):
    code = "count_too_low"
    message = N_("%(reserved)s pieces are held for buyers, so the count can't go below that.")


class ReservationGone(DomainError):
    code = "reservation_gone"
    message = N_("The pieces were no longer held, because the time to pay had passed.")


def reserve(
    *, lines: Sequence[tuple[UUID, int]], reference: UUID, expires_at: datetime, at: datetime
) -> None:
    """Hold the pieces of every line, or of none; asked again for the same reference it changes nothing.

    :raises OutOfStock: naming every short line :raises QuantityRefused:
    """
    wanted: Counter[UUID] = Counter()
    for variant_id, quantity in lines:
        if type(quantity) is not int or not 0 < quantity <= MOST:
            raise QuantityRefused(limit=MOST)
        wanted[variant_id] += quantity
    if short := set_aside(wanted, reference=reference, expires_at=expires_at, at=at):
        raise OutOfStock(short)


@transaction.atomic
def commit(*, reference: UUID, at: datetime) -> list[Reservation]:
    """The held pieces are sold; done already, it changes nothing.

    :raises ReservationGone: they were released meanwhile, or never held
    """
    return _end(reference, "commit", at)


@transaction.atomic
def release(*, reference: UUID, at: datetime) -> list[Reservation]:
    """Give the held pieces back to the shelf; done already, or sold, it changes nothing."""
    return _end(reference, "release", at)


def _end(reference: UUID, name: str, at: datetime) -> list[Reservation]:
    variant_ids = list(Reservation.objects.of(reference).values_list("variant_id", flat=True))
    stocks = {row.pk: row for row in Stock.objects.locked(variant_ids)}
    rows = Reservation.objects.locked_for(reference)
    open_ones = [row for row in rows if RESERVATION.allows(row.state, name)]
    target = RESERVATION.moves[name][1]
    if name == "commit" and (not rows or any(row.state not in ("held", target) for row in rows)):
        raise ReservationGone
    for row in open_ones:
        row.state, row.ended_at = target, at
        stock = stocks[row.variant_id]
        stock.reserved -= row.quantity
        if name == "commit":
            stock.on_hand -= row.quantity
            stock.sold += row.quantity
    touched = [stocks[row.variant_id] for row in open_ones]
    Stock.objects.bulk_update(touched, ["on_hand", "reserved", "sold"])
    Reservation.objects.bulk_update(open_ones, ["state", "ended_at"])
    if name == "commit":
        _tell_of_last([row for row in touched if row.on_hand == 0], at=at)
    return rows


def _tell_of_last(gone: Sequence[Stock], *, at: datetime) -> None:
    """What was sold to the last piece; most sales aren't, and cost nothing here."""
    if not gone:
        return
    wanted = {row.listing_id for row in gone}
    shops = dict(Listing.objects.filter(pk__in=wanted).values_list("pk", "merchant_id"))
    facts = [VariantSoldOut(row.listing_id, shops[row.listing_id], row.pk) for row in gone]
    bus.publish_all(facts, at=at)


@transaction.atomic
def add(*, variant_id: UUID, quantity: int, actor: Actor, at: datetime, reason: str = "added") -> Stock:
    """Change the count by `quantity` (a return or delivery is positive, a loss negative).

    :raises CountTooLow: :raises QuantityRefused: :raises NotFound:
    """
    row = _locked(variant_id)
    return _write(row, row.on_hand + quantity, reason=reason, actor=actor, at=at)


@transaction.atomic
def put_back(*, variant_id: UUID, quantity: int, actor: Actor, at: datetime, reason: str) -> Stock:
    """Pieces that were sold are on the shelf again. A full count never stands in a cancellation's way.

    :raises NotFound:
    """
    row = _locked(variant_id)
    return _write(row, min(row.on_hand + quantity, MOST), reason=reason, actor=actor, at=at)


@transaction.atomic
def count(*, variant_id: UUID, on_hand: int, actor: Actor, at: datetime) -> Stock:
    """Set the count to what was found on the shelf, pieces held for buyers included.

    :raises CountTooLow: :raises QuantityRefused: :raises NotFound:
    """
    with together.alone():
        return count_all(counts=[(variant_id, on_hand)], actor=actor, at=at)[0]


@transaction.atomic
def count_all(*, counts: Sequence[tuple[UUID, int]], actor: Actor, at: datetime) -> list[Stock]:
    """Set several counts, each variant once; all or none.

    :raises RowsRefused: with what `count` raises, for every row that can't be
    """
    rows = {row.pk: row for row in Stock.objects.locked(pk for pk, _on_hand in counts)}

    def change(counted: tuple[UUID, int]) -> StockChange | None:
        if counted[0] not in rows:
            raise NotFound
        return _changed(rows[counted[0]], counted[1], reason="counted", actor=actor, at=at)

    changes = list(filter(None, together.each(counts, change)))
    Stock.objects.bulk_update([rows[each.variant_id] for each in changes], ["on_hand"])
    StockChange.objects.bulk_create(changes)
    return [rows[pk] for pk, _on_hand in counts]


def _locked(variant_id: UUID) -> Stock:
    rows = Stock.objects.locked([variant_id])
    if not rows:
        raise NotFound
    return rows[0]


def _write(row: Stock, on_hand: int, *, reason: str, actor: Actor, at: datetime) -> Stock:
    change = _changed(row, on_hand, reason=reason, actor=actor, at=at)
    if change is not None:
        row.save(update_fields=["on_hand"])
        change.save(force_insert=True)
    return row


def _changed(row: Stock, on_hand: int, *, reason: str, actor: Actor, at: datetime) -> StockChange | None:
    """The row with its new count, and what history says of it; neither is written yet."""
    if not 0 <= on_hand <= MOST:
        raise QuantityRefused(limit=MOST)
    if on_hand < row.reserved:
        raise CountTooLow(reserved=row.reserved)
    quantity, row.on_hand = on_hand - row.on_hand, on_hand
    if not quantity:
        return None
    return StockChange(
        listing_id=row.listing_id,
        variant_id=row.pk,
        quantity=quantity,
        on_hand_after=on_hand,
        reason=reason,
        actor=str(actor),
        at=at,
    )


def release_orphans(*, at: datetime, limit: int = 200) -> int:
    """Give back what is held long past its time because its order never did."""
    references = list(
        Reservation.objects.overdue(at - ORPHAN_GRACE).values_list("reference", flat=True).distinct()[:limit]
    )
    for reference in references:
        release(reference=reference, at=at)
    return len(references)


@dataclass(frozen=True, slots=True)
class Pieces:
    """One variant's stock; what is retired or was never on sale can't be bought, whatever lies there."""

    on_hand: int = 0
    reserved: int = 0
    sold: int = 0
    active: bool = False

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved if self.active else 0


NO_PIECES = Pieces()


def pieces(listing: Listing) -> dict[UUID, Pieces]:
    """The stock of each variant: fetched beside the listing (`with_pieces`), else by one statement."""
    rows = getattr(listing, "pieces", None)
    if rows is None:
        rows = getattr(Listing.objects.with_pieces().only("pk").get(pk=listing.pk), "pieces", [])
    return {
        UUID(row["variant"]): Pieces(
            row["on_hand"], row["reserved"], row["sold"], row["state"] == VariantState.ACTIVE
        )
        for row in rows
    }


def available(listing: Listing) -> int:
    """Pieces of any variant that can be bought now; 0 where stock was never counted."""
    return sum(each.available for each in pieces(listing).values())


def of_variant(variant: Variant) -> Pieces:
    """The stock of a variant that was fetched with it."""
    stock: Stock | None = getattr(variant, "stock", None)
    if stock is None:
        return NO_PIECES
    return Pieces(stock.on_hand, stock.reserved, stock.sold, variant.is_active)
