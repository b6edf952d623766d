"""Sets: several variants of one shop sold together at a price of their own, frozen revision by revision."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q

from catalog.queries import ShopSetQuerySet
from kernel.ids import new_id
from kernel.money import LIMIT_MINOR, Money
from merchants.models import history

MOST_OF_A_MEMBER = 99

# The variant must be its listing's and its shop's; whoever writes, a set never reaches into another shop.
_OF_ITS_SHOP = """
    IF NOT EXISTS (
        SELECT FROM catalog_variant v
          JOIN catalog_setrevision r ON r.id = NEW.revision_id
          JOIN catalog_shopset s ON s.id = r.shop_set_id
         WHERE v.id = NEW.variant_id AND v.listing_id = NEW.listing_id AND v.merchant_id = s.merchant_id
    ) THEN
        RAISE EXCEPTION 'set_member_is_its_own_shops' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_SELLS_SEVERAL = """
    IF NEW.live_revision_id IS NOT NULL AND (
        SELECT count(*) FROM catalog_setmember m JOIN catalog_setrevision r ON r.id = m.revision_id
         WHERE r.id = NEW.live_revision_id AND r.shop_set_id = NEW.id
    ) < 2 THEN
        RAISE EXCEPTION 'set_has_two_members' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


class ShopSet(models.Model):
    """What a shop sells together: `live_revision` says what and for how much, unless it was withdrawn."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    live_revision = models.ForeignKey(
        "catalog.SetRevision", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ShopSetQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="set_has_two_members",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("live_revision_id"),
                func=_SELLS_SEVERAL,
            ),
            pgtrigger.Protect(name="set_is_kept", operation=pgtrigger.Delete),
        ]
        indexes = [models.Index(name="set_of_merchant", fields=["merchant", "-changed_at"])]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_on_sale(self) -> bool:
        return self.live_revision_id is not None and self.withdrawn_at is None


class SetRevision(models.Model):
    """What a set was, frozen: `content` holds its name by language and its members in their order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shop_set = models.ForeignKey(ShopSet, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    commitment = models.BinaryField(max_length=32)

    append_only = True
    tenant = "shop_set"

    class Meta:
        triggers = [history("set_revision_is_append_only")]
        constraints = [
            models.UniqueConstraint(name="set_revision_number_once", fields=["shop_set", "number"]),
            models.CheckConstraint(name="set_revision_number_is_positive", condition=Q(number__gt=0)),
            models.CheckConstraint(
                name="set_revision_price_is_positive",
                condition=Q(price_minor__gt=0, price_minor__lte=LIMIT_MINOR),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shop_set_id} #{self.number}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def members(self) -> list[dict[str, Any]]:
        """As frozen: listing, variant and how many of it, in the shop's order."""
        found: list[dict[str, Any]] = self.content["members"]
        return found


class SetMember(models.Model):
    """One variant of a frozen set, so that what is in a set can be asked for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    revision = models.ForeignKey(SetRevision, on_delete=models.PROTECT, related_name="parts")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()

    append_only = True
    tenant = "revision"

    class Meta:
        triggers = [
            history("set_member_is_append_only"),
            pgtrigger.Trigger(
                name="set_member_is_its_own_shops",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__variant__isnull=False),
                func=_OF_ITS_SHOP,
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="set_member_once", fields=["revision", "variant"]),
            models.CheckConstraint(
                name="set_member_quantity_is_in_range",
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_A_MEMBER),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
