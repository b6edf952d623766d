"""Goods on their way back: own lifecycle, because an order can have several."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id, public_number
from kernel.money import Money
from orders.limits import MOST_OF_ONE
from orders.queries import ReturnQuerySet
from orders.states import RETURN, ReturnState
from privacy.fields import EncryptedTextField

_NOT_BESIDE_A_CLAIM = """
IF NEW.is_open AND EXISTS (
    SELECT FROM orders_faultclaim c
     WHERE c.line_id = NEW.line_id AND c.state NOT IN ('done', 'refunded', 'closed')
) THEN
    RAISE EXCEPTION 'goods are repaired or returned, never both'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'goods_are_returned_or_claimed';
END IF;
RETURN NEW;
"""
_AT_ITS_SHOP = """
IF NOT EXISTS (
    SELECT FROM orders_servicepoint p JOIN orders_order o ON o.merchant_id = p.merchant_id
     WHERE p.id = NEW.point_id AND o.id = NEW.order_id
) THEN
    RAISE EXCEPTION 'a return is handed in at a point of its shop' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def return_number() -> str:
    return public_number("R")


class Return(models.Model):
    """`state` is written by `lifecycle.move_return` alone; `amount_minor` was shown before confirming."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=return_number, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="returns")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default=ReturnState.ASKED)
    rule_id = models.CharField(max_length=80, default="")
    postage_payer = models.CharField(max_length=10, default="consumer")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    # How a sum that was reckoned again came about (part_returns.Parts.frozen); {} where nothing was.
    reckoning = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    note = EncryptedTextField(subject="subject_id")
    refusal = EncryptedTextField(subject="subject_id")
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    refunded_at = models.DateTimeField(null=True)
    post_by = models.DateTimeField(null=True)
    inspect_by = models.DateTimeField(null=True)
    # The shop's point where it was handed in; nothing for what came by a carrier.
    point = models.ForeignKey(
        "orders.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )

    objects = ReturnQuerySet.as_manager()

    tenant = "order"

    class Meta:
        verbose_name = _("return")
        verbose_name_plural = _("returns")
        triggers = [
            pgtrigger.Trigger(
                name="a_return_is_handed_in_at_its_shop_s_point",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__point__isnull=False),
                func=_AT_ITS_SHOP,
            ),
            pgtrigger.Protect(
                name="a_return_stays_where_it_was_handed_in",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__point__isnull=False)
                & pgtrigger.Q(old__point__df=pgtrigger.F("new__point")),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(point__isnull=True) | Q(received_at__isnull=False),
                name="what_was_handed_in_was_received",
            ),
            models.CheckConstraint(condition=Q(state__in=RETURN.values), name="return_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=["no_reason", "quality", "not_as_described"]),
                name="return_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=models.F("goods_minor") + models.F("freight_minor"), amount_minor__gte=0
                ),
                name="a_return_sum_is_goods_and_freight",
            ),
        ]
        indexes = [models.Index(fields=["order", "state"], name="returns_of_an_order")]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor)

    @property
    def goods(self) -> Money:
        return Money(self.goods_minor)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor)


class ReturnLine(models.Model):
    """So many units of one order line. One open return per line keeps the sum shown the sum paid."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    returning = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("orders.OrderLine", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    is_open = models.BooleanField(default=True)

    tenant = "returning"

    class Meta:
        verbose_name = _("return line")
        verbose_name_plural = _("return lines")
        triggers = [
            pgtrigger.Trigger(
                name="goods_are_returned_or_claimed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NOT_BESIDE_A_CLAIM,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(is_open=True), name="an_order_line_has_one_open_return"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="return_quantity_is_in_range"
            ),
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0, freight_minor__gte=0), name="return_sums_are_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"

    @property
    def amount(self) -> Money:
        return Money(self.goods_minor + self.freight_minor)


class ReturnMove(models.Model):
    """One step of a return; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    returning = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "returning"

    class Meta:
        verbose_name = _("step of a return")
        verbose_name_plural = _("steps of returns")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(fields=["returning", "id"], name="moves_of_a_return")]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
