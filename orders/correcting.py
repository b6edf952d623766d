"""To whom and where an order goes, corrected until it leaves; the record of older trades stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kernel.actor import Actor
from orders.lifecycle import prove
from orders.models import Order
from orders.recipients import Recipient
from orders.states import OrderState
from privacy import persons
from privacy.correcting import Corrected

# Until a parcel is on its way.
OPEN = (OrderState.AWAITING_PAYMENT, OrderState.RESERVED, OrderState.PAID)
COLUMNS = ("recipient", "phone", "address")
RULE = "cn.trade.retention"


def correct_recipient(
    *, subject_id: UUID, values: Mapping[str, str], actor: Actor, at: datetime
) -> Corrected:
    """Change open orders and tell which ones the law keeps as they were.

    :raises RecipientIncomplete, PhoneInvalid, TextTooLong:
    """
    wanted = {name: values[name] for name in COLUMNS if name in values}
    if not wanted:
        return Corrected()
    changed, everybody = 0, persons.all_of(subject_id)
    for order in (
        Order.objects.filter(subject_id__in=everybody, state__in=OPEN).order_by("pk").select_for_update()
    ):
        now = {name: str(getattr(order, name) or "") for name in COLUMNS} | wanted
        Recipient(now["recipient"], now["phone"], now["address"]).check()
        for name, text in wanted.items():
            setattr(order, name, text)
        order.save(update_fields=list(wanted))
        order.moves.create(
            name="correct", from_state=order.state, to_state=order.state, actor=str(actor), at=at
        )
        prove(order, "orders.order.correct", {"columns": sorted(wanted)}, at=at)
        changed += 1
    frozen = Order.objects.filter(subject_id__in=everybody).exclude(state__in=OPEN)
    return Corrected(
        {f"orders.Order.{name}": changed for name in wanted} if changed else {},
        dict.fromkeys(frozen.order_by("-number").values_list("number", flat=True)[:50], RULE),
    )
