"""What was taken off an order's lines, by what and on whose cost; frozen with the order."""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from orders.models.lines import OrderLine
from orders.queries import LineDiscountQuerySet

# The line's own column is what pages and refunds reckon with: it can't say anything else than the rows.
_SUM_AGREES = """
IF (SELECT discount_minor FROM orders_orderline WHERE id = NEW.line_id) <> (
    SELECT coalesce(sum(amount_minor), 0) FROM orders_linediscount WHERE line_id = NEW.line_id
) THEN
    RAISE EXCEPTION 'a line is discounted by what its discounts sum to' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
"""


class DiscountKind(models.TextChoices):
    """What a discount comes from; `reference` of the row names which."""

    SET = "set", _("set")
    COUPON = "coupon", _("coupon")
    THRESHOLD = "threshold", _("threshold offer")
    CAMPAIGN = "campaign", _("campaign")
    # Of a campaign's price the part that the shop bears.
    ENTRY = "entry", _("shop's part of a campaign")


class Funder(models.TextChoices):
    """Who bears a discount: the shop gets less, or the platform pays it in."""

    MERCHANT = "merchant", _("the shop")
    PLATFORM = "platform", _("the platform")


class LineDiscount(models.Model):
    """`amount_minor` off all units of one line together; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="discounts")
    kind = models.CharField(max_length=10, choices=DiscountKind.choices)
    reference = models.UUIDField()
    funder = models.CharField(max_length=10, choices=Funder.choices, default=Funder.MERCHANT)
    currency = models.CharField(max_length=3, default="CNY")
    amount_minor = models.BigIntegerField()

    # Of the offer, or of the coupon; only where `with_promotions` asked for it.
    promotion_id: UUID

    objects = LineDiscountQuerySet.as_manager()

    tenant = "line"
    append_only = True

    class Meta:
        verbose_name = _("discount of an order line")
        verbose_name_plural = _("discounts of order lines")
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a_discount_takes_something_off"),
            models.CheckConstraint(
                condition=Q(kind__in=DiscountKind.values), name="line_discount_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(funder__in=Funder.values), name="line_discount_funder_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="campaign", funder="platform")
                | (~Q(kind="campaign") & Q(funder="merchant")),
                name="the_platform_pays_for_campaigns",
            ),
            models.UniqueConstraint(
                fields=["line", "kind", "reference"], name="a_line_is_discounted_once_by_each_cause"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="line_is_discounted_by_the_sum",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_SUM_AGREES,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} −{self.amount_minor}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)
