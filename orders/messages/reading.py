"""A thread as one side sees it; complaints show the same one. Reading is what marks it as read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.models import Membership
from orders.messages.writing import read_column
from orders.models import MessageFile, MessageReport, MessageThread, MessageTurn, Order, OrderMessage
from orders.states import MessageSeat, ReportOutcome
from privacy import access_record, keys
from privacy.models import StoredFile
from rulebook import policies

TEXT = ("orders.OrderMessage.text",)
SMALLEST = "promise.smallest_figure"
DAYS = 90


@dataclass(frozen=True, slots=True)
class Said:
    """One message; `text` is None where its writer was erased, or where staff hid it (`hidden` says why)."""

    message: OrderMessage
    text: str | None
    files: Sequence[MessageFile]
    hidden: str = ""
    reports: Sequence[MessageReport] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """Of the turns whose time ended in the last 90 days, so many were answered in it."""

    kept: int
    all: int
    shown: bool


def of_order(order: Order, *, reader: Actor, at: datetime) -> list[Said]:
    """The whole thread, oldest first. A look at the other side's words leaves a line; staff's leaves two."""
    rows = OrderMessage.objects.filter(thread__order_id=order.pk).prefetch_related("files__file", "reports")
    found = list(rows.order_by("at", "id"))
    if any(each.seat == MessageSeat.BUYER for each in found) and reader.subject_id != order.subject_id:
        access_record.record(
            actor=reader, subject_id=order.subject_id, purpose="orders.messages", fields=TEXT, at=at
        )
    if found and reader.is_staff:
        shop = order.merchant.subject_id
        access_record.record(actor=reader, subject_id=shop, purpose="orders.messages", fields=TEXT, at=at)
    return [_said(each) for each in found]


def _said(message: OrderMessage) -> Said:
    reports = list(message.reports.all())
    hidden = next((each.reason for each in reports if each.state == ReportOutcome.HIDDEN), "")
    if hidden:
        return Said(message, None, (), hidden, reports)
    return Said(message, opened(message, "text"), list(message.files.all()), "", reports)


def opened(row: OrderMessage | MessageReport, field: str) -> str | None:
    """A sealed cell's words; None once its writer was erased."""
    try:
        text: str | None = getattr(row, field)
    except keys.KeyDestroyed:
        return None
    return text


@transaction.atomic
def mark_read(*, order_id: UUID, seat: MessageSeat, at: datetime) -> None:
    """This side has seen everything up to now."""
    thread = MessageThread.objects.filter(order_id=order_id).select_for_update(no_key=True).first()
    if thread is not None:
        setattr(thread, read_column(seat), at)
        thread.save(update_fields=[read_column(seat)])


def unread(order_id: UUID, seat: MessageSeat) -> int:
    """How many of the other side's messages this one hasn't read. One statement."""
    column = read_column(seat)
    rows = OrderMessage.objects.filter(thread__order_id=order_id).exclude(seat=seat)
    since = Q(**{f"thread__{column}__isnull": True}) | Q(at__gt=F(f"thread__{column}"))
    return rows.filter(since).count()


def message_of(order: Order, message_id: UUID, *, reader: MessageSeat) -> OrderMessage:
    """One that the other side wrote. :raises NotFound: also for the reader's own"""
    rows = OrderMessage.objects.filter(pk=message_id, thread__order_id=order.pk)
    if (found := rows.exclude(seat=str(reader)).first()) is None:
        raise NotFound
    return found


def file_of(order: Order, file_id: UUID) -> StoredFile:
    """:raises NotFound: also when it belongs to another order's thread, or to a message that staff hid"""
    rows = MessageFile.objects.filter(message__thread__order_id=order.pk, file_id=file_id)
    rows = rows.exclude(message__reports__state=ReportOutcome.HIDDEN)
    found = rows.select_related("file").first()
    if found is None:
        raise NotFound
    return found.file


def threads_of_shop(membership: Membership, *, waiting: bool) -> list[MessageThread]:
    """Those that wait for an answer, the one due first; else all, the last one first."""
    rows = MessageThread.objects.filter(merchant_id=membership.merchant_id).select_related("order")
    if waiting:
        rows = rows.filter(turns__answered_at__isnull=True, turns__isnull=False)
        return rows.annotate(due_at=F("turns__due_at")).order_by("due_at", "id")  # type: ignore[return-value]
    return rows.order_by("-last_at", "-id")  # type: ignore[return-value]


def open_turn(order_id: UUID) -> MessageTurn | None:
    return MessageTurn.objects.filter(thread__order_id=order_id, answered_at__isnull=True).first()


def in_time(merchant_id: UUID, *, at: datetime) -> Figure:
    """For everybody: how often the shop answered in its time. One statement."""
    rows = MessageTurn.objects.filter(
        thread__merchant_id=merchant_id, due_at__gt=at - timedelta(days=DAYS), due_at__lte=at
    )
    kept = Count("id", filter=Q(answered_at__lt=F("due_at")))
    found = rows.aggregate(all=Count("id"), kept=kept)
    return Figure(found["kept"], found["all"], found["all"] >= policies.number(SMALLEST, at))
