"""When a shop's time to issue a paper starts and ends; the Deadline row is the truth."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from deadlines import booking
from law.windows import Window
from orders.invoice_states import PaperKind
from orders.models import Order
from rulebook import promises, statute

INVOICE = "invoices.paper"
# The duty itself, and how long the record of a trade must be there to make one out.
DUTY = "cn.invoice"
RECORD = "cn.trade.retention"
_POLICY = {PaperKind.INVOICE: "silence.invoice", PaperKind.CREDIT_NOTE: "silence.credit_note"}


def window(kind: PaperKind, order: Order, *, at: datetime) -> Window:
    return promises.due(_POLICY[kind], start=at, at=at, place=order.place)


def start(paper_id: UUID, found: Window, *, at: datetime) -> None:
    booking.book(kind=INVOICE, reference=paper_id, at=at, **found.as_booking())


def meet(paper_id: UUID, *, at: datetime) -> None:
    booking.meet(kind=INVOICE, reference=paper_id, at=at)


def end(paper_id: UUID, *, at: datetime) -> None:
    booking.cancel(kind=INVOICE, reference=paper_id, at=at)


def asked_too_late(order: Order, *, at: datetime) -> bool:
    """As long as the trade's record has to be kept, its invoice may be asked for."""
    if order.closed_at is None:
        return False
    return statute.window(RECORD, start=order.closed_at, at=at, place=order.place).is_late(at)
