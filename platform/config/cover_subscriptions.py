"""Who listens to covers of order lines: their part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from kernel.events import Event
from notifications.kinds import LetterKind
from orders import cover_deadlines, cover_events
from orders.cover import deciding
from orders.cover import letters as cover_letters

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    cover_events.CoverBegan: (),
    cover_events.CoverGivenBack: (cover_letters.on_given_back,),
    cover_events.CoverClaimAsked: (cover_letters.on_asked,),
    cover_events.CoverClaimAccepted: (cover_letters.on_accepted,),
    cover_events.CoverClaimPaid: (cover_letters.on_paid,),
    cover_events.CoverClaimRefused: (cover_letters.on_refused,),
}
DEADLINES: dict[str, Callable[..., None]] = {cover_deadlines.ANSWER: deciding.on_answer_due}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (cover_letters.KINDS,)
