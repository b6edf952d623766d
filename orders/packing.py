"""What a parcel holds: so many pieces of an order's lines, never more than are left to send."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from kernel.errors import N_, DomainError, Invalid
from orders.models import Order, OrderLine, ParcelLine, Shipment

Pieces = Sequence[tuple[OrderLine, int]]


class NothingToSend(Invalid):
    code = "nothing_to_send"
    message = N_("Put at least one piece into the parcel.")


class PiecesOutOfRange(Invalid):
    code = "pieces_out_of_range"
    message = N_("Only %(most)s of this item are left to send. Enter a number from 0 to %(most)s.")


class ConfirmFirst(DomainError):
    code = "confirm_first"
    message = N_("You said that you confirm this order first. Confirm it, then send it.")


class NotInOrder(Invalid):
    code = "not_in_order"
    message = N_("This item isn't in the order. Reload the page and pick again.")


def pick(order: Order, wanted: Mapping[UUID, int] | None) -> Pieces:
    """What goes into the next parcel of a locked order: {line id: pieces}, or all that is left.

    :raises NotInOrder, PiecesOutOfRange, NothingToSend: with the field to change
    :raises ConfirmFirst: while the shop hasn't said that it delivers
    """
    if order.is_unconfirmed:
        raise ConfirmFirst()
    lines = {line.pk: line for line in OrderLine.objects.of_order(order.pk)}
    if wanted is None:
        wanted = {line.pk: line.to_send for line in lines.values()}
    picked = []
    for line_id, pieces in wanted.items():
        if line_id not in lines:
            raise NotInOrder(field="lines")
        line = lines[line_id]
        if not 0 <= pieces <= line.to_send:
            raise PiecesOutOfRange(field=field_of(line), most=line.to_send)
        picked += [(line, pieces)] if pieces else []
    if not picked:
        raise NothingToSend(field="lines")
    return sorted(picked, key=lambda pair: pair[0].position)


def field_of(line: OrderLine) -> str:
    """The name of the input for this line's pieces."""
    return f"line_{line.pk.hex}"


def put_in(shipment: Shipment, pieces: Pieces) -> None:
    """The database counts them on their lines."""
    ParcelLine.objects.bulk_create(
        ParcelLine(shipment=shipment, line=line, quantity=quantity) for line, quantity in pieces
    )


def inside(shipment: Shipment) -> Pieces:
    """What an outward parcel holds, with its lines as they are now."""
    held = ParcelLine.objects.filter(shipment=shipment).select_related("line__revision")
    return [(each.line, each.quantity) for each in held.order_by("line__position")]


def arrived(order: Order) -> dict[UUID, int]:
    """How many pieces of each line the buyer has had in hand, whatever went back since."""
    held = ParcelLine.objects.filter(
        shipment__order=order, shipment__returning__isnull=True, shipment__delivered_at__isnull=False
    )
    rows = held.values_list("line").annotate(pieces=Sum("quantity"))
    return dict(rows)


def left_to_send(order: Order) -> Pieces:
    """Every line of which something is still to be sent, with how many pieces."""
    lines = OrderLine.objects.of_order(order.pk)
    return [(line, line.to_send) for line in lines if line.to_send]


def unsent_at(line: OrderLine, instant: datetime) -> int:
    """How many of a line's pieces no parcel held before `instant`, whatever became of them since."""
    held = ParcelLine.objects.filter(line=line, shipment__handed_over_at__lt=instant)
    return line.quantity - sum(held.values_list("quantity", flat=True))
