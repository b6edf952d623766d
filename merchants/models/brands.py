"""Brands and the chains of papers by which a shop shows that it sells them for their owner."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kernel.ids import new_id
from merchants.models.documents import Document
from merchants.models.shops import Merchant, history
from merchants.queries import BrandClaimQuerySet

# The registration itself, then the owner's authorisation and at most this many hands in between.
MOST_LINKS = 5

# Links come one after another and never beyond the end that the claim named.
_NEXT_IN_LINE = """
IF NEW.claim_id IS NOT NULL AND (NOT EXISTS (
    SELECT 1 FROM merchants_brandclaim c
     WHERE c.id = NEW.claim_id AND c.merchant_id = NEW.merchant_id AND NEW.position < c.length
) OR NEW.position <> (SELECT count(*) FROM merchants_brandlink k WHERE k.claim_id = NEW.claim_id)) THEN
    RAISE EXCEPTION 'a link follows the one before it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'brand_link_follows_the_one_before';
END IF;
RETURN NEW;
"""
_OWN_PAPER = """
IF NEW.link_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM merchants_brandlink k JOIN merchants_document d ON d.id = NEW.document_id
     WHERE k.id = NEW.link_id AND k.merchant_id = NEW.merchant_id AND d.merchant_id = NEW.merchant_id
       AND d.kind = CASE k.position WHEN 0 THEN 'trademark' ELSE 'brand_authorisation' END
) THEN
    RAISE EXCEPTION 'a link is proved by a fitting document of the same shop'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'brand_link_is_proved_by_its_shop_s_paper';
END IF;
RETURN NEW;
"""
# Only the end of a claim is written later.
_ENDS_ONCE = """
IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
    OR to_jsonb(OLD) - 'ended_at' <> to_jsonb(NEW) - 'ended_at' THEN
    RAISE EXCEPTION 'append only: a claim to a brand ends once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class Brand(models.Model):
    """A registered mark as one register entry says it; who states other facts states another brand.

    Nothing here was checked: a brand counts through the chains of those who claim it, and for them alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # As registered, in each script.
    names = ArrayField(models.CharField(max_length=80))
    # What an offer's brand is compared with.
    folded = ArrayField(models.CharField(max_length=160))
    # Empty where it is a person: who it is stands in the public register, not here.
    owner = models.CharField(max_length=200, blank=True, default="")
    registration_number = models.CharField(max_length=40)
    # Of the Nice Agreement, 1 to 45, ascending.
    classes = ArrayField(models.PositiveSmallIntegerField())
    place = models.CharField(max_length=2)
    entered_at = models.DateTimeField()

    append_only = True

    class Meta:
        triggers = [history("brand_is_append_only")]
        constraints = [
            models.UniqueConstraint(
                name="brand_once_with_the_same_facts",
                fields=["place", "registration_number", "owner", "names", "classes"],
            ),
            models.CheckConstraint(
                name="brand_has_name_number_and_class",
                condition=Q(names__len__gt=0, folded__len__gt=0, classes__len__gt=0)
                & ~Q(registration_number=""),
            ),
        ]

    def __str__(self) -> str:
        return " ".join(self.names)


class BrandClaim(models.Model):
    """A shop says that it sells a brand for its owner; true while each of `length` links is proved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+")
    # The registration counts as the first link: 1 where the shop owns the mark itself.
    length = models.PositiveSmallIntegerField()
    claimed_at = models.DateTimeField()
    claimed_by = models.CharField(max_length=80)
    # The shop took it back.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BrandClaimQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="brand_claim_ends_once",
                operation=pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func=_ENDS_ONCE,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                name="brand_claimed_once_by_a_shop",
                fields=["merchant", "brand"],
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="brand_claim_has_links", condition=Q(length__gte=1, length__lte=MOST_LINKS)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.brand_id}"


class BrandLink(models.Model):
    """One step from the mark towards the shop: 0 is the registration, the last one names the shop."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(BrandClaim, on_delete=models.PROTECT, related_name="links")
    position = models.PositiveSmallIntegerField()
    # Whom the one before authorised; empty for the owner, for a person and where it is the shop itself.
    grantee = models.CharField(max_length=200, blank=True, default="")
    # Places of law where it holds; * for everywhere.
    territory = ArrayField(models.CharField(max_length=2))
    # Categories of ours that it covers.
    categories = ArrayField(models.CharField(max_length=40))
    added_at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [
            history("brand_link_is_append_only"),
            pgtrigger.Trigger(
                name="brand_link_follows_the_one_before",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_NEXT_IN_LINE,
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="brand_link_once_in_its_place", fields=["claim", "position"]),
            models.CheckConstraint(
                name="brand_link_says_where_and_for_what",
                condition=Q(territory__len__gt=0, categories__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.position}"


class BrandPaper(models.Model):
    """A document that proves a link; a renewal is one more, and any one in force will do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(BrandLink, on_delete=models.PROTECT, related_name="papers")
    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="brand_paper")
    added_at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [
            history("brand_paper_is_append_only"),
            pgtrigger.Trigger(
                name="brand_link_is_proved_by_its_shop_s_paper",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=_OWN_PAPER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.document_id}"
