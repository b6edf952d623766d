"""What one side of a thread reports of the other's message, and each look of staff at the words."""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound
from kernel.ids import new_id, public_number
from orders.models.messages import OrderMessage
from orders.states import MessageSeat, ReportCause, ReportOutcome
from privacy.fields import EncryptedTextField

RECEIVED = "received"
_OUTCOMES = [str(each) for each in ReportOutcome]
_ANSWERED_ONCE = """
IF OLD.state <> 'received' THEN
    RAISE EXCEPTION 'a report of a message is answered once'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_message_report_is_answered_once';
END IF;
RETURN NEW;
"""
# Who reports is the other side of the thread, under its own key.
_BY_THE_OTHER_SIDE = """
IF NOT EXISTS (
    SELECT FROM orders_ordermessage m
      JOIN orders_messagethread t ON t.id = m.thread_id
      JOIN merchants_merchant s ON s.id = t.merchant_id
     WHERE m.id = NEW.message_id AND m.seat <> NEW.seat
       AND NEW.subject_id = CASE NEW.seat WHEN 'buyer' THEN t.subject_id ELSE s.subject_id END
) THEN
    RAISE EXCEPTION 'a message is reported by the side that it was written to'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_message_is_reported_by_its_reader';
END IF;
RETURN NEW;
"""


def report_number() -> str:
    return public_number("M")


class MessageReportQuerySet(models.QuerySet["MessageReport"]):
    def waiting(self) -> MessageReportQuerySet:
        return self.filter(state=RECEIVED)

    def of_seat(self, seat: MessageSeat) -> MessageReportQuerySet:
        return self.filter(seat=str(seat))

    def waiting_locked(self, pk: UUID) -> MessageReport:
        """:raises NotFound: none, or answered"""
        rows = self.waiting().select_for_update(of=("self",), no_key=True)
        if (found := rows.filter(pk=pk).first()) is None:
            raise NotFound
        return found


class MessageReport(models.Model):
    """One side's report of a message of the other; `seat` reports, its words lie under its own key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=report_number, editable=False)
    message = models.ForeignKey(OrderMessage, on_delete=models.PROTECT, related_name="reports")
    seat = models.CharField(max_length=10)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16)
    words = EncryptedTextField(subject="subject_id", null=True)
    state = models.CharField(max_length=12, default=RECEIVED)
    made_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(max_length=1000, blank=True, default="")

    objects = MessageReportQuerySet.as_manager()

    tenant = "message"

    class Meta:
        verbose_name = _("report of a message")
        verbose_name_plural = _("reports of messages")
        permissions = [
            ("decide_message_report", "May read a reported message and answer its report"),
            ("decide_overdue_message_report", "May answer a report that waited too long"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message", "seat"], name="a_message_is_reported_once"),
            models.CheckConstraint(
                condition=Q(seat__in=[str(each) for each in MessageSeat]),
                name="a_message_report_has_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(cause__in=[str(each) for each in ReportCause]),
                name="message_report_cause_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state=RECEIVED, decided_at__isnull=True, decided_by="", reason="")
                | (
                    Q(state__in=_OUTCOMES, decided_at__isnull=False)
                    & ~Q(decided_by="")
                    & ~Q(reason="")
                    & Q(decided_at__gte=F("made_at"))
                ),
                name="a_message_report_is_answered_with_reasons",
            ),
        ]
        indexes = [
            models.Index(name="message_reports_to_answer", fields=["made_at"], condition=Q(state=RECEIVED))
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_message_is_reported_by_its_reader",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_BY_THE_OTHER_SIDE,
            ),
            pgtrigger.Trigger(
                name="a_message_report_is_answered_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state", "reason", "decided_at", "decided_by"),
                func=_ANSWERED_ONCE,
            ),
            pgtrigger.ReadOnly(
                name="a_message_report_stays_what_it_is",
                fields=["message", "seat", "subject", "cause", "made_at", "number"],
            ),
            pgtrigger.Protect(name="a_message_report_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.number


class MessageLook(models.Model):
    """A member of staff opened a reported message, and why; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(MessageReport, on_delete=models.PROTECT, related_name="looks")
    actor = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    # With the messages just before and after it.
    around = models.BooleanField(default=False)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("look at a reported message")
        verbose_name_plural = _("looks at reported messages")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="a_look_at_a_message_has_a_reason"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.report_id} {self.at}"
