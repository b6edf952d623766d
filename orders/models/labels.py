"""Labels with which goods go back at their shop's cost, and the carrier's visits to fetch them."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import Money
from orders.limits import TRACKING_LENGTH
from privacy.fields import EncryptedTextField

# Why a label is of no use any more, and why a visit doesn't take place.
ENDED_LABEL = ["other_way", "over"]
COLLECTED, MISSED, MOVED, CANCELLED, OVER = "collected", "missed", "moved", "cancelled", "over"
ENDED_VISIT = [COLLECTED, MISSED, MOVED, CANCELLED, OVER]

_AT_THE_SHOP_S_COST = """
IF NOT EXISTS (
    SELECT FROM orders_return r
     WHERE r.id = NEW.returning_id AND r.order_id = NEW.order_id AND r.postage_payer = 'trader'
) AND NOT EXISTS (
    SELECT FROM orders_faultclaim c
     WHERE c.id = NEW.claim_id AND c.order_id = NEW.order_id AND c.postage_payer = 'trader'
) THEN
    RAISE EXCEPTION 'a free label is for what goes back at its shop''s cost'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_label_is_at_its_shop_s_cost';
END IF;
RETURN NEW;
"""
# A number that was given out for one return can't be typed for another one.
OF_ITS_LABEL = """
IF EXISTS (
    SELECT FROM orders_returnlabel b
     WHERE b.carrier = NEW.carrier AND b.tracking_number = NEW.tracking_number
       AND (b.returning_id IS DISTINCT FROM NEW.returning_id OR b.claim_id IS DISTINCT FROM NEW.claim_id)
) THEN
    RAISE EXCEPTION 'a label''s number belongs to what it was made for' USING ERRCODE = 'unique_violation';
END IF;
RETURN NEW;
"""


class ReturnLabel(models.Model):
    """A carrier's number that the shop pays for, once a carrier has seen it; `price` was told before.

    `charged_minor` is what the shop was charged then: nothing for a label that nobody used.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="labels")
    returning = models.ForeignKey(
        "orders.Return", on_delete=models.PROTECT, related_name="labels", null=True, blank=True
    )
    claim = models.ForeignKey(
        "orders.FaultClaim", on_delete=models.PROTECT, related_name="labels", null=True, blank=True
    )
    carrier = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=TRACKING_LENGTH)
    price_minor = models.BigIntegerField()
    collected_minor = models.BigIntegerField()
    charged_minor = models.BigIntegerField(default=0, db_default=0)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=10, default="", db_default="", blank=True)

    tenant = "order"

    class Meta:
        verbose_name = _("return label")
        verbose_name_plural = _("return labels")
        constraints = [
            models.CheckConstraint(
                condition=Q(returning__isnull=True, claim__isnull=False)
                | Q(returning__isnull=False, claim__isnull=True),
                name="a_label_is_for_one_thing",
            ),
            models.UniqueConstraint(fields=["carrier", "tracking_number"], name="a_label_has_its_own_number"),
            models.UniqueConstraint(
                fields=["returning"],
                condition=Q(ended_at__isnull=True, returning__isnull=False),
                name="a_return_has_one_label",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(ended_at__isnull=True, claim__isnull=False),
                name="a_claim_has_one_label",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gt=0, collected_minor__gte=F("price_minor")),
                name="a_label_has_a_price",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, charged_minor=0)
                | Q(used_at__isnull=False, charged_minor=F("price_minor"))
                | Q(used_at__isnull=False, charged_minor=F("collected_minor")),
                name="only_a_used_label_is_charged",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, cause="")
                | Q(ended_at__isnull=False, cause__in=ENDED_LABEL),
                name="an_ended_label_says_why",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_label_is_at_its_shop_s_cost",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_AT_THE_SHOP_S_COST,
            ),
            pgtrigger.ReadOnly(
                name="a_label_stays_as_it_was_made",
                fields=[
                    "order",
                    "returning",
                    "claim",
                    "carrier",
                    "tracking_number",
                    "price_minor",
                    "collected_minor",
                    "made_at",
                ],
            ),
            pgtrigger.Protect(
                name="a_label_is_used_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__used_at__isnull=False)
                & (
                    pgtrigger.Q(old__used_at__df=pgtrigger.F("new__used_at"))
                    | pgtrigger.Q(old__charged_minor__df=pgtrigger.F("new__charged_minor"))
                ),
            ),
            pgtrigger.Protect(name="a_label_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.tracking_number}"

    @property
    def price(self) -> Money:
        """Dropped off by the buyer."""
        return Money(self.price_minor)

    @property
    def collected_price(self) -> Money:
        """Fetched at the buyer's door."""
        return Money(self.collected_minor)

    @property
    def charged(self) -> Money:
        return Money(self.charged_minor)

    @property
    def is_unused(self) -> bool:
        """Whether it may still be handed over."""
        return self.used_at is None and self.ended_at is None


class Collection(models.Model):
    """A carrier's visit in a time of the buyer's choice; where to is sealed and goes when the visit is over.

    `ended_at` and `cause` (ENDED_VISIT) say what became of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    label = models.ForeignKey(ReturnLabel, on_delete=models.PROTECT, related_name="collections")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    contact = EncryptedTextField(subject="subject_id", null=True)
    phone = EncryptedTextField(subject="subject_id", null=True)
    address = EncryptedTextField(subject="subject_id", null=True)
    booked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    cause = models.CharField(max_length=10, default="", db_default="", blank=True)

    tenant = "label"

    class Meta:
        verbose_name = _("collection at the door")
        verbose_name_plural = _("collections at the door")
        constraints = [
            models.UniqueConstraint(
                fields=["label"], condition=Q(ended_at__isnull=True), name="a_label_is_fetched_in_one_visit"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), starts_at__gt=F("booked_at")),
                name="a_visit_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, cause="")
                | Q(ended_at__isnull=False, cause__in=ENDED_VISIT, address__isnull=True),
                name="an_ended_visit_says_why_and_forgets_where",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="a_visit_stays_as_it_was_booked",
                fields=["label", "subject", "starts_at", "ends_at", "booked_at"],
            ),
            pgtrigger.Protect(
                name="a_visit_ends_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__ended_at__isnull=False),
            ),
            pgtrigger.Protect(name="a_visit_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"
