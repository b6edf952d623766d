"""When the payer's bank asks an order's money back: the order waits, and both sides are told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from deadlines import booking
from deadlines.models import State
from kernel.actor import Actor
from kernel.money import Money
from merchants import telling
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders import (
    cancellation,
    deadlines,
    delivery_deadlines,
    earning,
    express,
    holds,
    import_duties,
    parcels,
    promise_sums,
    refunding,
    returns,
)
from orders.announcing import path_for
from orders.dispute_wait import HOLD, is_waiting
from orders.events import HoldLifted
from orders.invoices import crediting
from orders.lifecycle import OrderState, ReturnState, prove
from orders.models import Order, Return, Shipment
from orders.pickup import waiting
from orders.vouchers import lapsing
from payments.awards import owing
from payments.disputes import is_running
from payments.events import DisputeEnded, DisputeOpened

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
        taken, cause = min(amount, order.left), f"dispute:{event.dispute_id}"
        order.refunded_minor += taken.minor
        order.save(update_fields=["refunded_minor"])
        import_duties.follow(order, at=at)
        if taken:
            crediting.follow(order, amount=taken, cause=cause, at=at)
            earning.follow(order, at=at)
        prove(order, "orders.order.give_back", {"amount_minor": amount.minor, "purpose": cause}, at=at)
        refunding.end_if_empty(order, actor=actor, at=at)
    holds.lift(order_id=order.pk, reason=HOLD, reference=event.dispute_id, actor=actor, at=at)
    word = "won" if event.won else "lost"
    _tell(order, f"dispute_{word}", amount, shop={}, shop_kind=word, at=at)


def catch_up(event: HoldLifted, *, at: datetime) -> None:
    """What clocks decided while the money waited apart happens now: silence never costs the buyer."""
    if event.reason != HOLD or is_waiting(event.order_id):
        return
    for parcel in Shipment.objects.filter(order_id=event.order_id).order_by("handed_over_at", "pk"):
        if parcel.is_under_way and not parcels.catch_up(shipment_id=parcel.pk, at=at):
            if has_fired(deadlines.PARCEL_SILENCE, parcel.pk):
                parcels.give_up_parcel(shipment_id=parcel.pk, at=at)
    for returning in Return.objects.of_order(event.order_id).filter(state=ReturnState.RECEIVED):
        if has_fired(deadlines.RETURN_INSPECTION, returning.pk):
            returns.refund(return_id=returning.pk, by_silence=True, actor=Actor.system(), at=at)
    if has_fired(delivery_deadlines.EXPRESS, event.order_id):
        express.give_back_surcharge(order_id=event.order_id, actor=Actor.system(), at=at)
    if has_fired(delivery_deadlines.PICKUP, event.order_id):
        waiting.give_up(order_id=event.order_id, actor=Actor.system(), at=at)
    if has_fired(delivery_deadlines.VOUCHER, event.order_id):
        lapsing.lapse(order_id=event.order_id, actor=Actor.system(), at=at)
    unsent = Order.objects.filter(pk=event.order_id, state=OrderState.PAID).exists()
    if unsent and has_fired(deadlines.DISPATCH_LIMIT, event.order_id):
        cancellation.cancel(order_id=event.order_id, cause="never_dispatched", actor=Actor.system(), at=at)
    promise_sums.pay_open(event.order_id, at=at)
    owing.gather_waiting(event.order_id, at=at)


def has_fired(kind: str, reference: UUID) -> bool:
    """Whether the newest clock of the kind has run out."""
    rows = [each for each in booking.of(reference) if each.kind == kind]
    return bool(rows) and rows[-1].state == State.FIRED


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
