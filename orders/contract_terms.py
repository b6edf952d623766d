"""What was agreed, as the proof and the contract page show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from catalog import offers
from kernel.errors import N_
from law.counting import local_day
from law.returns import ListingFacts
from law.rights import Right, rights_for
from orders.models import Order, OrderLine
from rulebook import current

CONFIRMATION = N_(
    "I agree that this item can't be returned without a reason once its seal is broken. "
    "This holds for this purchase only."
)


def confirmation_wording() -> str:
    """The wording that the buyer says yes to, as kept with the yes."""
    return CONFIRMATION


def facts_of(line: OrderLine) -> ListingFacts:
    """What the law needs to know about a line: the frozen listing and this buyer's own answer."""
    found = offers.legal_facts(line.content, terms=line.terms, private_seller=line.order.by_person)
    return replace(found, confirmed=line.confirmed)


def rights_of(order: Order, line: OrderLine) -> tuple[Right, ...]:
    """The line's rights under the law at the time of the order, with dates once it is delivered."""
    return rights_for(
        pack=current.pack(order.place, order.placed_at),
        calendar=current.calendar(order.place),
        facts=facts_of(line),
        buyer_place=order.place,
        seller_place=order.merchant.place,
        at=order.placed_at,
        delivered_at=order.delivered_at,
    )


def warranty_until(order: Order, days: int) -> date | None:
    """The last day of a warranty of so many days, by the calendar of the buyer's place; None before delivery.

    It starts with delivery (IR 18); the first day isn't counted, and a rest day at the end doesn't move it.
    """
    if order.delivered_at is None:
        return None
    zone = current.pack(order.place, order.placed_at).zone
    return local_day(order.delivered_at, zone) + timedelta(days=days)


def proof(order: Order, lines: Iterable[OrderLine]) -> dict[str, Any]:
    """Terms of the contract for the evidence log: ids, sums and versions."""
    return {
        "merchant": str(order.merchant_id),
        "seller_kind": str(order.seller_kind),
        "total_minor": order.total_minor,
        "freight_minor": order.freight_minor,
        **({"discount_minor": order.discount_minor} if order.discount_minor else {}),
        "currency": order.currency,
        **({"destination": order.destination} if order.destination else {}),
        **({"delivery": order.delivery, "days": order.express_days} if order.express_days else {}),
        **({"confirm_hours": order.confirm_hours} if order.confirm_hours else {}),
        "law": order.pack_version,
        "calendar": order.calendar_version,
        "lines": [
            {
                "revision": str(line.revision_id),
                "variant": str(line.variant_id),
                **({"set": str(line.set_revision_id)} if line.set_revision_id else {}),
                "quantity": line.quantity,
                **({"gift": str(line.gift_id), "gift_minor": line.gift_minor} if line.gift_id else {}),
                "unit_minor": line.unit_minor,
                **({"discount_minor": line.discount_minor} if line.discount_minor else {}),
                "exclusion": line.exclusion,
                "confirmed": line.confirmed,
                "promises": line.promises,
                "tax": line.tax,
            }
            for line in lines
        ],
    }
