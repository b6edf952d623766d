"""What a penalty does to the shop while it is in force, and how the shop gets it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_
from merchants import ladder
from merchants import penalty_deadlines as deadlines
from merchants.appeal_lifecycle import About
from merchants.events import (
    AppealDecided,
    MerchantStandingChanged,
    PenaltyEnded,
    PenaltyOverturned,
    PenaltyTookEffect,
)
from merchants.lifecycle import MERCHANT, MerchantState
from merchants.models import Appeal, Merchant, MerchantMove, Penalty
from merchants.moving import move as move_shop
from merchants.penalty_lifecycle import STEPS, PenaltyState, Step
from merchants.penalty_moves import locked, move
from outbox import bus

TIME_IS_OVER = N_("The penalty's time is over.")
# What a step makes of the shop's own state.
MOVES = {Step.RESTRICTED: "restrict", Step.SUSPENDED: "suspend", Step.CLOSED: "close"}
# From here on goods are found on the shop's own page alone.
HIDING = STEPS.index(Step.HIDDEN)
LIMITING = STEPS.index(Step.LISTING_LIMIT)


def take_effect(penalty: Penalty, *, actor: Actor, at: datetime) -> None:
    """From now on the step holds, until its time is over; the public is told within the law's time."""
    merchant = Merchant.objects.locked(penalty.merchant_id)
    ends = None if penalty.step == Step.CLOSED else ladder.lasts(since=at)
    move(penalty, "take_effect", actor=actor, at=at, in_force_at=at, ends_at=ends.due_at if ends else None)
    booking.cancel(kind=deadlines.PENALTY_ANSWER, reference=penalty.pk, at=at)
    _change_standing(penalty, merchant, actor=actor, at=at)
    write(merchant)
    if ends:
        booking.book(kind=deadlines.PENALTY_END, reference=penalty.pk, at=at, **ends.as_booking())
    deadlines.start_publication(penalty, at=at)
    bus.publish(PenaltyTookEffect(penalty.pk, merchant.pk, penalty.step, penalty.points), at=at)


@transaction.atomic
def on_end_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """It ends by itself; nobody has to ask."""
    penalty = locked(reference)
    if penalty.state != PenaltyState.IN_FORCE:
        return
    move(penalty, "end", actor=Actor.system(), at=at, ended_at=at, why_ended=TIME_IS_OVER)
    _give_back(penalty, actor=Actor.system(), reason=TIME_IS_OVER, at=at)
    bus.publish(PenaltyEnded(penalty.pk, penalty.merchant_id), at=at)


@transaction.atomic
def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """An upheld appeal takes the points, the effect and the publication back."""
    if not event.upheld or event.about != About.PENALTY:
        return
    penalty, appeal = locked(event.reference), Appeal.objects.get(pk=event.appeal_id)
    if penalty.state not in (PenaltyState.IN_FORCE, PenaltyState.ENDED) or appeal.decided_by is None:
        return
    actor = Actor.staff(appeal.decided_by)
    ended = {"ended_at": penalty.ended_at or at, "why_ended": appeal.reasons}
    shown = {"unpublished_at": at} if penalty.published_at else {}
    move(penalty, "overturn", actor=actor, at=at, **ended, **shown)
    booking.cancel(kind=deadlines.PENALTY_END, reference=penalty.pk, at=at)
    booking.cancel(kind=deadlines.PENALTY_PUBLISH, reference=penalty.pk, at=at)
    _give_back(penalty, actor=actor, reason=appeal.reasons, at=at)
    bus.publish(PenaltyOverturned(penalty.pk, penalty.merchant_id, penalty.points), at=at)


def write(merchant: Merchant) -> None:
    """Put what the penalties in force add up to on the shop's row, where the catalogue reads it."""
    held = [
        STEPS.index(Step(step))
        for step in Penalty.objects.filter(merchant=merchant, state=PenaltyState.IN_FORCE).values_list(
            "step", flat=True
        )
    ]
    heaviest = max(held, default=0)
    merchant.hidden, merchant.few_listings = heaviest >= HIDING, heaviest >= LIMITING
    merchant.save(update_fields=["hidden", "few_listings"])


def _change_standing(penalty: Penalty, merchant: Merchant, *, actor: Actor, at: datetime) -> None:
    """A step that the shop's state already meets or exceeds moves nothing."""
    name = MOVES.get(Step(penalty.step))
    if name is None or not MERCHANT.allows(merchant.state, name):
        return
    penalty.move = move_shop(
        merchant, name, reason=penalty.reasons, rule_id=penalty.rule_id, actor=actor, at=at
    )
    penalty.save(update_fields=["move"])
    bus.publish(MerchantStandingChanged(merchant.pk, str(merchant.state), penalty.rule_id), at=at)


def _give_back(penalty: Penalty, *, actor: Actor, reason: str, at: datetime) -> None:
    """Undo the change of standing, unless a newer decision stands; then what other penalties still ask."""
    merchant = Merchant.objects.locked(penalty.merchant_id)
    newest = MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()
    if penalty.move_id is not None and newest is not None and newest.pk == penalty.move_id:
        back = "reinstate" if merchant.state == MerchantState.CLOSED else "restore"
        move_shop(merchant, back, reason=reason, rule_id=penalty.rule_id, actor=actor, at=at, closed_at=None)
        bus.publish(MerchantStandingChanged(merchant.pk, str(merchant.state), penalty.rule_id), at=at)
        still = Penalty.objects.filter(merchant=merchant, state=PenaltyState.IN_FORCE)
        for other in sorted(still, key=lambda one: STEPS.index(Step(one.step)), reverse=True)[:1]:
            _change_standing(other, merchant, actor=actor, at=at)
    write(merchant)
