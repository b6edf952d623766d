"""Merchants, their members, what they accepted, and every decision about them."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext

from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants.application_tasks import DECLARATIONS
from merchants.capabilities import Capability
from merchants.lifecycle import SELLING, MerchantState
from merchants.queries import MembershipQuerySet, MerchantQuerySet
from merchants.seller_kinds import USED_THINGS, SellerKind
from privacy.fields import EncryptedTextField

GRADES = ["A", "B", "C", "D", "E", "N"]


_STAYS_A_TRADER = """
IF NEW.declaration = 'used' AND OLD.declaration <> 'used' AND OLD.state <> 'preparing' THEN
    RAISE EXCEPTION 'merchant_trader_stays_a_trader' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def history(name: str) -> pgtrigger.Protect:
    """A trigger that refuses UPDATE and DELETE: history is only added to."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class Merchant(models.Model):
    """A business (or private seller) that offers goods; its identity is public by law."""

    class Kind(models.TextChoices):
        COMPANY = "company"
        SOLE_TRADER = "sole_trader"
        PRIVATE = "private"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=60, unique=True, db_index=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.COMPANY)
    display_name = models.CharField(max_length=60)
    legal_name = models.CharField(max_length=120)
    licence_number = models.CharField(max_length=40)
    # What a seller without registration declares instead of a licence (a code of application_tasks).
    declaration = models.CharField(max_length=12, blank=True, default="")
    licence_valid_until = models.DateField(null=True, blank=True)
    address_public = models.CharField(max_length=200)
    contact_public = models.CharField(max_length=100)
    place = models.CharField(max_length=2, default="CN")
    contact_name = EncryptedTextField(subject="subject_id")
    contact_phone = EncryptedTextField(subject="subject_id")
    state = models.CharField(max_length=12, default="applied")
    applied_at = models.DateTimeField()
    since = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    # Since when the shop has left: the years of keeping its identity count from here.
    closed_at = models.DateTimeField(null=True, blank=True)
    # Since when a private person has sold so much that it counts as a trader.
    trader_since = models.DateTimeField(null=True, blank=True)

    # Written from above by credit, through standing.write_effects.
    grade = models.CharField(max_length=1, default="N")
    score_permille = models.PositiveSmallIntegerField(null=True, blank=True)
    payout_delay_days = models.PositiveSmallIntegerField(default=0)
    grade_rule_id = models.CharField(max_length=80, blank=True, default="")
    grade_since = models.DateTimeField(null=True, blank=True)
    credit_facts = models.JSONField(default=dict, blank=True)

    # When it closes at its own wish; said on its page until then.
    closing_at = models.DateTimeField(null=True, blank=True)
    # What the penalties in force add up to: found on its own page alone; few listings on sale.
    hidden = models.BooleanField(default=False, db_default=False)
    few_listings = models.BooleanField(default=False, db_default=False)
    # Its deposit wasn't filled in time; written from above by payments.deposits alone.
    deposit_short = models.BooleanField(default=False, db_default=False)
    # What it promises on its goods, with its times; written from above by catalog.promising alone.
    promises = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    objects = MerchantQuerySet.as_manager()

    tenant = "id"

    class Meta:
        triggers = [
            pgtrigger.Trigger(
                name="merchant_trader_stays_a_trader",
                operation=pgtrigger.UpdateOf("declaration"),
                when=pgtrigger.Before,
                func=_STAYS_A_TRADER,
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="merchant_of_used_things_is_a_person",
                condition=~models.Q(declaration=USED_THINGS) | models.Q(kind="private"),
            ),
            models.CheckConstraint(
                name="merchant_state_is_known",
                condition=models.Q(state__in=[str(state) for state in MerchantState]),
            ),
            models.CheckConstraint(name="merchant_grade_is_known", condition=models.Q(grade__in=GRADES)),
            models.CheckConstraint(
                name="merchant_score_is_at_most_a_thousand",
                condition=models.Q(score_permille__isnull=True) | models.Q(score_permille__lte=1000),
            ),
            models.CheckConstraint(
                name="merchant_selling_was_admitted",
                condition=models.Q(since__isnull=False)
                | models.Q(state__in=["preparing", "applied", "closed"]),
            ),
            models.CheckConstraint(
                name="merchant_that_left_says_since_when",
                condition=models.Q(state=str(MerchantState.CLOSED), closed_at__isnull=False)
                | (~models.Q(state=str(MerchantState.CLOSED)) & models.Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="merchant_closing_is_still_there",
                condition=models.Q(closing_at__isnull=True)
                | models.Q(state__in=["trading", "restricted", "suspended"]),
            ),
            models.CheckConstraint(
                name="merchant_names_itself",
                condition=(
                    ~models.Q(legal_name="") & ~models.Q(address_public="") & ~models.Q(contact_public="")
                )
                | models.Q(state="preparing")
                | models.Q(state="closed", since__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="merchant_awaiting_decision", fields=["applied_at"], condition=models.Q(state="applied")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_private_person(self) -> bool:
        """Sells used things of its own and is no trader: consumer law's rights don't bind it."""
        return self.kind == Merchant.Kind.PRIVATE and self.declaration == USED_THINGS

    @property
    def declaration_said(self) -> str:
        """Why it needs no registration, in the reader's language; empty for a registered business."""
        return gettext(DECLARATIONS[self.declaration]) if self.declaration else ""

    @property
    def seller_kind(self) -> SellerKind:
        """What buyers are told before they order, and what the order keeps."""
        return SellerKind.PRIVATE if self.is_private_person else SellerKind.BUSINESS

    @property
    def sells(self) -> bool:
        return self.state in SELLING

    @property
    def may_publish(self) -> bool:
        return self.state == MerchantState.TRADING

    @property
    def score_text(self) -> str:
        """The score as people read it, "91.9"; empty while there is none."""
        return "" if self.score_permille is None else f"{self.score_permille / 10:.1f}"


class Membership(models.Model):
    """A person who acts for a merchant, and what they may do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="memberships")
    subject_id = models.UUIDField(db_index=True)
    capabilities = ArrayField(models.CharField(max_length=12))
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_once_per_person_and_merchant",
                fields=["merchant", "subject_id"],
                condition=models.Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="membership_capabilities_are_known",
                condition=models.Q(capabilities__contained_by=[str(each) for each in Capability]),
            ),
            models.CheckConstraint(
                name="membership_grants_something", condition=~models.Q(capabilities__len=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id}: {', '.join(self.capabilities)}"

    def can(self, capability: Capability) -> bool:
        """Owners can everything; everybody who belongs may read."""
        return (
            capability is Capability.READ
            or Capability.OWNER in self.capabilities
            or capability in self.capabilities
        )

    def require(self, capability: Capability) -> None:
        """:raises NotFound: when the member lacks it; forbidden looks like absent"""
        if not self.can(capability):
            raise NotFound

    @property
    def actor(self) -> Actor:
        return Actor.member(self.subject_id, self.merchant_id)


class Acceptance(models.Model):
    """A text that a merchant accepted, by key and version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="acceptances")
    text_key = models.CharField(max_length=60)
    text_version = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("merchant_acceptance_is_append_only")]
        constraints = [
            models.UniqueConstraint(
                name="acceptance_once_per_version", fields=["merchant", "text_key", "text_version"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text_key} {self.text_version}"


class MerchantMove(models.Model):
    """One decision about a merchant: what, by whom, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=20)
    from_state = models.CharField(max_length=12)
    to_state = models.CharField(max_length=12)
    reason = models.TextField(max_length=2000)
    rule_id = models.CharField(max_length=80, blank=True, default="")
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [history("merchant_move_is_append_only")]
        indexes = [models.Index(name="merchant_move_by_time", fields=["merchant", "at"])]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
