"""Writing a review of something that was really bought and delivered, and adding to it once."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import linking
from accounts.models import User
from credit.events import ReviewAnswered, ReviewWritten
from credit.models import Review, ReviewNote
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants.models import Membership
from orders.models import Order, OrderLine
from orders.states import OrderState
from outbox import bus
from privacy import ages, commitments

TEXT_LIMIT = 2000
NICKNAME_LIMIT = 60
REVIEWED_STATES = frozenset({OrderState.DELIVERED, OrderState.SETTLED, OrderState.REFUNDED})
NOBODY_IN_PARTICULAR = "匿"


class NotYetDelivered(DomainError):
    code = "review_before_delivery"
    message = N_("You can review it once it has been delivered.")


class AlreadyReviewed(DomainError):
    code = "already_reviewed"
    message = N_(
        "You have already reviewed this item. A review can't be changed, but you can add to it once."
    )


class AlreadyAdded(DomainError):
    code = "review_note_exists"
    message = N_("Something was added here already. Each side can add to a review once.")


class OwnShop(DomainError):
    code = "review_of_own_shop"
    message = N_("You act for this shop, so you can't review what it sells.")


class ScoreOutOfRange(Invalid):
    code = "review_score_out_of_range"
    message = N_("Give 1 to 5 points.")


class ReviewTextTooLong(Invalid):
    code = "review_text_too_long"
    message = N_("That is %(length)s characters; there is room for %(limit)s. Please shorten it.")


class ReviewTextMissing(Invalid):
    code = "review_text_missing"
    message = N_("Write a sentence first.")


@transaction.atomic
def write_review(
    *,
    order_id: UUID,
    line_id: UUID,
    goods: int,
    description: int,
    delivery: int,
    aftersales: int,
    text: str = "",
    nickname: str = "",
    actor: Actor,
    at: datetime,
) -> Review:
    """Review one line of one's own order; scores are 1 to 5, `nickname` is masked before it is kept.

    :raises NotFound: when it isn't the buyer's own line
    :raises NotYetDelivered, OwnShop, AlreadyReviewed, ScoreOutOfRange, ReviewTextTooLong: nothing is written
    """
    order = Order.objects.locked(order_id)
    line = _own_line(order, line_id, actor)
    scores = {"goods": goods, "description": description, "delivery": delivery, "aftersales": aftersales}
    _require_scores(scores)
    _require_reviewable(order, line)
    review = Review(
        order=order, line=line, listing_id=line.listing_id, merchant_id=order.merchant_id,
        subject_id=order.subject_id, at=at, **scores,
    )  # fmt: skip
    review.nickname, review.text = _shown_as(order.subject_id, nickname), clean(text)
    review.save(force_insert=True)
    parts = (review.pk, order.pk, line.pk, order.merchant_id, order.subject_id)
    _prove(review, "credit.review", review.pk, {**scores, "text": review.text}, at=at)
    bus.publish(ReviewWritten(*parts, goods, description, delivery, aftersales), at=at)
    return review


@transaction.atomic
def follow_up(*, review_id: UUID, text: str, actor: Actor, at: datetime) -> ReviewNote:
    """The buyer adds to their own review, once.

    :raises NotFound: somebody else's; AlreadyAdded, ReviewTextMissing, ReviewTextTooLong:
    """
    review = Review.objects.locked(review_id)
    if actor.subject_id is None or not linking.same_person(actor.subject_id, review.subject_id):
        raise NotFound()
    return _add(review, "buyer", text, actor.subject_id, at=at)


@transaction.atomic
def reply(*, review_id: UUID, text: str, actor: Actor, at: datetime) -> ReviewNote:
    """The shop replies, once.

    :raises NotFound: another shop's; AlreadyAdded, ReviewTextMissing, ReviewTextTooLong:
    """
    review = Review.objects.locked(review_id)
    if actor.merchant_id is None or actor.merchant_id != review.merchant_id or actor.subject_id is None:
        raise NotFound()
    note = _add(review, "merchant", text, actor.subject_id, at=at)
    bus.publish(ReviewAnswered(review.pk, review.merchant_id, review.subject_id), at=at)
    return note


def _own_line(order: Order, line_id: UUID, actor: Actor) -> OrderLine:
    line = OrderLine.objects.filter(pk=line_id, order=order).first()
    if line is None or not linking.same_person(actor.subject_id, order.subject_id):
        raise NotFound()
    return line


def _shown_as(subject_id: UUID, nickname: str) -> str:
    """The masked name beside the review; a minor's review stands without one."""
    return masked("" if ages.is_minor(subject_id) else nickname or _name_of(subject_id))


def _name_of(subject_id: UUID) -> str:
    """What the account is called; a guest has no name here."""
    account = User.objects.filter(subject_id=subject_id).first()
    return str(account.display_name) if account else ""


def _require_scores(scores: dict[str, int]) -> None:
    for name, score in scores.items():
        if type(score) is not int or not 1 <= score <= 5:
            raise ScoreOutOfRange(field=name)


def _require_reviewable(order: Order, line: OrderLine) -> None:
    if Membership.objects.filter(
        merchant_id=order.merchant_id, subject_id=order.subject_id, ended_at__isnull=True
    ).exists():
        raise OwnShop()
    if order.delivered_at is None or order.state not in REVIEWED_STATES:
        raise NotYetDelivered()
    if Review.objects.of_line(line.pk) is not None:
        raise AlreadyReviewed()


def _add(review: Review, seat: str, text: str, author: UUID, *, at: datetime) -> ReviewNote:
    cleaned = clean(text)
    if not cleaned:
        raise ReviewTextMissing(field="text")
    if review.notes.filter(seat=seat).exists():
        raise AlreadyAdded()
    note = ReviewNote(review=review, seat=seat, author_subject_id=author, at=at)
    note.text = cleaned
    note.save(force_insert=True)
    _prove(review, f"credit.review.{seat}", note.pk, {"text": cleaned}, at=at)
    return note


def _prove(review: Review, label: str, reference: UUID, payload: dict[str, object], *, at: datetime) -> None:
    said = {**payload, "line": str(review.line_id), "at": at.isoformat()}
    commitment = commitments.commit(
        subject_id=review.subject_id, label=label, reference=reference, payload=said
    )
    log.queue(label=label, reference=reference, commitment=commitment, at=at)


def clean(text: str) -> str:
    """The text without control and direction characters, which could turn a page around.

    :raises ReviewTextTooLong:
    """
    if len(text) > TEXT_LIMIT * 2:
        raise ReviewTextTooLong(field="text", length=len(text), limit=TEXT_LIMIT)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in lines if one == "\n" or unicodedata.category(one) not in _DROPPED)
    kept = kept.strip()
    if len(kept) > TEXT_LIMIT:
        raise ReviewTextTooLong(field="text", length=len(kept), limit=TEXT_LIMIT)
    return kept


# Controls, direction and format marks, lone surrogates, private use: nothing that a reader would miss.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def masked(name: str) -> str:
    """ "林未" → "林**": always two stars, so that the length tells nothing either."""
    kept = clean(name[:NICKNAME_LIMIT])
    return f"{kept[:1] or NOBODY_IN_PARTICULAR}**"
