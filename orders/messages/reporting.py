"""One side reports a message; staff read only it, with a reason on record, and answer with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from deadlines import booking
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from merchants import parties
from orders.message_events import MessageReportDecided, MessageReported, MessageReportOverdue
from orders.messages import clocks
from orders.messages.reading import Said, message_of, opened
from orders.models import MessageLook, MessageReport, Order, OrderMessage
from orders.states import MessageSeat, ReportCause, ReportOutcome
from outbox import bus
from privacy import access_record, subjects
from rulebook import policies
from web import tenancy

PURPOSE = "orders.message_report"
WORDS_LENGTH, REASON_LENGTH, LOOK_LENGTH, SHORTEST = 500, 1_000, 200, 5
# As many messages before and after the reported one, where it can't be understood alone.
AROUND = 2
DAYS = 90
SEALED = ("orders.OrderMessage.text",)
REPORTED = ("orders.MessageReport.words",)


class MessageReportedAlready(DomainError):
    code = "message_reported_already"
    status = 409
    message = N_("You reported this message already. The number is %(number)s.")


class TooManyMessageReports(DomainError):
    code = "too_many_message_reports"
    status = 429
    message = N_("You have %(most)s reports of messages open. Wait for our answers first.")


class ReportTooLong(Invalid):
    code = "message_report_too_long"
    message = N_("Say it in at most %(most)s characters.")


class LookWithoutReason(Invalid):
    code = "message_look_without_reason"
    message = N_("Write why you need to read it: both sides can ask who read what, and why.")


class AnswerWithoutReason(Invalid):
    code = "message_report_answer_without_reason"
    message = N_("Write the reason: both sides read it.")


class NotOpenedYet(DomainError):
    code = "message_report_not_opened"
    message = N_("Open the message first: nobody decides about words that they haven't read.")


@dataclass(frozen=True, slots=True)
class Opened:
    """What staff see: the report's words and the messages, the reported one among them."""

    words: str | None
    said: Sequence[Said]


@tenancy.widened()
@transaction.atomic
def report(
    *, order_id: UUID, message_id: UUID, seat: MessageSeat, cause: ReportCause, words: str, actor: Actor,
    at: datetime,
) -> MessageReport:  # fmt: skip
    """Ask the platform to look at a message of the other side; its clock starts, nothing else happens.

    :raises NotFound: none of this order, or the reporter's own :raises MessageReportedAlready:
    :raises TooManyMessageReports: :raises ReportTooLong:
    """
    order = Order.objects.select_related("merchant").get(pk=order_id)
    message = message_of(order, message_id, reader=seat)
    told = words.strip()
    if len(told) > WORDS_LENGTH:
        raise ReportTooLong(field="words", most=WORDS_LENGTH)
    subject_id = order.subject_id if seat is MessageSeat.BUYER else order.merchant.subject_id
    subjects.locked(subject_id)
    _refuse_repeats(message, seat, subject_id, at=at)
    made = MessageReport(message=message, seat=str(seat), subject_id=subject_id, cause=str(cause), made_at=at)
    made.words = told or None
    made.save(force_insert=True)
    found = clocks.report_window(order, at=at)
    clocks.start_report(made.pk, found, at=at)
    bus.publish(MessageReported(order.pk, order.merchant_id, order.subject_id, made.pk), at=at)
    return made


def _refuse_repeats(message: OrderMessage, seat: MessageSeat, subject_id: UUID, *, at: datetime) -> None:
    known = MessageReport.objects.of_seat(seat).filter(message=message).first()
    if known is not None:
        raise MessageReportedAlready(number=known.number)
    most = policies.number("order_messages.reports_open", at)
    if MessageReport.objects.waiting().filter(subject_id=subject_id).count() >= most:
        raise TooManyMessageReports(most=most)


@transaction.atomic
def open_words(*, report_id: UUID, reason: str, around: bool, actor: Actor, at: datetime) -> Opened:
    """The reported message, in need with its neighbours; the look and its reason stay on record.

    :raises NotFound: :raises LookWithoutReason: :raises PartyMayNotAct:
    """
    held = MessageReport.objects.filter(pk=report_id).select_related("message__thread__order").first()
    if held is None:
        raise NotFound
    why = " ".join(reason.split())[:LOOK_LENGTH]
    if len(why) < SHORTEST:
        raise LookWithoutReason(field="why")
    thread = held.message.thread
    parties.refuse_party(merchant_id=thread.merchant_id, actor=actor)
    MessageLook.objects.create(report=held, actor=str(actor), reason=why, around=around, at=at)
    shown = _around(held.message) if around else [held.message]
    for author in sorted({each.author_subject_id for each in shown}):
        access_record.record(actor=actor, subject_id=author, purpose=PURPOSE, fields=SEALED, at=at)
    access_record.record(actor=actor, subject_id=held.subject_id, purpose=PURPOSE, fields=REPORTED, at=at)
    return Opened(opened(held, "words"), [Said(each, opened(each, "text"), ()) for each in shown])


def _around(message: OrderMessage) -> list[OrderMessage]:
    """With its neighbours, the oldest first."""
    others = OrderMessage.objects.filter(thread_id=message.thread_id).exclude(pk=message.pk)
    before = list(others.filter(at__lte=message.at).order_by("-at", "-id")[:AROUND])
    after = list(others.filter(at__gt=message.at).order_by("at", "id")[:AROUND])
    return [*reversed(before), message, *after]


@transaction.atomic
def decide(*, report_id: UUID, outcome: str, reason: str, actor: Actor, at: datetime) -> MessageReport:
    """Answer it; both sides are told the outcome and the reason.

    :raises NotFound: none, or answered :raises AnswerWithoutReason: also for an unknown outcome
    :raises NotOpenedYet: :raises PartyMayNotAct:
    """
    held = MessageReport.objects.waiting_locked(report_id)
    why = reason.strip()[:REASON_LENGTH]
    if len(why) < SHORTEST or outcome not in [str(each) for each in ReportOutcome]:
        raise AnswerWithoutReason(field="reason")
    if not held.looks.filter(actor=str(actor)).exists():
        raise NotOpenedYet
    thread = held.message.thread
    parties.refuse_party(merchant_id=thread.merchant_id, actor=actor)
    held.state, held.reason, held.decided_at, held.decided_by = outcome, why, at, str(actor)
    held.save(update_fields=["state", "reason", "decided_at", "decided_by"])
    clocks.meet_report(held.pk, at=at)
    fact = MessageReportDecided(thread.order_id, thread.merchant_id, thread.subject_id, held.pk, str(outcome))
    bus.publish(fact, at=at)
    return held


@transaction.atomic
def on_report_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody answered in time: from now on it is a senior's."""
    rows = MessageReport.objects.waiting().select_for_update(of=("self",), no_key=True)
    held = rows.filter(pk=reference, overdue_at=None).first()
    if held is None:
        return
    held.overdue_at = due_at
    held.save(update_fields=["overdue_at"])
    thread = held.message.thread
    bus.publish(MessageReportOverdue(thread.order_id, thread.merchant_id, thread.subject_id, held.pk), at=at)


def breaches(held: MessageReport, *, at: datetime) -> int:
    """How often this writer's messages were hidden or warned of in the last 90 days."""
    found = MessageReport.objects.filter(
        message__author_subject_id=held.message.author_subject_id,
        state__in=[str(ReportOutcome.HIDDEN), str(ReportOutcome.WARNED)],
        decided_at__gt=at - timedelta(days=DAYS),
        decided_at__lte=at,
    )
    return found.exclude(pk=held.pk).count()


def answer_by(report_id: UUID) -> datetime | None:
    row = booking.find(kind=clocks.REPORT, reference=report_id)
    return row.due_at if row else None
