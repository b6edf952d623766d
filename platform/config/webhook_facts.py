"""Which facts a shop's servers are told, under which name and with what of them: one readable table.

Ids, states, sums and instants only: never who bought, what they wrote or where they live.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import events as catalog_events
from catalog.models import Listing
from complaints import events as case_events
from complaints.models import Complaint
from kernel.events import Event, to_payload
from merchants.webhooks import noting
from orders import confirm_events
from orders import events as order_events
from orders.models import Order, Return
from payments import events as payment_events

Handlers = tuple[Callable[..., None], ...]
Table = Mapping[type[Event], Handlers]


@dataclass(frozen=True, slots=True)
class Fact:
    """`about` names the field that holds the thing's id; `fields` are told as they stand in the event."""

    name: str
    about: str
    fields: tuple[str, ...] = ()


def _orders(**named: tuple[type[Event], tuple[str, ...]]) -> dict[type[Event], Fact]:
    return {cls: Fact(f"order.{name}", "order_id", fields) for name, (cls, fields) in named.items()}


def _returns(**named: tuple[type[Event], tuple[str, ...]]) -> dict[type[Event], Fact]:
    told = ("order_id",)
    return {cls: Fact(f"return.{name}", "return_id", told + fields) for name, (cls, fields) in named.items()}


def _complaints(**named: tuple[type[Event], tuple[str, ...]]) -> dict[type[Event], Fact]:
    told = ("order_id",)
    return {
        cls: Fact(f"complaint.{name}", "complaint_id", told + fields) for name, (cls, fields) in named.items()
    }


_SUM = ("amount_minor", "currency")
FACTS: dict[type[Event], Fact] = {
    **_orders(
        confirmation_asked=(confirm_events.ConfirmationAsked, ("confirm_by", "taken")),
        confirmed=(confirm_events.OrderConfirmed, ("taken",)),
        paid=(order_events.OrderPaid, ("total_minor", "dispatch_by")),
        cancelled=(order_events.OrderCancelled, ("by", "cause", "refunded_minor", "freed_minor")),
        rest_cancelled=(order_events.RestCancelled, ("by", "cause", "refunded_minor")),
        dispatch_late=(order_events.DispatchLate, ("due_at",)),
        shipped=(order_events.OrderShipped, ()),
        part_shipped=(order_events.PartShipped, ()),
        parcel_lost=(order_events.ParcelLost, ()),
        parcel_came_back=(order_events.ParcelCameBack, ()),
        delivered=(order_events.OrderDelivered, ()),
        settled=(order_events.OrderSettled, ()),
        refunded=(order_events.OrderRefunded, ()),
        held=(order_events.HoldPlaced, ()),
        released=(order_events.HoldLifted, ()),
    ),
    **_returns(
        asked=(order_events.ReturnAsked, ("kind", "amount_minor")),
        accepted=(order_events.ReturnAccepted, ("by_silence", "post_by")),
        posted=(order_events.ReturnPosted, ("shipment_id",)),
        received=(order_events.ReturnReceived, ("inspect_by",)),
        refunded=(order_events.ReturnRefunded, ("amount_minor", "by_silence")),
        refused=(order_events.ReturnRefused, ("amount_minor", "object_by")),
        closed=(order_events.ReturnClosed, ("cause",)),
    ),
    **_complaints(
        opened=(case_events.ComplaintOpened, ("category", "claimed_minor", "answer_by")),
        answered=(case_events.ComplaintAnswered, ("offered_minor",)),
        answer_overdue=(case_events.AnswerOverdue, ("due_at",)),
        countered=(case_events.OfferCountered, ("remedy", "asked_minor")),
        remedy_undertaken=(case_events.RemedyUndertaken, ("remedy", "perform_by")),
        remedy_confirmed=(case_events.RemedyConfirmed, ("remedy", "by_silence")),
        remedy_lapsed=(case_events.RemedyLapsed, ("remedy", "due_at")),
        escalated=(case_events.ComplaintEscalated, ("cause",)),
        agreed=(case_events.ComplaintAgreed, ("granted_minor",)),
        decided=(case_events.ComplaintDecided, ()),
        remedied=(case_events.ComplaintRemedied, ()),
        withdrawn=(case_events.ComplaintWithdrawn, ()),
    ),
    payment_events.RefundPaid: Fact("refund.paid", "reference", ("refund_id", "amount_minor", "currency")),
    payment_events.RefundFailed: Fact(
        "refund.failed", "reference", ("refund_id", "amount_minor", "currency")
    ),
    payment_events.DisputeOpened: Fact(
        "dispute.opened", "reference", ("dispute_id", "amount_minor", "currency", "answer_by")
    ),
    payment_events.DisputeEnded: Fact(
        "dispute.ended", "reference", ("dispute_id", "amount_minor", "currency", "won")
    ),
    payment_events.PayoutWaiting: Fact("payout.waiting", "payout_id", ("amount_minor", "currency", "hold")),
    payment_events.PayoutPaid: Fact("payout.paid", "payout_id", ("amount_minor", "currency")),
    payment_events.PayoutFailed: Fact("payout.failed", "payout_id", ("amount_minor", "currency", "reason")),
    catalog_events.ListingPublished: Fact(
        "listing.published", "listing_id", ("number", "price_minor", "currency")
    ),
    catalog_events.ListingWithdrawn: Fact("listing.withdrawn", "listing_id"),
    catalog_events.ListingSuspended: Fact("listing.suspended", "listing_id", ("rule_id",)),
    catalog_events.SuspensionLifted: Fact("listing.suspension_lifted", "listing_id"),
    catalog_events.VariantSoldOut: Fact("listing.sold_out", "listing_id", ("variant_id",)),
}

_NUMBERS: dict[str, Callable[[UUID], str | None]] = {
    "order_id": lambda pk: Order.objects.filter(pk=pk).values_list("number", flat=True).first(),
    "return_id": lambda pk: Return.objects.filter(pk=pk).values_list("number", flat=True).first(),
    "complaint_id": lambda pk: Complaint.objects.filter(pk=pk).values_list("number", flat=True).first(),
    "reference": lambda pk: Order.objects.filter(pk=pk).values_list("number", flat=True).first(),
    # A payout has no other name than its id.
    "payout_id": str,
    "listing_id": lambda pk: Listing.objects.filter(pk=pk).values_list("code", flat=True).first(),
}


def on_fact(event: Event, *, at: datetime) -> None:
    """Handed on once per message: the receipt is written with the event."""
    fact = FACTS[type(event)]
    about: UUID = getattr(event, fact.about)
    shop = _shop(event, about)
    if shop is None:
        return
    payload = to_payload(event)
    data: dict[str, Any] = {name: payload[name] for name in fact.fields}
    noting.note(
        merchant_id=shop,
        name=fact.name,
        about=about,
        number=lambda: _NUMBERS[fact.about](about) or "",
        data=data,
        at=at,
    )


def _shop(event: Event, about: UUID) -> UUID | None:
    """Refunds name only the order that they were for."""
    known: UUID | None = getattr(event, "merchant_id", None)
    return known or Order.objects.filter(pk=about).values_list("merchant_id", flat=True).first()


def heard(table: Table) -> dict[type[Event], Handlers]:
    """The table of the house, with what shops are told at the end of each line."""
    return {cls: (*handlers, on_fact) if cls in FACTS else handlers for cls, handlers in table.items()}
