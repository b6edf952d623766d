"""Letters that this app sends; texts in templates/letters/orders/."""

from __future__ import annotations

from datetime import UTC, datetime

from kernel.money import Money
from notifications.kinds import LetterKind, Value

_DAY = datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
_ORDER: dict[str, Value] = {"number": "A7M3Q9XK2PB", "path": "/orders/A7M3Q9XK2PB/"}
_SUM: dict[str, Value] = {**_ORDER, "amount": Money(12900)}
_DATED: dict[str, Value] = {**_ORDER, "until": _DAY}
_RETURN: dict[str, Value] = {**_ORDER, "return_number": "R7M3Q9XK2PB"}

KINDS = (
    LetterKind("orders.order_paid", sample={**_SUM, "until": _DAY}),
    LetterKind(
        "orders.order_paid_less",
        sample={
            **_SUM,
            "until": _DAY,
            "goods": Money(15000),
            "taken": "优惠“满百减三十” −¥30.00",
            "freight": Money(900),
        },
    ),
    LetterKind("orders.order_expired", sample=_ORDER),
    LetterKind("orders.order_cancelled", sample=_SUM),
    LetterKind("orders.late_payment_refunded", sample=_SUM),
    LetterKind("orders.dispatch_late", sample=_ORDER),
    LetterKind("orders.express_late", sample=_SUM),
    LetterKind("orders.pickup_ready", sample={**_DATED, "where": "山止工坊 徐汇店"}),
    LetterKind("orders.pickup_given_up", sample=_SUM),
    LetterKind("orders.voucher_issued", sample=_DATED),
    LetterKind("orders.voucher_lapsed", sample=_SUM),
    LetterKind("orders.order_shipped", sample=_ORDER),
    LetterKind("orders.part_shipped", sample=_ORDER),
    LetterKind("orders.rest_cancelled", sample=_SUM),
    LetterKind("orders.parcel_lost", sample=_SUM),
    LetterKind("orders.parcel_came_back", sample=_SUM),
    LetterKind("orders.parcel_refused", sample=_DATED),
    LetterKind("orders.parcel_asked", sample=_DATED),
    LetterKind("orders.parcel_denied", sample=_DATED),
    LetterKind("orders.order_delivered", sample=_DATED),
    LetterKind("orders.order_delivered_by_person", sample=_DATED),
    LetterKind("orders.return_accepted", sample={**_RETURN, "until": _DAY}),
    LetterKind("orders.return_received", sample={**_RETURN, "until": _DAY}),
    LetterKind("orders.return_refunded", sample={**_RETURN, "amount": Money(12900)}),
    LetterKind("orders.return_refused", sample={**_RETURN, "until": _DAY}),
    LetterKind("orders.return_closed", sample=_RETURN),
    LetterKind("orders.collection_missed", sample={**_ORDER, "number": "R7M3Q9XK2PB"}),
)
