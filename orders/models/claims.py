"""Goods that fail: to be repaired or exchanged, from the buyer's word to sound goods in their hands."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id, public_number
from kernel.money import Money
from orders.limits import MOST_OF_ONE
from orders.queries import FaultClaimQuerySet
from orders.states import CLAIM, ENDED_CLAIM_STATES, OPEN_CLAIM_STATES, ClaimState
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile

REPAIR, EXCHANGE = "repair", "exchange"
OPEN = sorted(map(str, OPEN_CLAIM_STATES))
ENDED = sorted(map(str, ENDED_CLAIM_STATES))
WITH_THE_SHOP = ["received", "in_hand", "sent", "arrived", "done"]

_OF_ITS_LINE = """
IF NOT EXISTS (
    SELECT FROM orders_orderline l
     WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id
       AND NEW.quantity <= l.quantity - l.cancelled_quantity - l.undelivered_quantity - l.returned_quantity
) THEN
    RAISE EXCEPTION 'a claim is about pieces of its order that the buyer has'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_claim_is_about_pieces_that_are_there';
END IF;
IF NEW.repeats_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM orders_faultclaim c WHERE c.id = NEW.repeats_id AND c.line_id = NEW.line_id
) THEN
    RAISE EXCEPTION 'a fault comes back on the same goods'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_fault_comes_back_on_its_goods';
END IF;
RETURN NEW;
"""
_NOT_BESIDE_A_RETURN = """
IF EXISTS (SELECT FROM orders_returnline r WHERE r.line_id = NEW.line_id AND r.is_open) THEN
    RAISE EXCEPTION 'goods are repaired or returned, never both'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'goods_are_claimed_or_returned';
END IF;
RETURN NEW;
"""


def claim_number() -> str:
    return public_number("F")


class FaultClaim(models.Model):
    """So many pieces of one line; `state` is written by `lifecycle.move_claim` alone.

    `amount_minor` would go back instead and was shown before; `repeats` is the claim whose fault is back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=claim_number, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="claims")
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="claims")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    quantity = models.PositiveSmallIntegerField()
    remedy = models.CharField(max_length=10)
    state = models.CharField(max_length=20, default=ClaimState.ASKED)
    rule_id = models.CharField(max_length=80)
    postage_payer = models.CharField(max_length=10)
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    # Pieces taken off the shelf for it; put back where the money goes back instead.
    stock_taken = models.PositiveSmallIntegerField(default=0)
    fault = EncryptedTextField(subject="subject_id")
    refusal = EncryptedTextField(subject="subject_id")
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    taken_on_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = FaultClaimQuerySet.as_manager()

    tenant = "order"

    class Meta:
        verbose_name = _("fault claim")
        verbose_name_plural = _("fault claims")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CLAIM.values), name="claim_state_is_known"),
            models.CheckConstraint(condition=Q(remedy__in=[REPAIR, EXCHANGE]), name="claim_remedy_is_known"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="claim_quantity_is_in_range"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=F("goods_minor") + F("freight_minor"),
                    goods_minor__gte=0,
                    freight_minor__gte=0,
                ),
                name="a_claim_sum_is_goods_and_freight",
            ),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state__in=OPEN), name="an_order_line_has_one_open_claim"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="a_claim_that_is_over_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_THE_SHOP) | Q(received_at__isnull=False),
                name="what_is_mended_was_received",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["arrived", "done"])
                | Q(sent_at__isnull=False, arrived_at__isnull=False),
                name="what_is_done_has_come_back",
            ),
            models.CheckConstraint(
                condition=Q(stock_taken=0) | Q(remedy=EXCHANGE, stock_taken=F("quantity")),
                name="only_an_exchange_takes_stock",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_claim_is_about_pieces_that_are_there",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_ITS_LINE,
            ),
            pgtrigger.Trigger(
                name="goods_are_claimed_or_returned",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NOT_BESIDE_A_RETURN,
            ),
            pgtrigger.ReadOnly(
                name="a_claim_keeps_what_was_asked",
                fields=[
                    "order",
                    "line",
                    "quantity",
                    "goods_minor",
                    "freight_minor",
                    "amount_minor",
                    "repeats",
                ],
            ),
        ]
        indexes = [models.Index(fields=["order", "state"], name="claims_of_an_order")]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CLAIM_STATES


class ClaimPhoto(models.Model):
    """A file that shows the fault; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(FaultClaim, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = True
    tenant = "claim"

    class Meta:
        verbose_name = _("photo of a fault")
        verbose_name_plural = _("photos of faults")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.file_id}"


class ClaimMove(models.Model):
    """One step of a claim; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(FaultClaim, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "claim"

    class Meta:
        verbose_name = _("step of a claim")
        verbose_name_plural = _("steps of claims")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(fields=["claim", "id"], name="moves_of_a_claim")]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
