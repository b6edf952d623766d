"""A piece of a service of which every use is gone has been delivered: a parcel that has come at once."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from orders import fulfilment, packing, progress
from orders.lifecycle import prove
from orders.models import Order, OrderLine, PointCode, Shipment, Voucher
from orders.scan_kinds import VOUCHER


def deliver_used_up(
    order: Order, line: OrderLine, *, begun: bool = False, actor: Actor, at: datetime
) -> None:
    """Of a locked order; `begun`: the piece that is used in part as well. The code ends with the last use."""
    voucher = Voucher.objects.get(pk=line.pk)
    if not voucher.left:
        PointCode.objects.live().filter(order=order, line=line).update(ended_at=at)
    pieces, rest = divmod(voucher.used, voucher.uses_each)
    pieces += 1 if begun and rest else 0
    pieces -= line.sent_quantity
    if pieces <= 0:
        return
    number = f"{order.number}-{len(progress.outward(order)) + 1}"
    parcel = Shipment.objects.create(order=order, carrier=VOUCHER, tracking_number=number, handed_over_at=at)
    packing.put_in(parcel, [(line, pieces)])
    prove(order, "orders.voucher.deliver", {"line": str(line.pk), "pieces": pieces}, at=at)
    fulfilment.take_delivery(parcel, order, signed_at=at, actor=actor, at=at)
