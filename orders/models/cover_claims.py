"""Claims on covers: what the buyer asks, what shows it, and what became of it."""

from __future__ import annotations

from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound
from kernel.ids import new_id, public_number
from kernel.money import Money
from orders.cover_states import (
    COVER_CLAIM,
    ENDED_CLAIM_STATES,
    STANDING_CLAIM_STATES,
    Cause,
    CoverClaimState,
    Refusal,
)
from orders.models.contract import Order
from orders.models.cover import OrderCover
from orders.models.lines import OrderLine
from privacy.fields import EncryptedTextField
from privacy.models import StoredFile

STANDING = sorted(map(str, STANDING_CLAIM_STATES))
ENDED = sorted(map(str, ENDED_CLAIM_STATES))
_APPEND_ONLY = pgtrigger.Update | pgtrigger.Delete
_ON_A_RUNNING_COVER = """
IF NOT EXISTS (
    SELECT FROM orders_ordercover c
     WHERE c.id = NEW.cover_id AND c.subject_id = NEW.subject_id AND c.state = 'running'
       AND NEW.goods_minor + NEW.beside_minor <= c.limit_minor
) THEN
    RAISE EXCEPTION 'a claim is on a running cover, within its limit'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cover_pays_within_its_limit';
END IF;
RETURN NEW;
"""


def claim_number() -> str:
    return public_number("K")


class CoverClaimQuerySet(models.QuerySet["CoverClaim"]):
    def of_person(self, subject_id: UUID) -> CoverClaimQuerySet:
        return self.filter(subject_id=subject_id)

    def with_cover(self) -> CoverClaimQuerySet:
        return self.select_related("cover__order__merchant", "cover__line__revision")

    def overdue(self) -> CoverClaimQuerySet:
        """Where the insurer didn't answer in time, or hasn't proved its transfer."""
        late = Q(state=CoverClaimState.ACCEPTED) | Q(state=CoverClaimState.PAID, by_silence=True)
        return self.filter(late, told_at__isnull=True)

    def bought_back(self, order_id: UUID) -> int:
        """Minor units of the order's price that insurers paid instead of the shop."""
        paid = self.filter(cover__order_id=order_id).aggregate(sum=Sum("paid_goods_minor"))
        return paid["sum"] or 0

    def bought_back_of_line(self, line_id: UUID) -> int:
        """The same of one line."""
        paid = self.filter(cover__line_id=line_id).aggregate(sum=Sum("paid_goods_minor"))
        return paid["sum"] or 0

    def get_or_not_found(self, **lookup: object) -> CoverClaim:
        """:raises NotFound:"""
        if (found := self.filter(**lookup).first()) is None:
            raise NotFound()
        return found


class CoverClaim(models.Model):
    """What a buyer asks of a cover: `goods_minor` of the price, `beside_minor` on top. One stands at a time.

    `told_at` is when the insurer's own answer came, `transfer` the number under which it paid.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=claim_number, editable=False)
    cover = models.ForeignKey(OrderCover, on_delete=models.PROTECT, related_name="claims")
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=12)
    quantity = models.PositiveSmallIntegerField()
    goods_minor = models.BigIntegerField(default=0)
    beside_minor = models.BigIntegerField(default=0)
    # Of `goods_minor` what wasn't back by another way when the insurer paid.
    paid_goods_minor = models.BigIntegerField(default=0)
    # What the platform knows by itself: kinds, numbers and instants of parcels, returns and cases.
    facts = models.JSONField(default=list)
    story = EncryptedTextField(subject="subject_id")
    state = models.CharField(max_length=12, default=CoverClaimState.ASKED)
    by_silence = models.BooleanField(default=False)
    refusal = models.CharField(max_length=20, default="", blank=True)
    transfer = models.CharField(max_length=80, default="", blank=True)
    asked_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CoverClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim on a cover")
        verbose_name_plural = _("claims on covers")
        permissions = [("chase_insurer", "May ask an insurer again that let its time pass")]
        constraints = [
            models.UniqueConstraint(
                fields=["cover"], condition=Q(state__in=STANDING), name="a_cover_pays_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=COVER_CLAIM.values), name="cover_claim_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(cause__in=[str(each) for each in Cause]), name="cover_claim_cause_is_known"
            ),
            models.CheckConstraint(
                condition=Q(goods_minor__gte=0, beside_minor__gte=0)
                & (Q(goods_minor__gt=0) | Q(beside_minor__gt=0)),
                name="a_cover_claim_asks_for_something",
            ),
            models.CheckConstraint(
                condition=Q(paid_goods_minor__gte=0, paid_goods_minor__lte=F("goods_minor"))
                & (Q(state__in=[CoverClaimState.ACCEPTED, CoverClaimState.PAID]) | Q(paid_goods_minor=0)),
                name="a_cover_claim_pays_at_most_what_was_asked",
            ),
            models.CheckConstraint(
                condition=Q(state=CoverClaimState.REFUSED, refusal__in=[str(each) for each in Refusal])
                | (~Q(state=CoverClaimState.REFUSED) & Q(refusal="")),
                name="a_refused_cover_claim_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
                name="a_cover_claim_that_is_over_says_since_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=CoverClaimState.PAID) | Q(beside_minor=0) | ~Q(transfer=""),
                name="what_is_paid_beside_the_price_is_proved",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_cover_pays_within_its_limit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_ON_A_RUNNING_COVER,
            ),
            pgtrigger.ReadOnly(
                name="a_cover_claim_keeps_what_was_asked",
                fields=["cover", "cause", "quantity", "goods_minor", "beside_minor", "facts", "asked_at"],
            ),
            pgtrigger.Protect(name="a_cover_claim_is_kept", operation=pgtrigger.Delete),
        ]
        indexes = [models.Index(fields=["state", "asked_at"], name="cover_claims_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def amount(self) -> Money:
        return self.goods + self.beside

    @property
    def goods(self) -> Money:
        """Of the price: as it was asked, and once it is decided as it was paid."""
        decided = self.state in (CoverClaimState.ACCEPTED, CoverClaimState.PAID)
        return Money(self.paid_goods_minor if decided else self.goods_minor, self.cover.currency)

    @property
    def beside(self) -> Money:
        return Money(self.beside_minor, self.cover.currency)


class CoverPhoto(models.Model):
    """A file that shows the damage; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    claim = models.ForeignKey(CoverClaim, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("photo of a claim on a cover")
        verbose_name_plural = _("photos of claims on covers")
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.file_id}"


class CoverProof(models.Model):
    """A complaint decided that goods of this order were fakes; append-only, written by the room above."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="+", null=True)
    reference = models.UUIDField(unique=True)
    at = models.DateTimeField()

    append_only = True

    class Meta:
        verbose_name = _("proof for a cover")
        verbose_name_plural = _("proofs for covers")
        triggers = [pgtrigger.Protect(name="append_only", operation=_APPEND_ONLY)]

    def __str__(self) -> str:
        return str(self.reference)
