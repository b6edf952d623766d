"""Who listens to the shops' room, which outcome its deadlines have: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from accounts import joint_acts
from accounts.joint_acts import Step
from catalog import handlers as catalog_handlers
from catalog import suspension_appeals
from desk import handlers as desk_handlers
from kernel.events import Event
from merchants import (
    appeal_effects,
    appeal_letters,
    appeals,
    closing,
    closing_letters,
    contested,
    inspecting,
    inspection_deadlines,
    inspection_letters,
    penalties,
    penalty_deadlines,
    penalty_effects,
    penalty_letters,
    petty_trade,
    publication,
    recheck_deadlines,
    rechecking,
    reviewing,
    training,
)
from merchants import deadlines as merchant_deadlines
from merchants import events as merchant_events
from merchants import handlers as merchants_handlers
from merchants import letters as merchants_letters
from merchants.appeal_lifecycle import About
from notifications.kinds import LetterKind
from orders.campaigns import answering as entry_answers
from orders.vouchers import closing as voucher_closing
from payments.deposits import giving_back as deposits_back

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    merchant_events.MerchantApplied: (
        merchants_handlers.on_merchant_applied,
        catalog_handlers.on_merchant_applied,
    ),
    merchant_events.ApplicationSentBack: (),
    merchant_events.TrainingPassed: (),
    merchant_events.MerchantApproved: (deposits_back.on_merchant_approved,),
    merchant_events.MerchantRefused: (),
    merchant_events.MerchantStandingChanged: (
        desk_handlers.on_shelf_changed,
        catalog_handlers.on_shop_standing_changed,
        voucher_closing.on_standing_changed,
        deposits_back.on_standing_changed,
    ),
    merchant_events.IdentityConfirmed: (rechecking.on_identity_confirmed,),
    merchant_events.IdentityShown: (),
    merchant_events.DocumentVerified: (
        petty_trade.on_document_verified,
        catalog_handlers.on_document_verified,
    ),
    merchant_events.DocumentExpired: (catalog_handlers.on_document_expired,),
    merchant_events.BrandClaimed: (merchants_handlers.on_brand_claimed,),
    merchant_events.BrandChainChanged: (
        catalog_handlers.on_brand_chain_changed,
        desk_handlers.on_shelf_changed,
    ),
    merchant_events.MemberAdded: (),
    merchant_events.MemberRemoved: (),
    merchant_events.ClosingAnnounced: (
        closing_letters.on_closing_announced,
        voucher_closing.on_closing_announced,
    ),
    merchant_events.ClosingWithdrawn: (closing_letters.on_closing_withdrawn,),
    merchant_events.AppealFiled: (appeal_letters.on_appeal_filed,),
    merchant_events.AppealDecided: (
        appeal_effects.on_appeal_decided,
        appeal_effects.on_proof_appeal_decided,
        penalty_effects.on_appeal_decided,
        suspension_appeals.on_appeal_decided,
        reviewing.on_appeal_decided,
        entry_answers.on_appeal_decided,
        appeal_letters.on_appeal_decided,
    ),
    merchant_events.PenaltyNoticed: (penalty_letters.on_penalty_noticed,),
    merchant_events.PenaltyTookEffect: (
        publication.on_penalty_took_effect,
        penalty_letters.on_penalty_took_effect,
    ),
    merchant_events.PenaltyDropped: (penalty_letters.on_penalty_dropped,),
    merchant_events.PenaltyEnded: (penalty_letters.on_penalty_ended,),
    merchant_events.PenaltyOverturned: (penalty_letters.on_penalty_overturned,),
    merchant_events.AppealOverdue: (appeal_letters.on_appeal_overdue,),
    merchant_events.InspectionFound: (inspection_letters.on_inspection_found,),
    merchant_events.InspectionEnded: (inspection_letters.on_inspection_ended,),
    merchant_events.InspectionOverdue: (inspection_letters.on_inspection_overdue,),
}

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {
    merchant_deadlines.APPEAL: appeals.on_appeal_due,
    penalty_deadlines.PENALTY_ANSWER: penalties.on_answer_due,
    penalty_deadlines.PENALTY_HEARING: penalties.on_hearing_due,
    penalty_deadlines.PENALTY_END: penalty_effects.on_end_due,
    penalty_deadlines.PENALTY_PUBLISH: publication.on_publish_due,
    closing.EXIT: closing.on_exit_due,
    training.ENDS: training.on_end,
    recheck_deadlines.RECHECK: rechecking.on_recheck_due,
    recheck_deadlines.CHANGE_REPORT: rechecking.on_change_report_due,
    recheck_deadlines.CHANGE_SHOWN: rechecking.on_change_shown_due,
    recheck_deadlines.PETTY_LICENCE: petty_trade.on_licence_due,
    inspection_deadlines.DUE: inspecting.on_platform_due,
    inspection_deadlines.RECTIFY: inspecting.on_rectify_due,
    inspection_deadlines.REVIEW: inspecting.on_platform_due,
    **merchants_handlers.OUTCOMES,
}

LETTERS: tuple[tuple[LetterKind, ...], ...] = (
    merchants_letters.KINDS,
    appeal_letters.KINDS,
    penalty_letters.KINDS,
    inspection_letters.KINDS,
)

# What takes two people.
JOINT_ACTS: dict[type[Step], joint_acts.Doing] = {penalties.Confirm: penalties.confirm}

# What a shop may contest, and who finds the decision by its reference.
APPEALABLE: dict[About, contested.Finder] = {
    About.APPLICATION: contested.of_application,
    About.STANDING: contested.of_standing,
    About.PENALTY: contested.of_penalty,
    About.LISTING: suspension_appeals.suspension_found,
    About.BRAND: contested.of_brand,
    About.CAMPAIGN: entry_answers.refusal_found,
}
