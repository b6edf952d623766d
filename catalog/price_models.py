"""What was asked, what goods were really sold for, reductions that stand on it, and campaigns' prices."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from catalog.price_queries import DealQuerySet, ReductionQuerySet
from catalog.queries import PriceQuerySet
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import history

# Bases that the home market knows (law.pricing.Basis): nothing else may stand crossed out.
BASES = ["lowest_deal", "last_deal", "before_raise"]
OPEN = Q(state__in=["waiting", "running"])

# Whether a deal stands is asked of the database again, whoever writes the row and in whatever words.
_STANDS_ON_DEALS = """
        IF NEW.state = 'ended' THEN
            RETURN NEW;
        END IF;
        SELECT min(d.price_minor) INTO lowest FROM catalog_deal d
         WHERE d.variant_id = NEW.variant_id AND d.at >= NEW.looks_from AND d.at < NEW.looks_until
           AND NOT EXISTS (SELECT FROM catalog_dealvoid v WHERE v.deal_id = d.id);
        IF lowest IS NULL THEN
            SELECT d.price_minor INTO lowest FROM catalog_deal d
             WHERE d.variant_id = NEW.variant_id AND d.at < NEW.looks_from
               AND NOT EXISTS (SELECT FROM catalog_dealvoid v WHERE v.deal_id = d.id)
             ORDER BY d.at DESC LIMIT 1;
        END IF;
        IF lowest IS NULL OR NEW.was_minor > lowest THEN
            RAISE EXCEPTION 'catalog: no real deal carries the crossed-out price'
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
"""
_KEPT_AS_SAID = """
    IF OLD.state = 'ended' THEN
        RAISE EXCEPTION 'catalog: an ended reduction stays as it was' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.listing_id, NEW.variant_id, NEW.was_minor, NEW.announced_at)
        IS DISTINCT FROM (OLD.listing_id, OLD.variant_id, OLD.was_minor, OLD.announced_at) THEN
        RAISE EXCEPTION 'catalog: what was crossed out can''t be written anew'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# Looked at once more at the end of the transaction, when the use case has ended what fell with the deal.
_NOTHING_STANDS_ON_IT = """
    UPDATE catalog_reduction SET state = state
     WHERE state <> 'ended'
       AND variant_id = (SELECT variant_id FROM catalog_deal WHERE id = NEW.deal_id);
    RETURN NULL;
"""


class PriceHistory(models.Model):
    """From when on a variant asked which price; the next row of it ends the one before."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="prices")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey("catalog.ListingRevision", on_delete=models.PROTECT, related_name="+")
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    valid_from = models.DateTimeField()

    objects = PriceQuerySet.as_manager()

    append_only = True
    tenant = "listing"

    class Meta:
        triggers = [history("price_history_is_append_only")]
        constraints = [
            models.CheckConstraint(name="price_history_is_positive", condition=Q(price_minor__gt=0)),
        ]
        indexes = [models.Index(name="price_history_by_time", fields=["variant", "-valid_from"])]

    def __str__(self) -> str:
        return f"{self.price_minor} from {self.valid_from:%F}"


class Deal(models.Model):
    """One paid order line: what one piece cost with its freight. `reference` names it and no person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    # Of this very listing: `…_of_its_own_variant` is a key over both columns.
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    reference = models.UUIDField(unique=True)
    price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    at = models.DateTimeField()

    objects = DealQuerySet.as_manager()

    append_only = True
    tenant = "listing"

    class Meta:
        triggers = [history("deal_is_append_only")]
        constraints = [
            models.CheckConstraint(name="deal_cost_something", condition=Q(price_minor__gt=0)),
        ]
        indexes = [models.Index(name="deal_by_time", fields=["variant", "-at"])]

    def __str__(self) -> str:
        return f"{self.price_minor} at {self.at:%F %T}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)


class DealVoid(models.Model):
    """A deal that came to nothing: cancelled, returned or paid back in full."""

    deal = models.OneToOneField(Deal, on_delete=models.PROTECT, primary_key=True, related_name="void")
    cause = models.CharField(max_length=12)
    at = models.DateTimeField()

    append_only = True
    tenant = "deal"

    class Meta:
        triggers = [
            history("deal_void_is_append_only"),
            pgtrigger.Trigger(
                name="no_reduction_stands_on_a_void",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func=_NOTHING_STANDS_ON_IT,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="deal_void_cause_is_known",
                condition=Q(cause__in=["cancelled", "returned", "refunded"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.cause}"


class Reduction(models.Model):
    """A price shown crossed out beside a lower one: on which deals it stands, from when to when.

    Sums are of one piece with its freight. It looked back over [`looks_from`, `looks_until`).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    # Of this very listing: `…_of_its_own_variant` is a key over both columns.
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+", db_index=False)
    revision = models.ForeignKey("catalog.ListingRevision", on_delete=models.PROTECT, related_name="+")
    was_minor = models.BigIntegerField()
    price_minor = models.BigIntegerField()
    ceiling_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    basis = models.CharField(max_length=16)
    basis_at = models.DateTimeField()
    rule_id = models.CharField(max_length=80)
    pack_version = models.CharField(max_length=64)
    looks_from = models.DateTimeField()
    looks_until = models.DateTimeField()
    announced_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=8, default="waiting")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=12, blank=True, default="")

    objects = ReductionQuerySet.as_manager()

    tenant = "listing"

    class Meta:
        triggers = [
            pgtrigger.Protect(name="reduction_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="reduction_stands_on_deals",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("lowest", "bigint")],
                func=_STANDS_ON_DEALS,
            ),
            pgtrigger.Trigger(
                name="reduction_stays_as_said",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEPT_AS_SAID,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="reduction_lowers_the_price", condition=Q(price_minor__lt=F("was_minor"))
            ),
            models.CheckConstraint(
                name="reduction_is_within_what_is_permitted", condition=Q(was_minor__lte=F("ceiling_minor"))
            ),
            models.CheckConstraint(name="reduction_basis_is_known", condition=Q(basis__in=BASES)),
            models.CheckConstraint(
                name="reduction_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at"), starts_at__gte=F("announced_at")),
            ),
            models.CheckConstraint(
                name="reduction_looks_back_from_its_start",
                condition=Q(looks_from__lt=F("looks_until"), looks_until__lte=F("starts_at")),
            ),
            models.CheckConstraint(
                name="reduction_that_ended_says_when_and_why",
                condition=Q(OPEN, ended_at__isnull=True, ended_why="")
                | Q(state="ended", ended_at__isnull=False) & ~Q(ended_why=""),
            ),
            models.UniqueConstraint(name="reduction_once_at_a_time", fields=["variant"], condition=OPEN),
        ]
        indexes = [
            models.Index(name="reduction_next", fields=["state", "starts_at", "ends_at"], condition=OPEN),
            models.Index(name="reduction_running_by_end", fields=["ends_at"], condition=Q(state="running")),
            models.Index(name="reduction_of_listing", fields=["listing", "-announced_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.was_minor} → {self.price_minor}, {self.state}"

    @property
    def was(self) -> Money:
        return Money(self.was_minor, self.currency)

    @property
    def ceiling(self) -> Money:
        return Money(self.ceiling_minor, self.currency)


class CampaignPrice(models.Model):
    """A listing is `off_permille` cheaper at the checkout while `campaign_id` runs and can pay its part.

    Written by whoever keeps campaigns. `needs_minor`: what one piece costs the campaign's money at most.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    campaign_id = models.UUIDField()
    names = models.JSONField()
    off_permille = models.PositiveSmallIntegerField()
    shop_permille = models.PositiveSmallIntegerField()
    needs_minor = models.BigIntegerField()
    # By variant what the law lets stand crossed out, worked out for the instant it began; none before.
    ceilings = models.JSONField(default=dict, blank=True)
    rule_id = models.CharField(max_length=80, blank=True, default="")
    can_pay = models.BooleanField(default=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    tenant = "listing"

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_price_leaves_something",
                condition=Q(off_permille__gt=0, off_permille__lt=1000, shop_permille__lte=1000),
            ),
            models.CheckConstraint(name="campaign_price_lasts", condition=Q(ends_at__gt=F("starts_at"))),
            models.UniqueConstraint(
                name="campaign_price_once_at_a_time",
                fields=["listing", "campaign_id"],
                condition=Q(ended_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="campaign_price_open", fields=["campaign_id"], condition=Q(ended_at__isnull=True)
            )
        ]
        triggers = [
            pgtrigger.Protect(name="campaign_price_is_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="campaign_price_stays_as_said",
                fields=["listing", "campaign_id", "off_permille", "shop_permille", "starts_at", "ends_at"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} −{self.off_permille}‰"
