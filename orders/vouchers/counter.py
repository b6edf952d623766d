"""At the counter, whatever a code is for: an order handed over, a return taken in, a service redeemed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from orders.models import CodeKind, PointCode
from orders.pickup import codes, handing
from orders.vouchers import redeeming


def take(
    *,
    merchant_id: UUID,
    text: str,
    point_id: UUID | None = None,
    pieces: int = 1,
    actor: Actor,
    at: datetime,
) -> PointCode:
    """`pieces`: so many uses of a service; `point_id`: where a return is handed in.

    :raises CodeUnknown: also for another shop's; and those of `handing.take` and `redeeming.redeem`
    """
    if codes.find(merchant_id=merchant_id, text=text).kind == CodeKind.VOUCHER:
        return redeeming.redeem(merchant_id=merchant_id, text=text, pieces=pieces, actor=actor, at=at)
    return handing.take(merchant_id=merchant_id, text=text, point_id=point_id, actor=actor, at=at)
