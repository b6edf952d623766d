"""The shop is asked what it says to a matter, without a word of who reported; its silence has an end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import parties
from outbox import bus
from oversight import deadlines
from oversight.events import MatterClosed, MatterOverdue, ShopAnswered, ShopAsked
from oversight.lifecycle import move
from oversight.models import Matter
from oversight.states import MATTER, MatterState

TEXT_LIMIT = 2000


class NobodyToAsk(DomainError):
    code = "matter_nobody_to_ask"
    message = N_("This matter names no shop, so there is nobody to ask. Decide it on what was reported.")


class QuestionMissing(Invalid):
    code = "matter_question_missing"
    message = N_(
        "Write in your own words what the shop shall answer to, so that nobody is recognised by theirs."
    )


class AnswerMissing(Invalid):
    code = "matter_answer_missing"
    message = N_("Write your answer: what happened from your side, and what you have put right.")


@transaction.atomic
def ask(*, matter_id: UUID, question: str, actor: Actor, at: datetime) -> Matter:
    """Tell the shop what is looked into; its clock starts and ours stands still.

    :raises NobodyToAsk, QuestionMissing, PartyMayNotAct: :raises IllegalMove: asked before, or closed
    """
    matter = Matter.objects.locked(matter_id)
    if matter.merchant_id is None:
        raise NobodyToAsk
    parties.refuse_party(merchant_id=matter.merchant_id, actor=actor)
    words = question.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise QuestionMissing(field="question")
    fact = ShopAsked(matter.pk, matter.merchant_id)
    move(matter, "ask", actor=actor, at=at, fact=fact, question=words, asked_at=at)
    deadlines.start_answer(matter, at=at)
    return matter


@transaction.atomic
def answer(*, matter_id: UUID, merchant_id: UUID, text: str, actor: Actor, at: datetime) -> Matter:
    """What the shop says; sealed under its key, read by the desk.

    :raises AnswerMissing: :raises TooLate: :raises IllegalMove: not asked, or answered :raises NotFound:
    """
    matter = Matter.objects.locked(matter_id)
    if matter.merchant_id != merchant_id or matter.asked_at is None:
        raise NotFound
    MATTER.target(matter.state, "answer")
    booking.require_in_time(kind=deadlines.ANSWER, reference=matter.pk, at=at)
    words = text.replace("\x00", "").strip()[:TEXT_LIMIT]
    if not words:
        raise AnswerMissing(field="text")
    matter.answer = words
    fact = ShopAnswered(matter.pk, merchant_id, silent=False)
    move(matter, "answer", actor=actor, at=at, fact=fact, answer=matter.answer, answered_at=at)
    deadlines.end_answer(matter, met=True, at=at)
    return matter


@transaction.atomic
def on_answer_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The shop kept silent: it is decided on what there is."""
    matter = Matter.objects.locked(reference)
    if matter.state == MatterState.ASKED and matter.merchant_id is not None:
        fact = ShopAnswered(matter.pk, matter.merchant_id, silent=True)
        move(matter, "keep_silent", actor=Actor.system(), at=at, fact=fact)
        deadlines.end_answer(matter, met=False, at=at)


@transaction.atomic
def on_decision_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """We were too slow: a senior's from now on, and in the public figures."""
    matter = Matter.objects.locked(reference)
    if matter.is_running and matter.overdue_at is None:
        matter.overdue_at = due_at
        matter.save(update_fields=["overdue_at"])
        deadlines.start_senior(matter, at=at)
        bus.publish(MatterOverdue(matter.pk), at=at)


@transaction.atomic
def on_senior_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """The senior was silent, too: it ends, we say that we failed, and where to turn to."""
    matter = Matter.objects.locked(reference)
    if matter.is_running:
        fact = MatterClosed(matter.pk, str(MatterState.UNANSWERED))
        move(matter, "leave", actor=Actor.system(), at=at, fact=fact)
        deadlines.close(matter, at=at)
