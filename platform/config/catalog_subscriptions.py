"""Who listens to the catalogue's room, which outcome its deadlines have: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from catalog import events, handlers, letters
from credit import handlers as credit_handlers
from kernel.events import Event
from notifications.kinds import LetterKind

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    events.ListingPublished: (credit_handlers.on_listing_published, handlers.on_listing_changed),
    events.ListingWithdrawn: (handlers.on_listing_changed,),
    events.ListingSuspended: (credit_handlers.on_listing_suspended, handlers.on_listing_changed),
    events.SuspensionLifted: (),
    events.ReductionEnded: (),
    events.VariantRetired: (),
    events.SchemaInForce: (handlers.on_schema_in_force,),
}
DEADLINES: dict[str, Callable[..., None]] = {**handlers.OUTCOMES}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (letters.KINDS,)
