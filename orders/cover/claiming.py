"""A buyer claims on a cover: from the order, with what the platform knows filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import Money
from orders import cover_deadlines
from orders.cover import facts, moving, reckoning, telling
from orders.cover.facts import Fact
from orders.cover.reckoning import Asked
from orders.cover_events import CoverClaimAsked
from orders.cover_states import CAUSES, STANDING_CLAIM_STATES, Cause, CoverKind, CoverState
from orders.lifecycle import prove
from orders.limits import NOTE_LENGTH
from orders.models import CoverClaim, CoverPhoto, Order, OrderCover
from outbox import bus
from privacy.models import StoredFile
from web.languages import said_to_reader


class CoverNotRunning(DomainError):
    code = "cover_not_running"
    message = N_("This cover isn't running: it begins when the goods are sent.")


class CoverOver(DomainError):
    code = "cover_over"
    message = N_(
        "The time to claim on this cover ended at %(until)s. Your rights against the shop go on: complain."
    )


class CoverClaimed(DomainError):
    code = "cover_claimed"
    status = 409
    message = N_("You have claimed on this cover already: see claim %(number)s.")


class CauseNotCovered(Invalid):
    code = "cause_not_covered"
    message = N_("This cover doesn't pay for that. Choose one of those shown.")


class NothingShown(Invalid):
    code = "cover_nothing_shown"
    message = N_(
        "The platform has no record of it yet: %(wanted)s. Come back when it has, or complain; that is free."
    )


class PhotosMissing(Invalid):
    code = "cover_photos_missing"
    message = N_("Add at least one photo of the damage: without one the insurer can't decide.")


class SumMissing(Invalid):
    code = "cover_sum_missing"
    message = N_("Enter what sending it back cost you, above zero.")


class PiecesUnfit(Invalid):
    code = "cover_pieces_unfit"
    message = N_("Enter a quantity from 1 to %(most)s.")


class StoryTooLong(Invalid):
    code = "cover_story_too_long"
    message = N_("Say it in at most %(most)s characters.")


class NothingLeftToPay(DomainError):
    code = "cover_nothing_left"
    message = N_("All of your money for this has gone back already, so there is nothing left to claim.")


WANTED = {
    Cause.LOST: N_("no parcel with this item counts as lost"),
    Cause.DAMAGED: N_("no parcel with this item has arrived"),
    Cause.FREIGHT: N_("no return of this item, at your cost, has been completed"),
    Cause.COUNTERFEIT: N_("no complaint has decided that this item is a fake"),
}


@dataclass(frozen=True, slots=True)
class Telling:
    """What the buyer says; `spent`, on the freight of a return, in the cover's currency."""

    cause: Cause
    quantity: int = 1
    spent: Money | None = None
    story: str = ""


def until(cover: OrderCover, order: Order) -> datetime | None:
    """The first instant too late to claim; None while the goods haven't arrived."""
    if order.delivered_at is None:
        return None
    return order.delivered_at + timedelta(days=cover.terms["days"])


@transaction.atomic
def ask(
    *,
    cover_id: UUID,
    said: Telling,
    actor: Actor,
    at: datetime,
    shown: Sequence[StoredFile] = (),
) -> CoverClaim:
    """Claim on a running cover; the insurer's clock starts, and its silence pays.

    :raises NotFound: for somebody else's :raises CoverNotRunning, CoverOver, CoverClaimed, NothingLeftToPay:
    :raises CauseNotCovered, NothingShown, PhotosMissing, SumMissing, PiecesUnfit, StoryTooLong: with a field
    """
    cover, order = _locked(cover_id, actor)
    asked, found = check(cover, order, said, photos=len(shown), at=at)
    claim = CoverClaim(
        cover=cover,
        subject_id=cover.subject_id,
        cause=said.cause,
        quantity=said.quantity,
        goods_minor=asked.goods.minor,
        beside_minor=asked.beside.minor,
        facts=found,
        story=said.story.strip() or None,
        asked_at=at,
    )
    claim.save(force_insert=True)
    CoverPhoto.objects.bulk_create(CoverPhoto(claim=claim, file=each, at=at) for each in shown)
    answer_by = cover_deadlines.start_answer(claim, at=at)
    telling.owe(cover, claim, at=at)
    payload = {"claim": claim.number, "cause": str(said.cause), "amount_minor": asked.amount.minor}
    prove(order, "orders.cover_claim.ask", payload, at=at)
    bus.publish(CoverClaimAsked(*moving.ids(cover, order), claim.pk, answer_by), at=at)
    return claim


def _locked(cover_id: UUID, actor: Actor) -> tuple[OrderCover, Order]:
    cover = OrderCover.objects.get_or_not_found(pk=cover_id)
    if actor.subject_id is None or actor.subject_id != cover.subject_id:
        raise NotFound()
    order = Order.objects.locked(cover.order_id)
    cover = OrderCover.objects.select_related("line").select_for_update(of=("self",)).get(pk=cover_id)
    return cover, order


def check(
    cover: OrderCover, order: Order, said: Telling, *, photos: int, at: datetime
) -> tuple[Asked, list[Fact]]:
    """What the claim would ask for, and the facts it stands on; refusals as in `ask`."""
    _check_open(cover, order, at=at)
    _check_said(cover, said)
    found = facts.of(cover, said.cause)
    _check_shown(said, found, photos)
    asked = reckoning.reckon(
        cover, said.cause, quantity=said.quantity, spent=said.spent or Money.zero(cover.currency)
    )
    if not asked.amount:
        raise NothingLeftToPay()
    return asked, found


def _check_open(cover: OrderCover, order: Order, *, at: datetime) -> None:
    if cover.state != CoverState.RUNNING:
        raise CoverNotRunning()
    end = until(cover, order)
    if end is not None and at >= end:
        raise CoverOver(until=end)
    known = cover.claims.filter(state__in=sorted(map(str, STANDING_CLAIM_STATES))).first()
    if known is not None:
        raise CoverClaimed(number=known.number)


def _check_said(cover: OrderCover, said: Telling) -> None:
    if said.cause not in CAUSES[CoverKind(cover.kind)]:
        raise CauseNotCovered(field="cause")
    if not 1 <= said.quantity <= cover.line.quantity:
        raise PiecesUnfit(field="quantity", most=cover.line.quantity)
    if said.cause is Cause.FREIGHT and (said.spent is None or said.spent.minor <= 0):
        raise SumMissing(field="spent")
    if len(said.story.strip()) > NOTE_LENGTH:
        raise StoryTooLong(field="story", most=NOTE_LENGTH)


def _check_shown(said: Telling, found: list[Fact], photos: int) -> None:
    match said.cause:
        case Cause.LOST:
            known = facts.has_fate(found, said.cause)
        case Cause.DAMAGED:
            arrived = any(each["kind"] == "delivered" for each in found)
            known = arrived or facts.has_fate(found, said.cause)
            if known and not photos and not facts.has_fate(found, said.cause):
                raise PhotosMissing(field="files")
        case Cause.FREIGHT | Cause.COUNTERFEIT:
            known = bool(found)
    if not known:
        wanted = said_to_reader(lambda _locale: gettext(WANTED[said.cause]))
        raise NothingShown(field="cause", wanted=wanted)


@transaction.atomic
def withdraw(*, claim_id: UUID, actor: Actor, at: datetime) -> CoverClaim:
    """The buyer takes a claim back that nobody has answered; another may follow.

    :raises NotFound: for somebody else's :raises IllegalMove: once it is answered
    """
    claim = CoverClaim.objects.get_or_not_found(pk=claim_id)
    _cover, order = _locked(claim.cover_id, actor)
    claim = CoverClaim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    moving.move_claim(claim, "withdraw", order, at=at)
    cover_deadlines.end_answer(claim, at=at)
    telling.drop(claim)
    return claim
