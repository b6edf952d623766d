"""What exactly is bought: one combination of a listing's options, with its own stock and price."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Deferrable

from catalog.lifecycle import VariantState
from catalog.queries import VariantQuerySet
from kernel.ids import new_id


class Variant(models.Model):
    """A choice of a listing; the one of a listing without options has the listing's own id."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="variants")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    sku = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, default=VariantState.DRAFT)
    # "colour=red&size=m", by the keys of options and values; empty where nothing is chosen.
    choice_key = models.CharField(max_length=200, blank=True, default="")

    objects = VariantQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        constraints = [
            # Deferred, so that two variants may swap what they are called in one saving.
            models.UniqueConstraint(
                name="variant_sku_once_per_merchant",
                fields=["merchant", "sku"],
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                name="variant_choice_once_per_listing",
                fields=["listing", "choice_key"],
                deferrable=Deferrable.DEFERRED,
            ),
            # What rows about a variant point at, so that they name its own listing and no other.
            models.UniqueConstraint(name="variant_with_its_listing", fields=["id", "listing"]),
            models.CheckConstraint(name="variant_has_a_sku", condition=~models.Q(sku="")),
            models.CheckConstraint(
                name="variant_state_is_known",
                condition=models.Q(state__in=[str(state) for state in VariantState]),
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def is_active(self) -> bool:
        return self.state == VariantState.ACTIVE


_USED_THINGS_ONLY = """
IF NEW.category_id <> 'second-hand' AND EXISTS (
    SELECT 1 FROM merchants_merchant m
     WHERE m.id = NEW.merchant_id AND m.kind = 'private' AND m.declaration = 'used'
) THEN
    RAISE EXCEPTION 'listing_of_a_person_is_used' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def sold_by_who_may(name: str) -> pgtrigger.Trigger:
    """A private person has nothing on sale but used things."""
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("state", "category_id", "merchant_id"),
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state="live"),
        func=_USED_THINGS_ONLY,
    )


def has_a_variant(name: str) -> pgtrigger.Trigger:
    """No listing without something to buy: the first variant is written before its listing.

    Not looked at when the transaction ends, because by then a merchant's role sees no shop any more.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func="IF NOT EXISTS (SELECT 1 FROM catalog_variant WHERE listing_id = NEW.id) THEN"
        " RAISE EXCEPTION 'listing % has no variant', NEW.id"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NULL;",
    )
