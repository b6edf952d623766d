"""Who listens to repairs and exchanges: their part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from complaints import handlers as complaints_handlers
from kernel.events import Event
from notifications.kinds import LetterKind
from orders import claim_events, claim_letters
from orders.aftercare import outcomes
from orders.labels import events as label_events
from orders.labels import following

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    claim_events.ClaimAsked: (claim_letters.on_asked,),
    claim_events.ClaimAccepted: (claim_letters.on_accepted,),
    claim_events.ClaimPosted: (following.on_claim,),
    claim_events.ClaimReceived: (following.on_claim,),
    claim_events.ClaimTakenOn: (claim_letters.on_taken_on,),
    claim_events.RepairOverdue: (claim_letters.on_overdue,),
    claim_events.RepairTurned: (claim_letters.on_turned,),
    claim_events.ClaimSent: (claim_letters.on_sent,),
    claim_events.ClaimArrived: (),
    claim_events.ClaimDone: (),
    claim_events.ClaimRefunded: (claim_letters.on_refunded, following.on_claim),
    claim_events.ClaimRefused: (claim_letters.on_refused,),
    claim_events.ClaimRefusalUnanswered: (complaints_handlers.on_claim_refusal_unanswered,),
    claim_events.ClaimClosed: (claim_letters.on_closed, following.on_claim),
    label_events.CollectionMissed: (following.on_missed,),
}
DEADLINES: dict[str, Callable[..., None]] = {**outcomes.OUTCOMES, **following.OUTCOMES}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (claim_letters.KINDS,)
