"""Who listens to what, which outcome a deadline has: the readable tables of the house."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from accounts import (
    access_letters,
    acting,
    allauth_settings,
    breach_letters,
    closing,
    emergencies,
    guests,
    joint_acts,
    linking,
    mandates,
    on_behalf,
    opening_kept,
    privacy_letters,
    retiring_keys,
    staff,
    token_letters,
    tokens,
    undoing,
    watching_letters,
)
from accounts import correcting as accounts_correcting
from accounts import deadlines as account_deadlines
from accounts import erasure as accounts_erasure
from accounts import handlers as accounts_handlers
from accounts import letters as accounts_letters
from accounts.events import (
    AccountFrozen,
    AccountRecovered,
    GuestClaimed,
    IdentityVerified,
    TokenMade,
    TokenRevoked,
)
from accounts.joint_acts import Step
from accounts.web import proofs
from complaints import erasure as complaints_erasure
from complaints import handlers as complaints_handlers
from complaints import letters as complaints_letters
from complaints import machine as complaints_machine
from complaints import record as complaints_record
from config import (
    catalog_subscriptions,
    law_warnings,
    money_subscriptions,
    oversight_subscriptions,
    privacy_subscriptions,
    shop_subscriptions,
    trade_subscriptions,
    webhook_facts,
)
from config import retention as sweeps
from config.reminding import LETTERS_BEFORE
from credit import events as credit_events
from credit import handlers as credit_handlers
from credit import letters as credit_letters
from deadlines import handlers as deadline_handlers
from deadlines import letters_before
from deadlines.events import DeadlineFired, DeadlineMoved, DeadlineNear
from kernel.events import Event
from merchants import contested, inspection_risk
from merchants import erasure as merchants_erasure
from notifications import kinds, reminders
from notifications.kinds import LetterKind
from orders import access as orders_access
from orders import correcting as orders_correcting
from orders import erasure as orders_erasure
from orders import events as order_events
from orders import handlers as orders_handlers
from orders import letters as orders_letters
from orders import machine as orders_machine
from orders import moved_deadlines
from payments import erasure as payments_erasure
from payments.deposits import giving_back as deposits_back
from payments.points import granting
from privacy import (
    automated,
    correcting,
    erasure,
    kept_data,
    obstacles,
    persons,
    retention,
    undoing_orders,
    visitors,
)
from privacy import deadlines as privacy_deadlines
from privacy import handlers as privacy_handlers
from rulebook import events as rulebook_events
from rulebook import recounting
from rulebook import reminders as policy_reminders
from web import step_up

_EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    DeadlineFired: (deadline_handlers.on_deadline_fired,),
    DeadlineNear: (reminders.on_deadline_near,),
    DeadlineMoved: (moved_deadlines.on_deadline_moved,),
    rulebook_events.CalendarLoaded: (recounting.on_calendar_loaded, law_warnings.on_calendar_loaded),
    rulebook_events.PackLoaded: (law_warnings.on_pack_loaded,),
    rulebook_events.PlatformRulePublished: (),
    **privacy_subscriptions.EVENTS,
    IdentityVerified: (),
    TokenMade: (token_letters.on_token_made,),
    TokenRevoked: (token_letters.on_token_revoked,),
    GuestClaimed: (orders_handlers.on_guest_claimed,),
    AccountFrozen: (accounts_handlers.on_account_frozen,),
    AccountRecovered: (),
    **shop_subscriptions.EVENTS,
    **catalog_subscriptions.EVENTS,
    **money_subscriptions.EVENTS,
    order_events.OrderPlaced: (),
    **trade_subscriptions.EVENTS,
    credit_events.ReviewWritten: (credit_handlers.on_review_written,),
    credit_events.ReviewAnswered: (credit_handlers.on_review_answered,),
    credit_events.GradeChanged: (credit_handlers.on_grade_changed, deposits_back.on_grade_changed),
    **oversight_subscriptions.EVENTS,
}
# What shops' own servers are told comes last, after everything that the house itself does.
EVENTS = webhook_facts.heard(_EVENTS)

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {
    account_deadlines.EMERGENCY_REVIEW: emergencies.on_review_due,
    **shop_subscriptions.DEADLINES,
    **accounts_handlers.OUTCOMES,
    **orders_handlers.OUTCOMES,
    **catalog_subscriptions.DEADLINES,
    **money_subscriptions.DEADLINES,
    **trade_subscriptions.DEADLINES,
    **complaints_handlers.OUTCOMES,
    **oversight_subscriptions.DEADLINES,
    **privacy_handlers.OUTCOMES,
}

# What other rooms take back when an account is given back to its owner: called with subject_id, since, at.
REVERSALS: tuple[undoing.Reversal, ...] = (mandates.end_given_since, tokens.take_back)

# What may be written to people; each room's table.
LETTERS: tuple[tuple[LetterKind, ...], ...] = (
    accounts_letters.KINDS,
    access_letters.KINDS,
    breach_letters.KINDS,
    privacy_letters.KINDS,
    watching_letters.KINDS,
    *shop_subscriptions.LETTERS,
    *catalog_subscriptions.LETTERS,
    *trade_subscriptions.LETTERS,
    *money_subscriptions.LETTERS,
    orders_letters.KINDS,
    complaints_letters.KINDS,
    reminders.letter_kinds(LETTERS_BEFORE),
    law_warnings.KINDS,
    credit_letters.KINDS,
    *oversight_subscriptions.LETTERS,
)

# What keeps a person from being erased for now, room by room.
ERASURE_OBSTACLES: tuple[obstacles.Finder, ...] = (
    accounts_erasure.obstacles,
    orders_erasure.obstacles,
    complaints_erasure.obstacles,
    merchants_erasure.obstacles,
    payments_erasure.obstacles,
)

# What a correction reaches, room by room.
CORRECTIONS: tuple[correcting.Corrector, ...] = (
    accounts_correcting.correct_name,
    orders_correcting.correct_recipient,
)

# What rooms above do before a person's keys die.
ERASURE_STEPS: tuple[erasure.Step, ...] = (closing.close_account, tokens.revoke_all, granting.forget)

# By which numbers of rooms above an erased person is found.
KEPT_BY_NUMBER = {kept_data.By.ORDER: orders_access.subject_of_number}

# What takes two people, and what is done when the second one has confirmed it.
JOINT_ACTS: dict[type[Step], joint_acts.Doing] = {
    staff.Appoint: staff.appoint,
    staff.Dismiss: staff.dismiss,
    mandates.EnterMandate: mandates.enter,
    on_behalf.FreezeFor: on_behalf.freeze,
    on_behalf.RecoverFor: on_behalf.recover,
    on_behalf.EraseFor: on_behalf.erase,
    opening_kept.OpenKept: opening_kept.approve,
    retiring_keys.RetireMaster: retiring_keys.retire,
    **money_subscriptions.JOINT_ACTS,
    **shop_subscriptions.JOINT_ACTS,
    **oversight_subscriptions.JOINT_ACTS,
}

# What machines decided about a person, room by room.
AUTOMATED_DECISIONS = (orders_machine.decided, complaints_machine.decided)


def connect_rest() -> None:
    """Letter kinds and the privacy inventory, handed down at start."""
    persons.connect(linking.guests_of)
    obstacles.connect(ERASURE_OBSTACLES)
    erasure.connect(ERASURE_STEPS)
    privacy_deadlines.connect(changed_lately=accounts_erasure.changed_lately)
    retention.connect(sweeps.RETENTION)
    correcting.connect(CORRECTIONS)
    kinds.install(chain.from_iterable(LETTERS))
    reminders.connect(LETTERS_BEFORE)
    joint_acts.connect(JOINT_ACTS)
    kept_data.connect(KEPT_BY_NUMBER)
    undoing_orders.connect(orders_access.running_order_of)
    contested.connect(shop_subscriptions.APPEALABLE)
    inspection_risk.connect(complaints_record.lost_by_shop)
    letters_before.connect(policy_reminders.before)
    catalog_subscriptions.connect_money()
    money_subscriptions.connect()
    undoing.connect(REVERSALS)
    step_up.connect(proofs.age_of_proof, limit_seconds=allauth_settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    automated.connect(AUTOMATED_DECISIONS)
    visitors.connect(known=acting.visitor_of, make=guests.subject_for, by_link=guests.only_visits)
