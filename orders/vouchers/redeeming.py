"""A service is rendered: so many uses of a voucher are redeemed; a piece is delivered when it is used up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import packing
from orders.lifecycle import OrderState
from orders.models import CodeKind, Order, OrderLine, PointCode, Voucher
from orders.pickup import codes
from orders.vouchers import appointments, delivering, terms, using


class VoucherOver(DomainError):
    code = "voucher_over"
    message = N_("This voucher was good until %(until)s. What wasn't redeemed goes back to the buyer.")


@transaction.atomic
def redeem(*, merchant_id: UUID, text: str, pieces: int, actor: Actor, at: datetime) -> PointCode:
    """So many uses of the voucher with this code; the last one ends the code.

    :raises CodeUnknown: also for another shop's, or one that was used up; VoucherOver: after its time
    :raises PiecesOutOfRange: for none, or more than are left
    :raises NotItsTime: where it is used by appointment, and there is none now
    """
    found = codes.find(merchant_id=merchant_id, text=text)
    order = Order.objects.select_related("merchant").locked(found.order_id)
    found = codes.find(merchant_id=merchant_id, text=text)
    if found.kind != CodeKind.VOUCHER or found.line_id is None or order.state != OrderState.PAID:
        raise codes.CodeUnknown(field="code")
    if order.collect_by is not None and at >= order.collect_by:
        raise VoucherOver(until=order.collect_by)
    line = OrderLine.objects.select_related("revision").get(pk=found.line_id)
    voucher = Voucher.objects.get(pk=line.pk)
    if not 0 < pieces <= voucher.left:
        raise packing.PiecesOutOfRange(field="pieces", most=voucher.left)
    appointments.take_now(voucher, terms.of_line(line), pieces, actor=actor, at=at)
    using.use(order, voucher, pieces, actor=actor, at=at)
    delivering.deliver_used_up(order, line, actor=actor, at=at)
    return found
