"""Who listens to money, and what takes two people there: its part of the readable tables."""

from __future__ import annotations

from collections.abc import Callable

from accounts import joint_acts
from accounts.joint_acts import Step
from complaints import record as complaints_record
from kernel.events import Event
from notifications.kinds import LetterKind
from orders import claim_access, compensation_letters
from orders import disputes as orders_disputes
from orders import handlers as orders_handlers
from orders import invariants as orders_invariants
from orders import rewarding as orders_rewarding
from orders.campaigns import making
from orders.cover import handlers as cover_handlers
from orders.vouchers import announcing as voucher_announcing
from payments import (
    book_checks,
    by_hand,
    correcting_books,
    differences,
    dispute_packs,
    disputes,
    order_numbers,
    reserve,
)
from payments import events as payment_events
from payments.authorising import taking
from payments.deposits import calling as deposit_calls
from payments.deposits import giving_back as deposits_back
from payments.deposits import letters as deposit_letters
from payments.deposits import paying_in as deposits_in
from payments.gift_cards import buying as cards_buying
from payments.gift_cards import letters as card_letters
from payments.paying_out import letters as payout_letters
from payments.paying_out import releasing
from payments.points import lots

EVENTS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    payment_events.PaymentCaptured: (
        orders_handlers.on_payment_captured,
        cards_buying.on_payment_captured,
        cover_handlers.on_payment_captured,
        deposits_in.on_payment_captured,
    ),
    payment_events.PaymentAuthorised: (orders_handlers.on_payment_authorised,),
    payment_events.PaymentReleased: (orders_handlers.on_payment_released,),
    payment_events.PaymentFailed: (),
    payment_events.PaymentExpired: (),
    payment_events.ChargedTwice: (),
    payment_events.RefundPaid: (),
    payment_events.DisputeOpened: (orders_disputes.on_dispute_opened,),
    payment_events.DisputeEnded: (orders_disputes.on_dispute_ended,),
    payment_events.PayoutPaid: (),
    payment_events.PayoutFailed: (payout_letters.on_payout_failed,),
    payment_events.PayoutWaiting: (payout_letters.on_payout_waiting,),
    payment_events.DepositCalled: (deposit_letters.on_deposit_called,),
    payment_events.DepositOverdue: (deposit_letters.on_deposit_overdue,),
    payment_events.DepositGivenBack: (deposit_letters.on_deposit_given_back,),
    payment_events.AwardOwed: (compensation_letters.on_award_owed,),
    payment_events.AwardPaid: (compensation_letters.on_award_paid,),
    payment_events.AwardCameBack: (),
    payment_events.RefundFailed: (orders_handlers.on_refund_failed, cover_handlers.on_refund_failed),
}

# Kind → what happens at its instant.
DEADLINES: dict[str, Callable[..., None]] = {
    differences.CLOCK: differences.on_due,
    disputes.CLOCK: disputes.on_due,
    reserve.CLOCK: reserve.on_due,
    taking.CLOCK: taking.on_due,
    cards_buying.CLOCK: cards_buying.on_payment_due,
    lots.CLOCK: lots.on_due,
    deposit_calls.CLOCK: deposit_calls.on_due,
    deposits_in.CLOCK: deposits_in.on_payment_due,
    deposits_back.CLOCK: deposits_back.on_due,
    lots.SHOP_CLOCK: lots.on_due,
}

LETTERS: tuple[tuple[LetterKind, ...], ...] = (
    orders_disputes.LETTERS,
    voucher_announcing.LETTERS,
    payout_letters.KINDS,
    compensation_letters.KINDS,
    card_letters.KINDS,
    deposit_letters.KINDS,
)


JOINT_ACTS: dict[type[Step], joint_acts.Doing] = {
    by_hand.PayOut: by_hand.pay_out,
    by_hand.Advance: by_hand.advance,
    releasing.ReleasePayout: releasing.release,
    correcting_books.Correct: correcting_books.correct,
    making.SetAside: making.set_aside,
}


def connect() -> None:
    """What orders, which lie above payments, show in a dispute and have to hold themselves."""
    dispute_packs.connect(orders_disputes.pack_of)
    order_numbers.connect(orders_rewarding.numbers_of)
    book_checks.connect([orders_invariants.found])
    deposits_back.connect([complaints_record.has_running, claim_access.has_running])
