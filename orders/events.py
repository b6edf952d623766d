"""What happened to carts, orders and returns: ids and numbers only, handed up through the outbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.events import Event, event


@dataclass(frozen=True, slots=True)
class OrderFact(Event):
    """What every fact of an order carries."""

    order_id: UUID
    merchant_id: UUID
    subject_id: UUID


@event("orders.OrderPlaced")
@dataclass(frozen=True, slots=True)
class OrderPlaced(OrderFact):
    payment_id: UUID
    total_minor: int
    currency: str


@event("orders.OrderPaid")
@dataclass(frozen=True, slots=True)
class OrderPaid(OrderFact):
    total_minor: int
    dispatch_by: datetime
    late: bool = False


@event("orders.OrderExpired")
@dataclass(frozen=True, slots=True)
class OrderExpired(OrderFact):
    pass


@event("orders.OrderCancelled")
@dataclass(frozen=True, slots=True)
class OrderCancelled(OrderFact):
    """`by` is buyer, merchant or system; `cause` is no_payment_wanted, changed_mind, dispatch_late,
    never_dispatched, shop_closed, out_of_stock, not_confirmed, not_taken, or declined_ and a shop's reason.

    `freed_minor` was only reserved at the payer's bank, and is let go."""

    by: str
    cause: str
    refunded_minor: int
    freed_minor: int = 0


@event("orders.DispatchLate")
@dataclass(frozen=True, slots=True)
class DispatchLate(OrderFact):
    due_at: datetime


@event("orders.ExpressLate")
@dataclass(frozen=True, slots=True)
class ExpressLate(OrderFact):
    """Not there within the promised days: what express cost on top has gone back."""

    refunded_minor: int


@event("orders.PickupGivenUp")
@dataclass(frozen=True, slots=True)
class PickupGivenUp(OrderFact):
    """Nobody came for it in time: the money has gone back."""

    refunded_minor: int


@event("orders.VoucherLapsed")
@dataclass(frozen=True, slots=True)
class VoucherLapsed(OrderFact):
    """Its time is over: what wasn't redeemed has gone back to the buyer."""

    refunded_minor: int


@event("orders.AppointmentChanged")
@dataclass(frozen=True, slots=True)
class AppointmentChanged(OrderFact):
    """`what`: booked, moved, cancelled, cancelled_by_shop, missed (a use is gone) or missed_free."""

    appointment_id: UUID
    what: str
    starts_at: datetime


@event("orders.OrderShipped")
@dataclass(frozen=True, slots=True)
class OrderShipped(OrderFact):
    shipment_id: UUID
    on_time: bool


@event("orders.PartShipped")
@dataclass(frozen=True, slots=True)
class PartShipped(OrderFact):
    """A parcel has left and something is still to be sent."""

    shipment_id: UUID


@event("orders.PartArrived")
@dataclass(frozen=True, slots=True)
class PartArrived(OrderFact):
    """A parcel has arrived and the buyer still waits for something."""

    shipment_id: UUID


@event("orders.RestCancelled")
@dataclass(frozen=True, slots=True)
class RestCancelled(OrderFact):
    """What was not sent yet is given up; `by` and `cause` as in OrderCancelled."""

    by: str
    cause: str
    refunded_minor: int


@event("orders.ParcelLost")
@dataclass(frozen=True, slots=True)
class ParcelLost(OrderFact):
    """Lost, damaged or not seen for too long: the money for what it held has gone back."""

    shipment_id: UUID
    refunded_minor: int


@event("orders.ParcelCameBack")
@dataclass(frozen=True, slots=True)
class ParcelCameBack(OrderFact):
    """Returned to its sender: the money for what it held has gone back."""

    shipment_id: UUID
    refunded_minor: int


@event("orders.ParcelRefused")
@dataclass(frozen=True, slots=True)
class ParcelRefused(OrderFact):
    """Refused at the door; `back_by` is when it counts as lost at the latest."""

    shipment_id: UUID
    back_by: datetime


@event("orders.ParcelAsked")
@dataclass(frozen=True, slots=True)
class ParcelAsked(OrderFact):
    """Somebody else signed, and the buyer is asked whether they got it."""

    shipment_id: UUID
    answer_by: datetime


@event("orders.ParcelDenied")
@dataclass(frozen=True, slots=True)
class ParcelDenied(OrderFact):
    """The buyer hasn't got what somebody else signed for; `found_by` is when it counts as lost."""

    shipment_id: UUID
    found_by: datetime


@event("orders.OrderDelivered")
@dataclass(frozen=True, slots=True)
class OrderDelivered(OrderFact):
    delivered_at: datetime
    window_ends_at: datetime
    settles_at: datetime


@event("orders.OrderSettled")
@dataclass(frozen=True, slots=True)
class OrderSettled(OrderFact):
    amount_minor: int
    fee_minor: int


@event("orders.OrderRefunded")
@dataclass(frozen=True, slots=True)
class OrderRefunded(OrderFact):
    """Everything that was paid has gone back; the order is over."""

    refunded_minor: int


@event("orders.HoldPlaced")
@dataclass(frozen=True, slots=True)
class HoldPlaced(OrderFact):
    reason: str
    reference: UUID


@event("orders.HoldLifted")
@dataclass(frozen=True, slots=True)
class HoldLifted(OrderFact):
    reason: str
    reference: UUID


@dataclass(frozen=True, slots=True)
class ReturnFact(OrderFact):
    return_id: UUID


@event("orders.ReturnAsked")
@dataclass(frozen=True, slots=True)
class ReturnAsked(ReturnFact):
    kind: str
    amount_minor: int


@event("orders.ReturnAccepted")
@dataclass(frozen=True, slots=True)
class ReturnAccepted(ReturnFact):
    """`by_silence`: the merchant had a say and said nothing in its time."""

    by_silence: bool
    post_by: datetime


@event("orders.ReturnPosted")
@dataclass(frozen=True, slots=True)
class ReturnPosted(ReturnFact):
    shipment_id: UUID


@event("orders.ReturnReceived")
@dataclass(frozen=True, slots=True)
class ReturnReceived(ReturnFact):
    inspect_by: datetime


@event("orders.ReturnRefunded")
@dataclass(frozen=True, slots=True)
class ReturnRefunded(ReturnFact):
    """`by_silence`: nobody inspected the goods in time, so the whole sum went back."""

    amount_minor: int
    by_silence: bool


@event("orders.ReturnRefused")
@dataclass(frozen=True, slots=True)
class ReturnRefused(ReturnFact):
    amount_minor: int
    object_by: datetime


@event("orders.ReturnRefusalUnanswered")
@dataclass(frozen=True, slots=True)
class ReturnRefusalUnanswered(ReturnFact):
    """Seven days after a refusal nobody has objected or given up: it becomes a complaint by itself."""

    amount_minor: int


@event("orders.ReturnClosed")
@dataclass(frozen=True, slots=True)
class ReturnClosed(ReturnFact):
    cause: str


@event("orders.LatePaymentRefunded")
@dataclass(frozen=True, slots=True)
class LatePaymentRefunded(OrderFact):
    """Money came after the order was over and the goods were gone, so all of it went back at once."""

    refunded_minor: int


@event("orders.PromiseDecided")
@dataclass(frozen=True, slots=True)
class PromiseDecided(OrderFact):
    """A promise was kept or broken; `owed_minor` goes to the buyer by itself."""

    record_id: UUID
    key: str
    outcome: str
    owed_minor: int
    paid_minor: int
