"""Sending many parcels at once: checked row by row first, then sent one by one, and safe to begin again.

Rows with the same order and number are one parcel. A parcel that stands already is left as it is, so the same
rows sent again only do what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders import fulfilment, parcel_numbers
from orders.bulk_rows import BulkRow
from orders.lifecycle import ORDER
from orders.models import Order, OrderLine, Shipment
from orders.packing import NothingToSend, PiecesOutOfRange

CARRIER = "sandbox"


class LineUnreadable(Invalid):
    code = "line_unreadable"
    message = N_("Write the order number, a space, and the tracking number.")


class OrderUnknown(Invalid):
    code = "order_unknown"
    message = N_("No order of yours has this number.")


class SkuNotInOrder(Invalid):
    code = "sku_not_in_order"
    message = N_("The order holds nothing with this SKU.")


class SkuNeeded(Invalid):
    code = "sku_needed"
    message = N_("The order holds several things. Write the SKU beside the pieces.")


class PiecesUnreadable(Invalid):
    code = "pieces_unreadable"
    message = N_("Write the pieces as a whole number from 1.")


class RowOfSameParcel(Invalid):
    code = "row_of_same_parcel"
    message = N_("Another row of the same parcel is wrong, so this one stays, too.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row: refused, sent before, or (to be) sent with so many pieces."""

    line: int
    text: str
    refusal: DomainError | None = None
    before: bool = False
    pieces: int = 0


@dataclass(slots=True)
class Parcel:
    """The rows of one parcel; `pieces` is what goes into it, by line."""

    rows: list[BulkRow]
    order_id: UUID | None = None
    number: str = ""
    before: bool = False
    pieces: dict[UUID, int] = field(default_factory=dict)
    wrong: dict[int, DomainError] = field(default_factory=dict)

    def refuse(self, row: BulkRow, refusal: DomainError) -> None:
        self.wrong.setdefault(row.number, refusal)

    def outcomes(self) -> list[Outcome]:
        whole = RowOfSameParcel() if self.wrong else None
        pieces = sum(self.pieces.values())
        return [
            Outcome(
                row.number, row.text, self.wrong.get(row.number, whole), self.before, 0 if whole else pieces
            )
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows name, fetched in three statements; `left` goes down as parcels are planned."""

    orders: Mapping[str, Order]
    lines: Mapping[UUID, Sequence[OrderLine]]
    taken: dict[str, UUID]
    left: dict[UUID, int]


def check(*, merchant_id: UUID, rows: Sequence[BulkRow]) -> list[Outcome]:
    """What would become of every row, in the rows' order; nothing is written."""
    return _in_order(_planned(merchant_id, rows))


def ship_rows(*, merchant_id: UUID, rows: Sequence[BulkRow], actor: Actor, at: datetime) -> list[Outcome]:
    """Send every parcel that is right; each by itself, none stops another."""
    planned = _planned(merchant_id, rows)
    for parcel in planned:
        if parcel.wrong or parcel.before or parcel.order_id is None:
            continue
        try:
            fulfilment.ship(
                order_id=parcel.order_id,
                tracking_number=parcel.number,
                carrier=CARRIER,
                pieces=parcel.pieces,
                actor=actor,
                at=at,
            )
        except DomainError as refusal:
            parcel.refuse(parcel.rows[0], refusal)
    return _in_order(planned)


def _in_order(planned: Iterable[Parcel]) -> list[Outcome]:
    found = [outcome for parcel in planned for outcome in parcel.outcomes()]
    return sorted(found, key=lambda outcome: outcome.line)


def _planned(merchant_id: UUID, rows: Sequence[BulkRow]) -> list[Parcel]:
    known = _known(merchant_id, rows)
    by_parcel = sorted(rows, key=lambda row: (*_key(row), row.number))
    parcels = [Parcel(list(group)) for _key_of, group in groupby(by_parcel, key=_key)]
    parcels.sort(key=lambda parcel: parcel.rows[0].number)
    for parcel in parcels:
        _plan(parcel, known)
    return parcels


def _key(row: BulkRow) -> tuple[str, str]:
    return row.order.upper(), "".join(row.tracking.split()).upper()


def _known(merchant_id: UUID, rows: Sequence[BulkRow]) -> Known:
    orders = Order.objects.of_merchant(merchant_id).filter(number__in={_key(row)[0] for row in rows})
    by_number = {order.number: order for order in orders.shown_to_merchants()}
    lines: dict[UUID, list[OrderLine]] = {}
    held = OrderLine.objects.filter(order__in=list(by_number.values())).select_related("variant")
    for line in held.order_by("order_id", "position"):
        lines.setdefault(line.order_id, []).append(line)
    numbers = Shipment.objects.filter(carrier=CARRIER, tracking_number__in={_key(row)[1] for row in rows})
    left = {line.pk: line.to_send for each in lines.values() for line in each}
    return Known(by_number, lines, dict(numbers.values_list("tracking_number", "order_id")), left)


def _plan(parcel: Parcel, known: Known) -> None:
    """What goes into it, or what is wrong with which of its rows."""
    first = parcel.rows[0]
    try:
        order = _order(first, known)
        parcel.number = parcel_numbers.clean(CARRIER, first.tracking)
        if parcel.number in known.taken:
            if known.taken[parcel.number] != order.pk:
                raise fulfilment.TrackingNumberTaken()
            parcel.before = True
            return
        ORDER.target(order.state, "ship")
    except DomainError as refusal:
        parcel.refuse(first, refusal)
        return
    parcel.order_id = order.pk
    for row in parcel.rows:
        try:
            _put_in(parcel, row, known.lines[order.pk], known.left)
        except DomainError as refusal:
            parcel.refuse(row, refusal)
    if not parcel.wrong:
        known.taken[parcel.number] = order.pk
        for line_id, pieces in parcel.pieces.items():
            known.left[line_id] -= pieces


def _order(row: BulkRow, known: Known) -> Order:
    if row.problem or not row.tracking:
        raise LineUnreadable()
    if row.order.upper() not in known.orders:
        raise OrderUnknown()
    return known.orders[row.order.upper()]


def _put_in(parcel: Parcel, row: BulkRow, lines: Sequence[OrderLine], left: Mapping[UUID, int]) -> None:
    """The pieces of one row, over all lines with its SKU."""
    wanted = [line for line in lines if not row.sku or line.variant.sku.lower() == row.sku.lower()]
    if not wanted:
        raise SkuNotInOrder()
    if row.pieces and not row.sku and len(lines) > 1:
        raise SkuNeeded()
    free = {line.pk: left[line.pk] - parcel.pieces.get(line.pk, 0) for line in wanted}
    most = sum(free.values())
    asked = _whole(row.pieces) if row.pieces else most
    if not most:
        raise NothingToSend()
    if asked > most:
        raise PiecesOutOfRange(most=most)
    for line_id, pieces in free.items():
        taken = min(pieces, asked)
        asked -= taken
        if taken:
            parcel.pieces[line_id] = parcel.pieces.get(line_id, 0) + taken


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 7):
        raise PiecesUnreadable()
    return int(text)
