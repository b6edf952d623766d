"""What became of a merchant's promises in an order: kept or broken, by which rule, what was paid."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from kernel.ids import new_id
from kernel.money import Money
from orders.models.contract import Order
from orders.models.lines import OrderLine

KEPT, BROKEN = "kept", "broken"
# Only what was paid of what is owed grows.
_ONLY_PAID = """
IF TG_OP = 'DELETE' OR to_jsonb(OLD) - ARRAY['paid_minor'] <> to_jsonb(NEW) - ARRAY['paid_minor']
    OR NEW.paid_minor < OLD.paid_minor THEN
    RAISE EXCEPTION 'append only: what became of a promise stays' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PromiseRecord(models.Model):
    """`key` names the promise as frozen in the order; `reference` the fact that decided it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="promise_records")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    key = models.CharField(max_length=40)
    reference = models.UUIDField()
    outcome = models.CharField(max_length=6)
    rule_id = models.CharField(max_length=100)
    currency = models.CharField(max_length=3, default="CNY")
    owed_minor = models.PositiveBigIntegerField(default=0)
    paid_minor = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField()

    tenant = "order"

    class Meta:
        constraints = [
            models.CheckConstraint(name="promise_outcome_is_known", condition=Q(outcome__in=[KEPT, BROKEN])),
            models.CheckConstraint(
                name="promise_pays_no_more_than_is_owed", condition=Q(paid_minor__lte=F("owed_minor"))
            ),
            models.UniqueConstraint(
                name="promise_decided_once_per_fact",
                fields=["order", "line", "key", "reference"],
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="promise_records_by_order", fields=["order", "at"])]
        triggers = [
            pgtrigger.Trigger(
                name="only_what_was_paid_grows",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_ONLY_PAID,
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.outcome}"

    @property
    def owed(self) -> Money:
        return Money(self.owed_minor, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_minor, self.currency)

    @property
    def missing(self) -> Money:
        return Money(self.owed_minor - self.paid_minor, self.currency)

    @property
    def is_kept(self) -> bool:
        return self.outcome == KEPT
