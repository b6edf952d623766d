"""Who listens to what becomes of shops' promises: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from complaints import promise_watching
from credit import handlers as credit_handlers
from kernel.events import Event
from notifications.kinds import LetterKind
from orders import events as order_events
from orders import promise_clocks, promise_deadlines, promise_letters, promise_rulings

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    order_events.PromiseDecided: (promise_letters.on_promise_decided, credit_handlers.on_promise_decided),
}
RETURN_ANSWERED = (promise_clocks.on_return_answered,)
RETURN_REFUNDED = (promise_clocks.on_return_refunded, promise_rulings.on_return_refunded)
CASE_OPENED = (promise_watching.on_complaint_opened,)
CASE_ANSWERED = (promise_watching.on_complaint_answered,)
CASE_DECIDED = (promise_watching.on_complaint_decided,)
CASE_WITHDRAWN = (promise_watching.on_complaint_withdrawn,)
DEADLINES: dict[str, Callable[..., None]] = {
    promise_deadlines.REFUND: promise_clocks.on_refund_due,
    promise_deadlines.ANSWER: promise_watching.on_answer_due,
}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (promise_letters.KINDS,)
