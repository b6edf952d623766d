"""Letters about appointments: to the buyer what the shop did, to the shop what the buyer did."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from merchants import telling
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders.announcing import path_for
from orders.events import AppointmentChanged
from orders.models import Order

_DAY = datetime.fromisoformat("2026-11-24T06:00:00+00:00")
_SAMPLE: dict[str, Value] = {"number": "A7M3Q9XK2PB", "path": "/", "start": _DAY}
_SHOP: dict[str, Value] = {**_SAMPLE, "shop": "清川茶叶"}

LETTERS = (
    LetterKind("orders.appointment_booked", sample=_SAMPLE),
    LetterKind("orders.appointment_cancelled_by_shop", sample=_SAMPLE),
    LetterKind("orders.appointment_missed", sample=_SAMPLE),
    LetterKind("orders.appointment_missed_free", sample=_SAMPLE),
    LetterKind("orders.voucher_shop_closes", sample={"number": "A7M3Q9XK2PB", "path": "/", "until": _DAY}),
    LetterKind("orders.shop_appointment_booked", sample=_SHOP),
    LetterKind("orders.shop_appointment_cancelled", sample=_SHOP),
)
TO_BUYER = {
    "booked": "booked",
    "moved": "booked",
    "cancelled_by_shop": "cancelled_by_shop",
    "missed": "missed",
    "missed_free": "missed_free",
}
TO_SHOP = {"booked": "booked", "moved": "booked", "cancelled": "cancelled"}


def on_appointment_changed(event: AppointmentChanged, *, at: datetime) -> None:
    """Both sides learn of it, as far as the other one did it; a booked one is confirmed to its buyer."""
    order = Order.objects.select_related("merchant").get(pk=event.order_id)
    said: dict[str, Value] = {"number": order.number, "start": event.starts_at}
    if event.what in TO_BUYER:
        kind = f"orders.appointment_{TO_BUYER[event.what]}"
        buyer = {**said, "path": path_for(order)}
        send(subject_id=order.subject_id, kind=kind, reference=event.appointment_id, params=buyer, at=at)
    if event.what in TO_SHOP:
        telling.owners(
            order.merchant,
            f"orders.shop_appointment_{TO_SHOP[event.what]}",
            reference=event.appointment_id,
            at=at,
            path=reverse("orders:merchant-order", args=[order.merchant.slug, order.number]),
            **said,
        )
