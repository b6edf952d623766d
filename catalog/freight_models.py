"""A shop's freight templates: what sending costs, under a name that its listings use."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q, Value

from catalog.queries import FreightTemplateQuerySet
from kernel.ids import new_id

_STAYS_WHILE_USED = """
    IF NEW.removed_at IS NOT NULL AND EXISTS (
        SELECT FROM catalog_listing WHERE freight_template_id = NEW.id
    ) THEN
        RAISE EXCEPTION 'catalog: listings still use this freight template' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# The lock makes a listing that takes it up and the removal wait for each other.
_IS_THERE = """
    IF NEW.freight_template_id IS NOT NULL THEN
        PERFORM FROM catalog_freighttemplate
          WHERE id = NEW.freight_template_id AND removed_at IS NULL FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'catalog: that freight template was removed' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""


class FreightTemplate(models.Model):
    """`zones` in the shape of `catalog.freight.checked_zones`; every change raises `version`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    by = models.CharField(max_length=8)
    zones = models.JSONField()
    # Places that the shop says it doesn't deliver to; no row may name them.
    never = models.JSONField(default=list, blank=True, db_default=Value([], models.JSONField()))
    # {"days", "zones"} of the faster way in the shape of `catalog.freight.checked_express`; NULL: none.
    express = models.JSONField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = FreightTemplateQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="freight_template_stays_while_used",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_STAYS_WHILE_USED,
            ),
            pgtrigger.Protect(name="freight_template_is_kept", operation=pgtrigger.Delete),
        ]
        constraints = [
            models.UniqueConstraint(
                name="freight_template_name_once_per_merchant",
                fields=["merchant", "name"],
                condition=Q(removed_at__isnull=True),
            ),
            # What listings point at, so that they use their own shop's and no other.
            models.UniqueConstraint(name="freight_template_with_its_merchant", fields=["id", "merchant"]),
            models.CheckConstraint(name="freight_template_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="freight_template_kind_is_known", condition=Q(by__in=["piece", "weight"])
            ),
            models.CheckConstraint(name="freight_template_says_something", condition=~Q(zones=[])),
            models.CheckConstraint(
                name="freight_template_express_says_days_and_places",
                condition=Q(express__isnull=True)
                | (
                    Q(express__has_keys=["days", "zones"], express__days__gte=1, express__days__lte=30)
                    & ~Q(express__zones=[])
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def terms(self) -> dict[str, object]:
        """What drafts hold and revisions freeze."""
        told = {"template": str(self.pk), "version": self.version, "by": self.by, "zones": self.zones}
        return {**told, "express": self.express} if self.express else told


def is_there(name: str) -> pgtrigger.Trigger:
    """A listing may use a template only while that isn't removed."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("freight_template_id"),
        func=_IS_THERE,
    )
