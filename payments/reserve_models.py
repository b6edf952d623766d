"""What stays back of a merchant's settled sales for cases opened later, sale by sale."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money


class ReserveShare(models.Model):
    """Of one settled order: `left_minor` of `amount_minor` stays back, at the latest until `kept_until`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant_id = models.UUIDField()
    reference = models.UUIDField(unique=True)
    amount_minor = models.BigIntegerField()
    left_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kept_at = models.DateTimeField()
    kept_until = models.DateTimeField()
    # When what was left went to the merchant; used up before, it stays empty.
    freed_at = models.DateTimeField(null=True)

    tenant = "merchant_id"

    class Meta:
        app_label = "payments"
        verbose_name = _("share of a reserve")
        verbose_name_plural = _("shares of reserves")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="a share of a reserve is above zero"
            ),
            models.CheckConstraint(
                condition=Q(left_minor__gte=0) & Q(left_minor__lte=F("amount_minor")),
                name="a reserve gives no more than was kept",
            ),
            models.CheckConstraint(
                condition=Q(freed_at__isnull=True) | Q(left_minor=0), name="a freed share keeps nothing"
            ),
            models.CheckConstraint(
                condition=Q(kept_until__gt=F("kept_at")), name="a share of a reserve is kept for a while"
            ),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a reserve is in a known currency"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant_id", "kept_until"], condition=Q(left_minor__gt=0), name="reserve_left"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="reserve_share_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="reserve_only_falls",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
IF NEW.left_minor > OLD.left_minor OR OLD.freed_at IS NOT NULL
    OR (OLD.id, OLD.merchant_id, OLD.reference, OLD.amount_minor, OLD.currency)
    IS DISTINCT FROM (NEW.id, NEW.merchant_id, NEW.reference, NEW.amount_minor, NEW.currency) THEN
    RAISE EXCEPTION 'share % of a reserve only falls', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a share of a reserve only falls';
END IF;
RETURN NEW;
""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.left}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def left(self) -> Money:
        return Money(self.left_minor, self.currency)
