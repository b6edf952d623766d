"""What a shop owes a buyer on top of the price: by which rule, how reckoned, who gave it, where it is."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from law.compensation import WHOLE
from payments.lifecycle import AWARD_GONE, AwardCause, AwardState
from payments.queries import AwardQuerySet

# What was reckoned stays; who gave it is written once, in the step that brings the money.
_FIXED = """
IF (OLD.id, OLD.order_id, OLD.merchant_id, OLD.subject_id, OLD.cause, OLD.cause_id, OLD.rule_id,
    OLD.base_minor, OLD.permille, OLD.floor_minor, OLD.most_minor, OLD.loss_minor, OLD.loss_multiple,
    OLD.amount_minor, OLD.currency, OLD.owed_at)
   IS DISTINCT FROM (NEW.id, NEW.order_id, NEW.merchant_id, NEW.subject_id, NEW.cause, NEW.cause_id,
    NEW.rule_id,
    NEW.base_minor, NEW.permille, NEW.floor_minor, NEW.most_minor, NEW.loss_minor, NEW.loss_multiple,
    NEW.amount_minor, NEW.currency, NEW.owed_at)
   OR (OLD.state <> 'owed' AND (NEW.state = 'owed' OR
    (OLD.balance_minor, OLD.reserve_minor, OLD.deposit_minor, OLD.fund_minor, OLD.funded_at)
    IS DISTINCT FROM
    (NEW.balance_minor, NEW.reserve_minor, NEW.deposit_minor, NEW.fund_minor, NEW.funded_at))) THEN
    RAISE EXCEPTION 'award % stays what it was', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'an award stays what was reckoned';
END IF;
RETURN NEW;
"""


class Award(models.Model):
    """One sum by one rule for one fact, on top of what was paid; its money waits on `award:<id>`.

    The lesser of `most` and the greatest of the floor, so many thousandths of `base`, so many times `loss`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order_id = models.UUIDField(db_index=True)
    merchant_id = models.UUIDField()
    subject = models.ForeignKey("privacy.Subject", models.PROTECT, related_name="+")
    cause = models.CharField(max_length=16)
    # What it hangs on: the order, or the case that was ruled.
    cause_id = models.UUIDField()
    rule_id = models.CharField(max_length=100)
    base_minor = models.BigIntegerField()
    permille = models.BigIntegerField()
    floor_minor = models.BigIntegerField()
    most_minor = models.BigIntegerField(null=True)
    loss_minor = models.BigIntegerField(default=0)
    loss_multiple = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=AwardState.OWED)
    # Who gave it; what the fund gave is the shop's debt.
    balance_minor = models.BigIntegerField(default=0)
    reserve_minor = models.BigIntegerField(default=0)
    deposit_minor = models.BigIntegerField(default=0)
    fund_minor = models.BigIntegerField(default=0)
    provider = models.CharField(max_length=20, blank=True, default="")
    # Of the transfer that is out, or was the last one: a new one each time it is tried.
    transfer_id = models.UUIDField(unique=True, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # The provider's own code when the last transfer failed.
    reason = models.CharField(max_length=60, blank=True, default="")
    owed_at = models.DateTimeField()
    funded_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = AwardQuerySet.as_manager()

    tenant = "merchant_id"

    class Meta:
        app_label = "payments"
        verbose_name = _("compensation")
        verbose_name_plural = _("compensations")
        constraints = [
            models.UniqueConstraint(fields=["cause", "cause_id"], name="an award is owed once per fact"),
            models.CheckConstraint(
                condition=Q(cause__in=[one.value for one in AwardCause]), name="an award has a known cause"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in AwardState]), name="an award is in a known state"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=Least(
                        F("most_minor"),
                        Greatest(
                            F("floor_minor"),
                            Func(
                                F("base_minor") * F("permille"),
                                Value(WHOLE),
                                function="div",
                                output_field=models.BigIntegerField(),
                            ),
                            F("loss_minor") * F("loss_multiple"),
                        ),
                    )
                ),
                name="an award is what its rule gives",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    base_minor__gte=0,
                    permille__gte=0,
                    floor_minor__gte=0,
                    loss_minor__gte=0,
                    loss_multiple__gte=0,
                ),
                name="an award is above zero",
            ),
            models.CheckConstraint(
                condition=Q(
                    balance_minor__gte=0, reserve_minor__gte=0, deposit_minor__gte=0, fund_minor__gte=0
                ),
                name="nobody gives less than nothing to an award",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=AwardState.OWED,
                    funded_at__isnull=True,
                    balance_minor=0,
                    reserve_minor=0,
                    deposit_minor=0,
                    fund_minor=0,
                )
                | (
                    ~Q(state=AwardState.OWED)
                    & Q(
                        funded_at__isnull=False,
                        amount_minor=F("balance_minor")
                        + F("reserve_minor")
                        + F("deposit_minor")
                        + F("fund_minor"),
                    )
                ),
                name="an award was given whole, or not yet",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AWARD_GONE)
                | (~Q(provider="") & Q(transfer_id__isnull=False, sent_at__isnull=False)),
                name="an award that left names its way",
            ),
            models.CheckConstraint(
                condition=Q(state=AwardState.PAID, settled_at__isnull=False)
                | (~Q(state=AwardState.PAID) & Q(settled_at__isnull=True)),
                name="an award has its instant exactly when paid",
            ),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="an award is in a known currency"
            ),
        ]
        indexes = [
            models.Index(
                fields=["funded_at"],
                condition=Q(state=AwardState.HELD, reason=""),
                name="award_to_send",
            ),
            models.Index(fields=["merchant_id", "-owed_at"], name="award_of_shop"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="award_fixed", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FIXED
            ),
            pgtrigger.Protect(name="award_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.cause} {self.amount}"

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def amount(self) -> Money:
        return self.money(self.amount_minor)

    @property
    def base(self) -> Money:
        return self.money(self.base_minor)

    @property
    def floor(self) -> Money:
        return self.money(self.floor_minor)

    @property
    def most(self) -> Money | None:
        return None if self.most_minor is None else self.money(self.most_minor)

    @property
    def loss(self) -> Money:
        return self.money(self.loss_minor)

    @property
    def multiple(self) -> int:
        """How many times the price; nothing for a share of it."""
        return self.permille // WHOLE
