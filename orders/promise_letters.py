"""Letters when a promise pays: to the buyer, and to whoever runs the shop."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kernel.money import Money
from notifications.kinds import LetterKind, Value
from notifications.sending import send
from orders.announcing import path_for
from orders.events import PromiseDecided
from orders.models import PromiseRecord
from orders.reminding import shop_of_order

_SAMPLE: dict[str, Value] = {
    "number": "A7M3Q9XK2PB",
    "path": "/orders/A7M3Q9XK2PB/",
    "promise": "dispatch_24h",
    "kept": 0,
    "amount": Money(1290),
}
KINDS = (
    LetterKind("orders.promise_pays", sample=_SAMPLE),
    LetterKind("orders.promise_costs", sample={**_SAMPLE, "path": "/merchant/shan-zhi/orders/A7M3Q9XK2PB/"}),
)


def on_promise_decided(event: PromiseDecided, *, at: datetime) -> None:
    """Only one that pays is worth a letter; the order's page shows all of them."""
    if not event.owed_minor:
        return
    record = PromiseRecord.objects.select_related("order__merchant").get(pk=event.record_id)
    order = record.order
    said: dict[str, Value] = {
        "number": order.number,
        "promise": record.key,
        "kept": int(record.is_kept),
        "amount": record.owed,
    }
    send(
        subject_id=order.subject_id,
        kind="orders.promise_pays",
        reference=record.pk,
        params={**said, "path": path_for(order)},
        at=at,
    )
    path = reverse("orders:merchant-order", args=[order.merchant.slug, order.number])
    for reader in shop_of_order(order.pk).readers:
        send(
            subject_id=reader.subject_id,
            kind="orders.promise_costs",
            reference=record.pk,
            params={**said, "path": path},
            at=at,
        )
