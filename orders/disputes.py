"""When the payer's bank asks an order's money back: the order waits, and both sides are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from kernel.actor import Actor
from kernel.money import Money
from merchants import telling
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders import holds, refunding
from orders.announcing import path_for
from orders.lifecycle import prove
from orders.models import Order
from payments.disputes import is_running
from payments.events import DisputeEnded, DisputeOpened

HOLD = "dispute"
_DAY = datetime.fromisoformat("2026-11-24T00:40:00+00:00")
_SAMPLE: dict[str, Value] = {"number": "A7M3Q9XK2PB", "path": "/", "amount": Money(12900)}
_SHOP: dict[str, Value] = {**_SAMPLE, "shop": "清川茶叶"}

LETTERS = (
    LetterKind("orders.dispute_noted", sample=_SAMPLE),
    LetterKind("orders.dispute_won", sample=_SAMPLE),
    LetterKind("orders.dispute_lost", sample=_SAMPLE),
    LetterKind("orders.shop_dispute_opened", sample={**_SHOP, "until": _DAY}),
    LetterKind("orders.shop_dispute_won", sample=_SHOP),
    LetterKind("orders.shop_dispute_lost", sample=_SHOP),
)


@transaction.atomic
def on_dispute_opened(event: DisputeOpened, *, at: datetime) -> None:
    """The money has left escrow already; the hold keeps the order from settling on what is left."""
    order = Order.objects.filter(pk=event.reference).first()
    if order is None or not is_running(event.dispute_id):
        return
    holds.place(order_id=order.pk, reason=HOLD, reference=event.dispute_id, actor=Actor.system(), at=at)
    amount = Money(event.amount_minor, event.currency)
    _tell(order, "dispute_noted", amount, shop={"until": event.answer_by}, shop_kind="opened", at=at)


@transaction.atomic
def on_dispute_ended(event: DisputeEnded, *, at: datetime) -> None:
    """Won: the order goes on. Lost: what the payer has back counts like a refund."""
    if not Order.objects.filter(pk=event.reference).exists():
        return
    order, actor = Order.objects.locked(event.reference), Actor.provider("payments")
    amount = Money(event.amount_minor, event.currency)
    if not event.won:
        order.refunded_minor = min(order.total_minor, order.refunded_minor + amount.minor)
        order.save(update_fields=["refunded_minor"])
        said = {"amount_minor": amount.minor, "purpose": f"dispute:{event.dispute_id}"}
        prove(order, "orders.order.give_back", said, at=at)
        refunding.end_if_empty(order, actor=actor, at=at)
    holds.lift(order_id=order.pk, reason=HOLD, reference=event.dispute_id, actor=actor, at=at)
    word = "won" if event.won else "lost"
    _tell(order, f"dispute_{word}", amount, shop={}, shop_kind=word, at=at)


def _tell(
    order: Order, kind: str, amount: Money, *, shop: dict[str, Value], shop_kind: str, at: datetime
) -> None:
    said: dict[str, Value] = {"number": order.number, "amount": amount}
    buyer = {**said, "path": path_for(order)}
    send(subject_id=order.subject_id, kind=f"orders.{kind}", reference=order.pk, params=buyer, at=at)
    path = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    telling.owners(
        order.merchant,
        f"orders.shop_dispute_{shop_kind}",
        reference=order.pk,
        at=at,
        path=path,
        **{**said, **shop},
    )


def pack_of(order_id: UUID) -> str:
    """What shows that the buyer got what was paid for, as plain text: times and numbers, no address."""
    order = Order.objects.filter(pk=order_id).first()
    if order is None:
        return ""
    lines = [f"Order {order.number}, placed {_utc(order.placed_at)}, paid {_utc(order.paid_at)}"]
    for line in order.lines.order_by("position"):
        paid = Money(line.total_minor + line.freight_minor - line.discount_minor, order.currency)
        lines.append(f"{line.quantity} x {line.listing_id} revision {line.revision_id}: {paid}")
    lines += [
        f"Parcel {one.carrier} {one.tracking_number}, handed over {_utc(one.handed_over_at)},"
        f" delivered {_utc(one.delivered_at)}"
        for one in order.shipments.filter(returning=None, claim=None).order_by("handed_over_at", "id")
    ]
    lines.append(f"Given back so far: {Money(order.refunded_minor, order.currency)} of {order.total}")
    return "\n".join(lines)


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "-"
