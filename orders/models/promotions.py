"""What a shop takes off its goods for a while: threshold offers, and coupons that a buyer claims."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from orders.campaign_queries import CouponQuerySet, PromotionQuerySet
from orders.models.contract import Purchase
from orders.models.persons import whose

# The promotion's row is locked by whoever claims, so both counts are of what is committed.
_WITHIN_ITS_NUMBERS = """
IF EXISTS (
    SELECT FROM orders_promotion p WHERE p.id = NEW.promotion_id AND (
        p.kind <> 'coupon' OR NEW.serial > coalesce(p.pieces, NEW.serial) OR NEW.number > p.each
        OR NEW.claimed_at < p.starts_at OR NEW.claimed_at >= p.ends_at
        OR NEW.claimed_at >= coalesce(p.withdrawn_at, 'infinity')
    )
) THEN
    RAISE EXCEPTION 'no such coupon may be claimed' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_TERMS = [
    "merchant",
    "kind",
    "names",
    "currency",
    "from_minor",
    "off_minor",
    "off_permille",
    "most_minor",
    "categories",
    "starts_at",
    "ends_at",
    "pieces",
    "each",
    "gift_variant",
    "gift_pieces",
    "gift_minor",
    "with_listing",
]
# A shop gives what is its own, and asks for its own goods.
_OF_ONE_SHOP = """
IF EXISTS (SELECT FROM catalog_variant WHERE id = NEW.gift_variant_id AND merchant_id <> NEW.merchant_id)
   OR EXISTS (SELECT FROM catalog_listing WHERE id = NEW.with_listing_id AND merchant_id <> NEW.merchant_id)
THEN
    RAISE EXCEPTION 'a gift is of the shop that gives it' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class PromotionKind(models.TextChoices):
    """A threshold offer and a gift hold for everybody by themselves, a coupon for whoever claimed it."""

    THRESHOLD = "threshold", _("threshold offer")
    COUPON = "coupon", _("coupon")
    GIFT = "gift", _("gift")


class Promotion(models.Model):
    """From `from_minor` of its goods on, `off_minor` or `off_permille` of them (`most_minor` at most) is off.

    What it says never changes; a shop that wants something else withdraws it and makes another.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PromotionKind.choices)
    names = models.JSONField()
    currency = models.CharField(max_length=3, default="CNY")
    from_minor = models.BigIntegerField()
    off_minor = models.BigIntegerField(null=True, blank=True)
    off_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    most_minor = models.BigIntegerField(null=True, blank=True)
    # Department or category keys; none is everything that the shop sells.
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    pieces = models.PositiveIntegerField(null=True, blank=True)
    each = models.PositiveSmallIntegerField(default=1)
    # Of a gift: the thing, how many of it with one order, what one is worth, and which goods it comes with.
    gift_variant = models.ForeignKey(
        "catalog.Variant",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    gift_pieces = models.PositiveSmallIntegerField(null=True, blank=True)
    gift_minor = models.BigIntegerField(null=True, blank=True)
    with_listing = models.ForeignKey(
        "catalog.Listing",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    # Pieces of a gift that went to orders which weren't cancelled; at most `pieces`.
    given = models.PositiveIntegerField(default=0, db_default=0)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = PromotionQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PromotionKind.values), name="promotion_kind_is_known"
            ),
            models.CheckConstraint(
                # An absent value answers neither yes nor no, which a check lets pass: so each is named.
                condition=Q(
                    off_minor__isnull=False,
                    off_minor__gt=0,
                    off_permille__isnull=True,
                    most_minor__isnull=True,
                )
                | Q(
                    off_minor__isnull=True,
                    off_permille__isnull=False,
                    off_permille__gt=0,
                    off_permille__lt=1000,
                    most_minor__isnull=False,
                    most_minor__gt=0,
                )
                | Q(kind="gift", off_minor__isnull=True, off_permille__isnull=True, most_minor__isnull=True),
                name="a_promotion_takes_off_a_sum_or_a_share",
            ),
            # So that whatever is combined, something is left to pay.
            models.CheckConstraint(
                condition=Q(from_minor__gt=F("off_minor"), off_minor__isnull=False)
                | Q(from_minor__gt=0, off_minor__isnull=True)
                | Q(kind="gift", from_minor=0, with_listing__isnull=False),
                name="a_promotion_takes_off_less_than_its_threshold",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="gift",
                    gift_variant__isnull=False,
                    gift_pieces__isnull=False,
                    gift_pieces__gt=0,
                    gift_minor__isnull=False,
                    gift_minor__gte=0,
                )
                | (
                    ~Q(kind="gift")
                    & Q(
                        gift_variant__isnull=True,
                        gift_pieces__isnull=True,
                        gift_minor__isnull=True,
                        with_listing__isnull=True,
                        given=0,
                    )
                ),
                name="only_a_gift_says_what_is_given",
            ),
            models.CheckConstraint(
                condition=Q(pieces__isnull=True) | Q(given__lte=F("pieces")),
                name="no_more_gifts_than_there_are",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_promotion_lasts"),
            models.CheckConstraint(
                condition=Q(each__gte=1) & (Q(pieces__isnull=True) | Q(pieces__gte=1)),
                name="a_promotion_is_for_somebody",
            ),
        ]
        indexes = [models.Index(fields=["merchant", "ends_at"], name="promotions_of_a_merchant")]
        triggers = [
            pgtrigger.ReadOnly(name="a_promotion_keeps_its_terms", fields=_TERMS),
            pgtrigger.Protect(name="a_promotion_is_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_gift_is_of_its_shop",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__kind="gift"),
                func=_OF_ONE_SHOP,
            ),
        ]

    def __str__(self) -> str:
        return str(self.names.get("zh-hans") or self.pk)

    @property
    def is_coupon(self) -> bool:
        return self.kind == PromotionKind.COUPON

    @property
    def is_gift(self) -> bool:
        return self.kind == PromotionKind.GIFT

    @property
    def threshold(self) -> Money:
        return Money(self.from_minor, self.currency)


class Coupon(models.Model):
    """One claimed coupon. `serial` counts those of its promotion, `number` those of its `person`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    promotion = models.ForeignKey(Promotion, on_delete=models.PROTECT, related_name="coupons")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField()
    # Whom it counts for, by the database: the account that the subject is linked to, else the subject.
    person = models.UUIDField(null=True, blank=True, editable=False)
    claimed_at = models.DateTimeField()
    # Usable before this instant: the promotion's end, or later where it came back.
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    purchase = models.ForeignKey(
        Purchase, on_delete=models.PROTECT, related_name="coupons", null=True, blank=True
    )
    # Once it turned out that the person has as many as there are for each.
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = CouponQuerySet.as_manager()

    tenant = "promotion"

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        constraints = [
            models.UniqueConstraint(fields=["promotion", "serial"], name="a_coupon_is_claimed_once"),
            models.UniqueConstraint(
                fields=["promotion", "person", "number"],
                condition=Q(voided_at__isnull=True),
                name="a_person_claims_a_coupon_so_often",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | Q(used_at__isnull=True), name="no_used_coupon_is_void"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, purchase__isnull=True)
                | Q(used_at__isnull=False, purchase__isnull=False),
                name="a_used_coupon_names_its_purchase",
            ),
        ]
        indexes = [models.Index(fields=["subject", "valid_until"], name="coupons_of_a_person")]
        triggers = [
            pgtrigger.Trigger(
                name="a_coupon_is_within_its_numbers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("number"),
                func=_WITHIN_ITS_NUMBERS,
            ),
            whose("a_coupon_counts_for_its_person"),
            pgtrigger.ReadOnly(
                name="a_coupon_stays_whose_it_is", fields=["promotion", "serial", "claimed_at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} #{self.serial}"
