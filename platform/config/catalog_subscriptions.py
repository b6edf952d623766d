"""Who listens to the catalogue's room, which outcome its deadlines have: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from catalog import (
    events,
    handlers,
    letters,
    placements,
    review_clock,
    review_letters,
    reviewing,
    serial_alarms,
)
from credit import handlers as credit_handlers
from desk import handlers as desk_handlers
from kernel.events import Event
from notifications.kinds import LetterKind
from orders import promise_watch
from payments import advertising
from payments.points import redeeming

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    events.ListingPublished: (
        credit_handlers.on_listing_published,
        handlers.on_listing_changed,
        handlers.on_listing_published,
        promise_watch.on_listing_published,
        desk_handlers.on_shelf_changed,
    ),
    events.ListingWithdrawn: (handlers.on_listing_changed, desk_handlers.on_shelf_changed),
    events.ListingSuspended: (
        credit_handlers.on_listing_suspended,
        handlers.on_listing_changed,
        review_letters.on_listing_suspended,
        desk_handlers.on_shelf_changed,
    ),
    events.SuspensionLifted: (review_letters.on_suspension_lifted,),
    events.ListingSubmitted: (),
    events.SubmissionDecided: (review_letters.on_submission_decided,),
    events.ReviewOverdue: (review_letters.on_review_overdue,),
    events.ReportOverdue: (review_letters.on_report_overdue,),
    events.ReductionEnded: (handlers.on_reduction_ended, desk_handlers.on_shelf_changed),
    events.VariantSoldOut: (),
    events.VariantRetired: (desk_handlers.on_shelf_changed,),
    events.CertificateLost: (handlers.on_certificate_lost, desk_handlers.on_shelf_changed),
    events.ShopPromiseChanged: (desk_handlers.on_shelf_changed,),
    events.SerialAlarmRaised: (serial_alarms.on_raised,),
    events.SchemaInForce: (handlers.on_schema_in_force,),
}
DEADLINES: dict[str, Callable[..., None]] = {
    **handlers.OUTCOMES,
    review_clock.REVIEW: reviewing.on_review_due,
}
LETTERS: tuple[tuple[LetterKind, ...], ...] = (letters.KINDS, review_letters.KINDS)


def connect_money() -> None:
    """What a paid place costs a shop: goods and money stand on one floor and don't know each other."""
    placements.connect(
        money=placements.Till(advertising.charge, advertising.give_back),
        points=placements.Till(redeeming.pay_place, redeeming.give_place_back),
    )
