"""Who listens to facts about people's data and requests; a part of subscriptions.py."""

from __future__ import annotations

from collections.abc import Callable

from accounts import access_letters, breach_letters, privacy_letters, watching_letters
from kernel.events import Event
from orders import handlers as orders_handlers
from privacy import events as privacy_events
from privacy import examining

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    privacy_events.FileReceived: (examining.on_file_received,),
    privacy_events.ConsentGiven: (),
    privacy_events.ConsentWithdrawn: (),
    privacy_events.GuardianJoined: (),
    privacy_events.GuardianEnded: (),
    privacy_events.GuardianProofDecided: (watching_letters.on_proof_decided,),
    privacy_events.GuardianProofOverdue: (watching_letters.on_proof_overdue,),
    privacy_events.SpendingAsked: (watching_letters.on_spending_asked,),
    privacy_events.SpendingAnswered: (),
    privacy_events.ExportNearThreshold: (watching_letters.on_export_near,),
    privacy_events.RequestReceived: (privacy_letters.on_request_received,),
    privacy_events.IdentityChecked: (),
    privacy_events.RequestExtended: (privacy_letters.on_request_extended,),
    privacy_events.UndoingAsked: (orders_handlers.on_undoing_asked,),
    privacy_events.RequestAnswered: (privacy_letters.on_request_answered, orders_handlers.on_undoing_over),
    privacy_events.RequestRefused: (privacy_letters.on_request_refused, orders_handlers.on_undoing_over),
    privacy_events.RequestWithdrawn: (privacy_letters.on_request_withdrawn, orders_handlers.on_undoing_over),
    privacy_events.RequestOverdue: (privacy_letters.on_request_overdue,),
    privacy_events.CopyReady: (privacy_letters.on_copy_ready,),
    privacy_events.ErasureBegins: (privacy_letters.on_erasure_begins,),
    privacy_events.ErasureBlocked: (privacy_letters.on_erasure_blocked,),
    privacy_events.SubjectErased: (),
    privacy_events.AssessmentEnding: (breach_letters.on_assessment_ending,),
    privacy_events.BreachOpened: (breach_letters.on_breach_opened,),
    privacy_events.PersonConcerned: (breach_letters.on_person_concerned,),
    privacy_events.BreachTold: (),
    privacy_events.BreachOverdue: (breach_letters.on_breach_overdue,),
    privacy_events.UnusualAccess: (access_letters.on_unusual_access,),
}
