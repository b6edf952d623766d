"""Who listens to money, and what takes two people there: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from accounts import joint_acts
from accounts.joint_acts import Step
from kernel.events import Event
from orders import handlers as orders_handlers
from payments import by_hand, correcting_books, differences
from payments import events as payment_events

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    payment_events.PaymentCaptured: (orders_handlers.on_payment_captured,),
    payment_events.PaymentFailed: (),
    payment_events.PaymentExpired: (),
    payment_events.ChargedTwice: (),
    payment_events.RefundPaid: (),
    payment_events.RefundFailed: (orders_handlers.on_refund_failed,),
}

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {differences.CLOCK: differences.on_due}

JOINT_ACTS: dict[type[Step], joint_acts.Doing] = {
    by_hand.PayOut: by_hand.pay_out,
    by_hand.Advance: by_hand.advance,
    correcting_books.Correct: correcting_books.correct,
}
