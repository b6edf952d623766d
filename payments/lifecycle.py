"""The lives of a payment, a refund and a payout, as tables."""

from __future__ import annotations

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class PaymentState(StrEnum):
    """`authorised`: reserved at the payer's bank; `released`: free again. Nothing was taken in either."""

    OPEN = "open"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    FAILED = "failed"
    EXPIRED = "expired"
    RELEASED = "released"


class AuthorisationState(StrEnum):
    """`capturing`, `releasing`: the provider was asked, and hasn't said that it did."""

    HELD = "held"
    CAPTURING = "capturing"
    CAPTURED = "captured"
    RELEASING = "releasing"
    RELEASED = "released"


class PartKind(StrEnum):
    """What a part of a payment is for."""

    ORDER = "order"
    CARD = "card"
    # The premium of a cover: in an escrow of its own until the risk begins.
    COVER = "cover"
    # What a shop pays into its own deposit.
    DEPOSIT = "deposit"


class AttemptState(StrEnum):
    """`begun`: the provider is being asked where the payer goes on."""

    BEGUN = "begun"
    HANDED_OVER = "handed_over"
    TURNED_DOWN = "turned_down"
    CLOSED = "closed"


class GiftCardState(StrEnum):
    """`lapsed`: nobody paid it. `given_back`: unused, and its money went back to the buyer."""

    UNPAID = "unpaid"
    LAPSED = "lapsed"
    ISSUED = "issued"
    GIVEN_BACK = "given_back"


NEVER_ISSUED = (GiftCardState.UNPAID, GiftCardState.LAPSED)


class RefundState(StrEnum):
    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


class PayoutState(StrEnum):
    """`held`: nothing has moved, something must come first; `dropped`: it never left."""

    HELD = "held"
    DROPPED = "dropped"
    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"


WAITING = (PayoutState.HELD, PayoutState.DROPPED)
# Those whose money isn't in our books any more.
LEFT = (PayoutState.REQUESTED, PayoutState.SENT, PayoutState.PAID)


class PayoutKind(StrEnum):
    SCHEDULED = "scheduled"
    ASKED = "asked"
    BY_HAND = "by_hand"


class AwardCause(StrEnum):
    """What a compensation is for. `ruling`: by the law's multiples, found by the platform."""

    LATE_DISPATCH = "late_dispatch"
    SHOP_CANCELLED = "shop_cancelled"
    RULING = "ruling"


class AwardState(StrEnum):
    """`owed`: the money isn't gathered, a dispute comes first; `held`: it waits on its account to leave."""

    OWED = "owed"
    HELD = "held"
    REQUESTED = "requested"
    SENT = "sent"
    PAID = "paid"


# Those whose money isn't in our books any more.
AWARD_GONE = (AwardState.REQUESTED, AwardState.SENT, AwardState.PAID)


class What(StrEnum):
    """How a provider's day and ours differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    OTHER_SUM = "other_sum"
    OTHER_STATE = "other_state"
    TWICE = "twice"
    # A signed notice that fits nothing here; the money may be there already.
    PARKED = "parked"
    # Captured, and the order still waits for its money.
    WITHOUT_ORDER = "without_order"
    # The provider refused to give money back, again and again: it waits here, and nobody else moves it.
    REFUND_STUCK = "refund_stuck"


class DifferenceState(StrEnum):
    """`cleared`: the facts came to agree by themselves."""

    OPEN = "open"
    CLEARED = "cleared"
    EXPLAINED = "explained"
    CORRECTED = "corrected"


class DisputeState(StrEnum):
    """`accepted`: we told the provider that we don't contest it; its word on the money is still to come."""

    OPENED = "opened"
    EVIDENCE_SENT = "answered"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"


DISPUTE_ENDED = (DisputeState.WON, DisputeState.LOST)


# Money that was taken is a fact whatever the payment looked like before: so capture starts from every
# state but its own, and a decline that arrives late moves nothing.
PAYMENT = Lifecycle(
    "payment",
    PaymentState,
    authorise=({PaymentState.OPEN, PaymentState.FAILED}, PaymentState.AUTHORISED),
    capture=(set(PaymentState) - {PaymentState.CAPTURED}, PaymentState.CAPTURED),
    release=({PaymentState.AUTHORISED}, PaymentState.RELEASED),
    fail=({PaymentState.OPEN}, PaymentState.FAILED),
    retry=({PaymentState.FAILED}, PaymentState.OPEN),
    expire=({PaymentState.OPEN, PaymentState.FAILED}, PaymentState.EXPIRED),
)

# A charge is a fact here too: so "captured" follows every state but an ending.
AUTHORISATION = Lifecycle(
    "authorisation",
    AuthorisationState,
    ask_capture=({AuthorisationState.HELD}, AuthorisationState.CAPTURING),
    ask_release=({AuthorisationState.HELD, AuthorisationState.CAPTURING}, AuthorisationState.RELEASING),
    capture=(
        {AuthorisationState.HELD, AuthorisationState.CAPTURING, AuthorisationState.RELEASING},
        AuthorisationState.CAPTURED,
    ),
    release=(
        {AuthorisationState.HELD, AuthorisationState.CAPTURING, AuthorisationState.RELEASING},
        AuthorisationState.RELEASED,
    ),
)

ATTEMPT = Lifecycle(
    "attempt",
    AttemptState,
    hand_over=({AttemptState.BEGUN}, AttemptState.HANDED_OVER),
    turn_down=({AttemptState.BEGUN}, AttemptState.TURNED_DOWN),
    close=({AttemptState.BEGUN, AttemptState.HANDED_OVER}, AttemptState.CLOSED),
)

# The provider's notice may overtake its own answer to our call: so "paid" needs no "sent" before it.
REFUND = Lifecycle(
    "refund",
    RefundState,
    send=({RefundState.REQUESTED}, RefundState.SENT),
    pay=({RefundState.REQUESTED, RefundState.SENT}, RefundState.PAID),
    fail=({RefundState.REQUESTED, RefundState.SENT}, RefundState.FAILED),
)

# A bank takes money in and sends it back days later: so "failed" may follow "paid".
PAYOUT = Lifecycle(
    "payout",
    PayoutState,
    request=({PayoutState.HELD}, PayoutState.REQUESTED),
    drop=({PayoutState.HELD}, PayoutState.DROPPED),
    send=({PayoutState.REQUESTED}, PayoutState.SENT),
    pay=({PayoutState.REQUESTED, PayoutState.SENT}, PayoutState.PAID),
    fail=({PayoutState.REQUESTED, PayoutState.SENT, PayoutState.PAID}, PayoutState.FAILED),
)

# As with payouts: what comes back later waits again, and the buyer is never without it.
AWARD = Lifecycle(
    "award",
    AwardState,
    fund=({AwardState.OWED}, AwardState.HELD),
    request=({AwardState.HELD}, AwardState.REQUESTED),
    send=({AwardState.REQUESTED}, AwardState.SENT),
    pay=({AwardState.REQUESTED, AwardState.SENT}, AwardState.PAID),
    fail=(set(AWARD_GONE), AwardState.HELD),
)

# Late money is taken: so a card that lapsed is issued all the same.
GIFT_CARD = Lifecycle(
    "gift_card",
    GiftCardState,
    issue=({GiftCardState.UNPAID, GiftCardState.LAPSED}, GiftCardState.ISSUED),
    lapse=({GiftCardState.UNPAID}, GiftCardState.LAPSED),
    give_back=({GiftCardState.ISSUED}, GiftCardState.GIVEN_BACK),
)

# The provider's word ends it whatever we have done: its notices come late, twice and in any order.
DISPUTE = Lifecycle(
    "dispute",
    DisputeState,
    send_evidence=({DisputeState.OPENED}, DisputeState.EVIDENCE_SENT),
    accept=({DisputeState.OPENED}, DisputeState.ACCEPTED),
    win=({DisputeState.OPENED, DisputeState.EVIDENCE_SENT, DisputeState.ACCEPTED}, DisputeState.WON),
    lose=({DisputeState.OPENED, DisputeState.EVIDENCE_SENT, DisputeState.ACCEPTED}, DisputeState.LOST),
)
