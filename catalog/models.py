"""Categories, listings and the frozen revisions that orders point at."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from catalog.availability_models import Availability
from catalog.bulk_models import BulkChange
from catalog.freight_models import FreightTemplate, is_there
from catalog.import_models import ImportLine, ImportRun
from catalog.lifecycle import ListingState
from catalog.paper_models import PaperNotice
from catalog.picture_models import Picture
from catalog.placement_models import Placement, PlacementDay
from catalog.price_models import CampaignPrice, Deal, DealVoid, PriceHistory, Reduction
from catalog.promise_models import ShopPromise
from catalog.proof_models import Certificate, Evaluation
from catalog.queries import ListingQuerySet, RevisionQuerySet
from catalog.report_models import ListingReport
from catalog.schema_models import Category, CategorySchema, Department, SchemaChange, SchemaNotice
from catalog.serial_models import SerialAlarm, SerialBatch, SerialCheck, SerialCode
from catalog.set_models import SetMember, SetRevision, ShopSet
from catalog.shelf_models import ShelfMark
from catalog.stock_models import Reservation, Stock, StockChange
from catalog.submission_models import Submission, SubmissionMove
from catalog.variant_models import Variant, has_a_variant, sold_by_who_may
from catalog.wish_models import StockAlert, WishLine
from kernel.ids import new_id
from kernel.money import LIMIT_MINOR, Money
from merchants.models import history

__all__ = [
    "Availability",
    "BulkChange",
    "CampaignPrice",
    "Category",
    "CategorySchema",
    "Certificate",
    "Deal",
    "DealVoid",
    "Department",
    "Evaluation",
    "FreightTemplate",
    "ImportLine",
    "ImportRun",
    "Listing",
    "ListingMove",
    "ListingReport",
    "ListingRevision",
    "PaperNotice",
    "Picture",
    "Placement",
    "PlacementDay",
    "PriceHistory",
    "Reduction",
    "Reservation",
    "SchemaChange",
    "SchemaNotice",
    "SerialAlarm",
    "SerialBatch",
    "SerialCheck",
    "SerialCode",
    "SetMember",
    "SetRevision",
    "ShelfMark",
    "ShopPromise",
    "ShopSet",
    "Stock",
    "StockAlert",
    "StockChange",
    "Submission",
    "SubmissionMove",
    "Variant",
    "WishLine",
]

EXCLUSIONS = ["never", "confirm"]
# From this side of the border, from a bonded store behind it, or straight from abroad.
SHIPS_FROM = ["home", "bonded", "direct"]


class Listing(models.Model):
    """An offer of a merchant: a draft to work on, and the revision that is live."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=64)
    barcode = models.CharField(max_length=14, blank=True, default="")
    state = models.CharField(max_length=12, default="draft")
    draft = models.JSONField(default=dict)
    draft_saved_at = models.DateTimeField()
    working_title = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()
    live_revision = models.ForeignKey(
        "catalog.ListingRevision", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    published_at = models.DateTimeField(null=True, blank=True)

    # Of the draft; the revision holds what it said when it was frozen.
    freight_template = models.ForeignKey(
        FreightTemplate,
        on_delete=models.PROTECT,
        related_name="listings",
        null=True,
        blank=True,
        db_index=False,
    )
    # What lists sort and filter by, copied from the live revision by `publish`.
    shelf_price_minor = models.BigIntegerField(null=True, blank=True)
    # By place, where it differs: price and freight of one piece, null where it isn't sent.
    shelf_price_to = models.JSONField(null=True, blank=True)
    return_days = models.PositiveSmallIntegerField(default=0)
    excludes_return = models.CharField(max_length=8, blank=True, default="")
    # "" where nothing was published since the column came.
    ships_from = models.CharField(max_length=8, blank=True, default="")
    origin = models.CharField(max_length=60, blank=True, default="")
    told_in_full = models.BooleanField(default=False)
    certified = models.BooleanField(default=False)
    # The brand that it states, folded; whether it is sold for the brand's owner is asked of the papers.
    brand_key = models.CharField(max_length=80, blank=True, default="", db_default="")
    title_key = models.CharField(max_length=200, blank=True, default="")
    search = SearchVectorField(null=True)

    objects = ListingQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        triggers = [
            has_a_variant("listing_has_a_variant"),
            sold_by_who_may("listing_of_a_person_is_used"),
            is_there("listing_freight_template_is_there"),
        ]
        constraints = [
            # What variants point at, so that they belong to their listing's shop and no other.
            models.UniqueConstraint(name="listing_with_its_merchant", fields=["id", "merchant"]),
            models.UniqueConstraint(name="listing_code_once_per_merchant", fields=["merchant", "code"]),
            models.CheckConstraint(
                name="listing_state_is_known",
                condition=models.Q(state__in=[str(state) for state in ListingState]),
            ),
            models.CheckConstraint(name="listing_has_a_code", condition=~models.Q(code="")),
            models.CheckConstraint(
                name="listing_live_has_revision_price_and_search",
                condition=~models.Q(state="live")
                | models.Q(live_revision__isnull=False, shelf_price_minor__gt=0, search__isnull=False),
            ),
            models.CheckConstraint(
                name="listing_ships_from_a_known_side",
                condition=models.Q(ships_from__in=["", *SHIPS_FROM]),
            ),
            models.CheckConstraint(
                name="listing_exclusion_is_known",
                condition=models.Q(excludes_return="") | models.Q(excludes_return__in=EXCLUSIONS),
            ),
        ]
        indexes = [
            GinIndex(name="listing_search", fields=["search"]),
            models.Index(
                name="listing_shelf_by_price",
                fields=["category", "shelf_price_minor", "id"],
                condition=models.Q(state="live"),
            ),
            models.Index(
                name="listing_shelf_by_newness",
                fields=["category", "-published_at", "id"],
                condition=models.Q(state="live"),
            ),
            models.Index(name="listing_of_merchant", fields=["merchant", "state", "-draft_saved_at"]),
            models.Index(
                name="listing_by_freight_template",
                fields=["freight_template"],
                condition=models.Q(freight_template__isnull=False),
            ),
            models.Index(name="listing_by_barcode", fields=["barcode"], condition=~models.Q(barcode="")),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.working_title}"

    @property
    def content(self) -> dict[str, Any]:
        """What is live; the draft where nothing is yet."""
        found: dict[str, Any] = self.live_revision.content if self.live_revision else self.draft
        return found

    @property
    def is_live(self) -> bool:
        return self.state == ListingState.LIVE


class ListingRevision(models.Model):
    """What was promised, frozen: orders, cases and receipts point here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    price_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    pack_version = models.CharField(max_length=64, blank=True, default="")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)
    commitment = models.BinaryField(max_length=32)

    objects = RevisionQuerySet.as_manager()

    append_only = True
    tenant = "listing"

    class Meta:
        triggers = [history("listing_revision_is_append_only")]
        constraints = [
            models.UniqueConstraint(name="listing_revision_number_once", fields=["listing", "number"]),
            models.CheckConstraint(
                name="listing_revision_price_is_positive",
                condition=models.Q(price_minor__gt=0, price_minor__lte=LIMIT_MINOR),
            ),
            models.CheckConstraint(
                name="listing_revision_freight_is_not_negative",
                condition=models.Q(freight_minor__gte=0, freight_minor__lte=LIMIT_MINOR),
            ),
            models.CheckConstraint(
                name="listing_revision_number_is_positive", condition=models.Q(number__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} #{self.number}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor, self.currency)

    @property
    def all_in(self) -> Money:
        """Price and freight of one piece: the number on card, page and cart."""
        return self.price + self.freight


class ListingMove(models.Model):
    """One step in a listing's life: what, by whom, why, under which rule."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(max_length=2000, blank=True, default="")
    rule_id = models.CharField(max_length=80, blank=True, default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "listing"

    class Meta:
        triggers = [history("listing_move_is_append_only")]
        constraints = [
            models.CheckConstraint(
                name="listing_suspension_has_a_reason",
                condition=~models.Q(name="suspend") | ~models.Q(reason=""),
            ),
            models.CheckConstraint(
                name="listing_take_down_has_reason_and_rule",
                condition=~models.Q(name="take_down") | (~models.Q(reason="") & ~models.Q(rule_id="")),
            ),
        ]
        indexes = [models.Index(name="listing_move_by_time", fields=["listing", "at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
