"""Writing a message: sealed under its writer's key, read for ways round the platform, told without words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from orders.access import still_named
from orders.message_events import OrderMessageWritten
from orders.messages import clocks, warning
from orders.models import MessageFile, MessageThread, MessageTurn, Order, OrderMessage
from orders.states import MessageSeat
from outbox import bus
from privacy import files
from rulebook import policies

PURPOSE = "order.message"
LIMITS = "order_messages.limits"
LONGEST = 2_000
MOST_FILES = 4


class MessageEmpty(Invalid):
    code = "message_empty"
    message = N_("Write a message, with at most %(most)s characters.")


class TooManyMessages(DomainError):
    code = "too_many_messages"
    status = 429
    message = N_("You have written %(most)s messages about this order within an hour. Wait a little.")


class TooManyFilesSent(Invalid):
    code = "too_many_message_files"
    message = N_("A message takes at most %(most)s files.")


class ThreadOver(DomainError):
    code = "message_thread_over"
    message = N_(
        "This order is long over, so neither side can write about it here any more."
        " A complaint stays possible."
    )


@transaction.atomic
def write(
    *,
    order_id: UUID,
    seat: MessageSeat,
    text: str,
    actor: Actor,
    at: datetime,
    uploads: Sequence[UploadedFile[bytes]] = (),
    needs_answer: bool = True,
) -> OrderMessage:
    """Send it. A buyer's starts the shop's time to answer, unless it needs none; a shop's ends it.

    :raises MessageEmpty, TooManyFilesSent: :raises TooManyMessages: :raises ThreadOver:
    :raises FileEmpty, FileTooLarge, FileTypeRefused: nothing is written then
    """
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise MessageEmpty(field="text", most=LONGEST)
    if len(uploads) > MOST_FILES:
        raise TooManyFilesSent(field="attached", most=MOST_FILES)
    order = Order.objects.locked(order_id)
    if not is_open(order, at=at):
        raise ThreadOver
    thread = _thread(order, at=at)
    _require_room(thread, seat, at=at)
    message = _written(order, thread, seat, words, actor=actor, at=at)
    for upload in uploads:
        stored = files.receive(
            subject_id=message.author_subject_id, upload=upload, purpose=PURPOSE, actor=actor, at=at
        )
        MessageFile.objects.create(message=message, file=stored)
    _turn(order, thread, seat, needs_answer, at=at)
    return message


def is_open(order: Order, *, at: datetime) -> bool:
    """Paid for, and not so long over that the shop no longer knows the buyer."""
    return order.paid_at is not None and still_named(order, at=at)


def _thread(order: Order, *, at: datetime) -> MessageThread:
    thread, _made = MessageThread.objects.get_or_create(
        order_id=order.pk,
        defaults={
            "merchant_id": order.merchant_id,
            "subject_id": order.subject_id,
            "began_at": at,
            "last_at": at,
        },
    )
    return thread


def _require_room(thread: MessageThread, seat: MessageSeat, *, at: datetime) -> None:
    most = int(policies.value(LIMITS, at)["hour"])
    lately = thread.messages.filter(seat=seat, at__gt=at - timedelta(hours=1))
    if lately.count() >= most:
        raise TooManyMessages(most=most)


def _written(
    order: Order, thread: MessageThread, seat: MessageSeat, words: str, *, actor: Actor, at: datetime
) -> OrderMessage:
    """The shop's words lie under the shop's key, the buyer's under theirs. Told once until it is read."""
    author = order.merchant.subject_id if seat is MessageSeat.MERCHANT else order.subject_id
    first = not _unread(thread, seat)
    message = OrderMessage(
        thread=thread,
        seat=seat,
        author_subject_id=author,
        actor=str(actor),
        warned=warning.found(words),
        at=at,
    )
    message.text = words
    message.save(force_insert=True)
    thread.last_at = at
    setattr(thread, read_column(seat), at)
    thread.save(update_fields=["last_at", read_column(seat)])
    if first:
        fact = OrderMessageWritten(order.pk, order.merchant_id, order.subject_id, message.pk, str(seat))
        bus.publish(fact, at=at)
    return message


def _unread(thread: MessageThread, seat: MessageSeat) -> bool:
    """Whether the other side has something of `seat` that it hasn't read: then it was told already."""
    other = MessageSeat.BUYER if seat is MessageSeat.MERCHANT else MessageSeat.MERCHANT
    read_at = getattr(thread, read_column(other))
    rows = thread.messages.filter(seat=seat)
    return (rows.filter(at__gt=read_at) if read_at else rows).exists()


def read_column(seat: MessageSeat) -> str:
    return f"{seat}_read_at"


def _turn(
    order: Order, thread: MessageThread, seat: MessageSeat, needs_answer: bool, *, at: datetime
) -> None:
    running = thread.turns.filter(answered_at__isnull=True).first()
    if seat is MessageSeat.MERCHANT and running is not None:
        running.answered_at = at
        running.save(update_fields=["answered_at"])
        clocks.meet(running.pk, at=at)
    if seat is MessageSeat.BUYER and running is None and needs_answer:
        found = clocks.window(order, at=at)
        turn = MessageTurn.objects.create(thread=thread, asked_at=at, due_at=found.due_at)
        clocks.start(turn.pk, found, at=at)
