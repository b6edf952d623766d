"""What a purchase of services yields: uses and a code for each line, good until the order's last instant."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from orders import delivery_deadlines
from orders.models import CodeKind, Order, PointCode, Voucher
from orders.pickup import codes
from orders.vouchers import terms


class NotRedeemable(DomainError):
    code = "not_redeemable"
    message = N_("Nothing of this is left to redeem. Reload the page: it says what became of it.")


def issue(order: Order, *, at: datetime) -> datetime:
    """Its services are paid: each line gets its code, and all are good as long as the longest of them."""
    days = 0
    for line in order.lines.select_related("revision").order_by("position"):
        said = terms.of_line(line)
        days = max(days, said.valid_days)
        Voucher.objects.create(
            line=line,
            order=order,
            uses_each=said.uses,
            uses=said.uses * line.quantity,
            paid_minor=line.total_minor - line.discount_minor,
            issued_at=at,
        )
        codes.make(order, kind=CodeKind.VOUCHER, line=line, at=at)
    return delivery_deadlines.start_voucher(order, days=days, at=at)


@transaction.atomic
def new_code(*, order_id: UUID, line_id: UUID, actor: Actor, at: datetime) -> PointCode:
    """Another code for a line; the one before redeems nothing any more.

    :raises NotRedeemable: when nothing of it is left; TooManyCodes
    """
    order = Order.objects.locked(order_id)
    found = PointCode.objects.live().filter(order=order, line_id=line_id).select_related("line").first()
    if found is None or found.line is None:
        raise NotRedeemable()
    return codes.make(order, kind=CodeKind.VOUCHER, line=found.line, at=at)


def of_order(order: Order) -> dict[UUID, PointCode]:
    """The live codes by line."""
    found = PointCode.objects.live().filter(order=order, kind=CodeKind.VOUCHER)
    return {each.line_id: each for each in found if each.line_id is not None}
