"""Where a shop meets its buyers, and the codes that are shown there."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import ADDRESS_LENGTH, OPENING_LENGTH, POINT_NAME_LENGTH
from orders.point_queries import PointCodeQuerySet, ServicePointQuerySet
from privacy.fields import EncryptedTextField

_ITS_OWN_GOODS = """
IF EXISTS (
    SELECT FROM unnest(NEW.listings) AS each
      LEFT JOIN catalog_listing l ON l.id = each AND l.merchant_id = NEW.merchant_id
     WHERE l.id IS NULL
) THEN
    RAISE EXCEPTION 'a service point has its own shop''s goods' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_OF_ITS_ORDER = """
IF NOT EXISTS (SELECT FROM orders_order WHERE id = NEW.order_id AND subject_id = NEW.subject_id
                  AND (NEW.kind = 'return' OR (NEW.kind = 'voucher') = (delivery = 'voucher')))
   OR NEW.returning_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM orders_return WHERE id = NEW.returning_id AND order_id = NEW.order_id)
   OR NEW.line_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM orders_orderline WHERE id = NEW.line_id AND order_id = NEW.order_id)
THEN
    RAISE EXCEPTION 'a code is its order''s and its buyer''s' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PointOffer(models.TextChoices):
    """What is done at a service point: goods handed over, goods taken back, services used."""

    PICKUP = "pickup", _("pick up")
    RETURN = "return", _("return")
    USE = "use", _("use a service")


class ServicePoint(models.Model):
    """`everything`: all that the shop sells is there; else only `listings`. Closed ones are kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=POINT_NAME_LENGTH)
    address = models.CharField(max_length=ADDRESS_LENGTH)
    hours = models.CharField(max_length=OPENING_LENGTH)
    offers = ArrayField(models.CharField(max_length=10))
    everything = models.BooleanField(default=True)
    listings = ArrayField(models.UUIDField(), default=list, blank=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ServicePointQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("service point")
        verbose_name_plural = _("service points")
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "name"],
                condition=Q(closed_at__isnull=True),
                name="a_service_point_has_a_name_of_its_own",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(address="") & ~Q(hours=""), name="a_service_point_can_be_found"
            ),
            models.CheckConstraint(
                condition=Q(offers__contained_by=[str(each) for each in PointOffer]) & ~Q(offers=[]),
                name="a_service_point_offers_something",
            ),
            models.CheckConstraint(
                condition=Q(everything=True, listings=[]) | (Q(everything=False) & ~Q(listings=[])),
                name="a_service_point_says_its_goods",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_service_point_has_its_own_goods",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_ITS_OWN_GOODS,
            ),
            pgtrigger.ReadOnly(name="a_service_point_stays_its_shop_s", fields=["merchant", "opened_at"]),
            pgtrigger.Protect(name="a_service_point_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def told(self) -> dict[str, str]:
        """What an order freezes of it."""
        return {"name": self.name, "address": self.address, "hours": self.hours}


class CodeKind(models.TextChoices):
    """What is done when it is shown: an order handed over, a return taken in, a service redeemed."""

    PICKUP = "pickup", _("pick-up")
    RETURN = "return", _("return")
    VOUCHER = "voucher", _("voucher")


class PointCode(models.Model):
    """What a buyer shows at a service point: sealed for them, known to the shop by its keyed digest."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="codes")
    returning = models.ForeignKey(
        "orders.Return", on_delete=models.PROTECT, related_name="codes", null=True, blank=True
    )
    # The line of services that it redeems.
    line = models.ForeignKey(
        "orders.OrderLine", on_delete=models.PROTECT, related_name="codes", null=True, blank=True
    )
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=CodeKind.choices)
    code = EncryptedTextField(subject="subject_id")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    # Shown, replaced by another, or of no use any more.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PointCodeQuerySet.as_manager()

    tenant = "order"

    class Meta:
        verbose_name = _("code for a service point")
        verbose_name_plural = _("codes for service points")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pickup", returning__isnull=True, line__isnull=True)
                | Q(kind="return", returning__isnull=False, line__isnull=True)
                | Q(kind="voucher", returning__isnull=True, line__isnull=False),
                name="a_point_code_is_for_one_thing",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(kind="pickup", ended_at__isnull=True),
                name="an_order_has_one_code_that_opens_it",
            ),
            models.UniqueConstraint(
                fields=["returning"],
                condition=Q(kind="return", ended_at__isnull=True),
                name="a_return_has_one_code_that_takes_it_in",
            ),
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(kind="voucher", ended_at__isnull=True),
                name="a_voucher_has_one_code_that_redeems_it",
            ),
            models.UniqueConstraint(
                fields=["digest"], condition=Q(ended_at__isnull=True), name="a_point_code_is_one_code"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_point_code_is_of_its_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_ITS_ORDER,
            ),
            pgtrigger.Protect(
                name="a_point_code_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False)
                & pgtrigger.Q(old__ended_at__df=pgtrigger.F("new__ended_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.order_id}"
