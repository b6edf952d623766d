"""A use is written down with its share of the money and the instant at which the shop gets it."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from orders import delivery_deadlines
from orders.lifecycle import prove
from orders.models import Order, Voucher, VoucherUse
from orders.vouchers import sums


def use(
    order: Order, voucher: Voucher, times: int, *, missed: bool = False, actor: Actor, at: datetime
) -> None:
    """So many uses of a locked order's voucher, whose count a trigger raises."""
    for number in range(voucher.used + 1, voucher.used + times + 1):
        worth = sums.share(paid=voucher.paid_minor, uses=voucher.uses, number=number)
        window = delivery_deadlines.use_window(order, at=at)
        made = VoucherUse.objects.create(
            voucher=voucher,
            order=order,
            number=number,
            share_minor=worth,
            missed=missed,
            used_at=at,
            used_by=str(actor),
            release_at=window.due_at,
        )
        delivery_deadlines.book_use(made, window, at=at)
        said = {"line": str(voucher.pk), "number": number, "share_minor": worth, "missed": missed}
        prove(order, "orders.voucher.use", said, at=at)
    voucher.refresh_from_db()
