"""What buyer and shop write to each other about an order: one thread each, no address of anybody in it."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.models.contract import Order
from orders.states import MessageSeat
from privacy import live_keys
from privacy.fields import EncryptedTextField

_SEATS = [str(seat) for seat in MessageSeat]
# Thread and message are of the order's own shop and buyer, so that no row tells one shop of another's.
_OF_ITS_ORDER = """
IF NOT EXISTS (
    SELECT FROM orders_order o
     WHERE o.id = NEW.order_id AND o.merchant_id = NEW.merchant_id AND o.subject_id = NEW.subject_id
) THEN
    RAISE EXCEPTION 'a thread is between the buyer and the shop of its order'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_thread_is_of_its_order';
END IF;
RETURN NEW;
"""


class MessageThread(models.Model):
    """Everything written about one order; each side has read so far."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="thread")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    last_at = models.DateTimeField()
    buyer_read_at = models.DateTimeField(null=True)
    merchant_read_at = models.DateTimeField(null=True)

    tenant = "merchant"

    class Meta:
        verbose_name = _("thread of an order")
        verbose_name_plural = _("threads of orders")
        indexes = [models.Index(fields=["merchant", "-last_at"], name="threads_of_a_shop")]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_thread_stays_where_it_is", fields=["order", "merchant", "subject", "began_at"]
            ),
            pgtrigger.Protect(name="a_thread_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_thread_is_of_its_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_ITS_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"thread of {self.order_id}"


class MessageTurn(models.Model):
    """The shop's turn: from the buyer's first unanswered message to the shop's next one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(MessageThread, on_delete=models.PROTECT, related_name="turns")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    tenant = "thread"

    class Meta:
        verbose_name = _("turn to answer")
        verbose_name_plural = _("turns to answer")
        constraints = [
            models.UniqueConstraint(
                fields=["thread"], condition=Q(answered_at__isnull=True), name="a_thread_has_one_open_turn"
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="a_turn_has_its_time"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("asked_at")),
                name="an_answer_follows_its_question",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="turns_by_their_time")]
        triggers = [
            pgtrigger.ReadOnly(name="a_turn_keeps_its_clock", fields=["thread", "asked_at", "due_at"]),
            pgtrigger.Protect(
                name="an_answered_turn_stays_answered",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"turn of {self.thread_id}"


class OrderMessage(models.Model):
    """One message, sealed under its writer's key; `warned` names the screening rules that it met."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    thread = models.ForeignKey(MessageThread, on_delete=models.PROTECT, related_name="messages")
    seat = models.CharField(max_length=10)
    author_subject_id = models.UUIDField()
    actor = models.CharField(max_length=80)
    text = EncryptedTextField(subject="author_subject_id")
    warned = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    at = models.DateTimeField()

    append_only = True
    tenant = "thread"

    class Meta:
        verbose_name = _("message about an order")
        verbose_name_plural = _("messages about orders")
        constraints = [
            models.CheckConstraint(condition=Q(seat__in=_SEATS), name="a_message_has_a_seat"),
        ]
        indexes = [models.Index(fields=["thread", "at", "id"], name="messages_in_their_order")]
        triggers = [live_keys.history("append_only", "text")]

    def __str__(self) -> str:
        return f"{self.seat} {self.thread_id}"


class MessageFile(models.Model):
    """A file shown with a message."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(OrderMessage, on_delete=models.PROTECT, related_name="files")
    file = models.OneToOneField("privacy.StoredFile", on_delete=models.PROTECT, related_name="+")

    append_only = True
    tenant = "message"

    class Meta:
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return str(self.file_id)
