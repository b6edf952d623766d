"""Paying shops: each day's run, and every sum that went, goes or waits to go to a shop's account."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from payments.lifecycle import LEFT, WAITING, PayoutKind, PayoutState
from payments.queries import PayoutQuerySet

# A payout leaves for the account that is the shop's own, confirmed, and past the hours after a change; a
# large one, and one by hand, with the confirmed act of two people.
_LEAVES_RIGHTLY = """
IF NEW.state = 'requested' AND (TG_OP = 'INSERT' OR OLD.state <> 'requested') THEN
    IF NOT EXISTS (SELECT 1 FROM merchants_payoutaccount a WHERE a.id = NEW.account_id
            AND a.merchant_id = NEW.merchant_id AND a.ended_at IS NULL AND a.verified_at IS NOT NULL
            AND a.usable_from <= NEW.requested_at) THEN
        RAISE EXCEPTION 'payout % has no account of its shop to go to', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a payout goes to the shop''s confirmed account';
    END IF;
    IF (NEW.act_id IS NOT NULL OR NEW.second_person) AND NOT EXISTS (
            SELECT 1 FROM accounts_jointact j WHERE j.id = NEW.act_id AND j.state = 'confirmed' AND (
                (j.kind = 'payments.pay_out' AND j.id = NEW.id) OR (j.kind = 'payments.release_payout'
                 AND j.parameters ->> 'payout_id' = NEW.id::text
                 AND (j.parameters ->> 'amount_minor')::bigint = NEW.amount_minor))) THEN
        RAISE EXCEPTION 'payout % needs two people', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a large payout leaves with two people';
    END IF;
END IF;
RETURN NEW;
"""
_FIXED = """
IF (OLD.id, OLD.merchant_id, OLD.currency, OLD.kind)
        IS DISTINCT FROM (NEW.id, NEW.merchant_id, NEW.currency, NEW.kind)
    OR (OLD.state <> 'held'
        AND (OLD.amount_minor, OLD.provider, OLD.account_id, OLD.requested_at, OLD.second_person)
        IS DISTINCT FROM
            (NEW.amount_minor, NEW.provider, NEW.account_id, NEW.requested_at, NEW.second_person)) THEN
    RAISE EXCEPTION 'payout % has left as it was', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a payout stays what it was when it left';
END IF;
RETURN NEW;
"""


class PayoutRun(models.Model):
    """One day's run over all shops whose turn it is; taken up again until it has come to its end."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField(unique=True)
    begun_at = models.DateTimeField()
    # The last shop that had its turn: from there the run goes on.
    after = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "payments"
        verbose_name = _("payout run")
        verbose_name_plural = _("payout runs")

    def __str__(self) -> str:
        return str(self.day)


class Payout(models.Model):
    """Money from a merchant's available balance to its account; held, it hasn't moved yet."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant_id = models.UUIDField(db_index=True)
    run = models.ForeignKey(PayoutRun, models.PROTECT, null=True, related_name="payouts", db_index=False)
    kind = models.CharField(max_length=10, default=PayoutKind.BY_HAND, db_default=PayoutKind.BY_HAND)
    # Where it goes; none while nobody knows.
    account = models.ForeignKey("merchants.PayoutAccount", models.PROTECT, null=True, related_name="+")
    provider = models.CharField(max_length=20, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=12, default=PayoutState.REQUESTED)
    # Why it waits, and until when if that is known.
    hold = models.CharField(max_length=16, blank=True, default="", db_default="")
    held_until = models.DateTimeField(null=True)
    # So large that a second person looks; `act_id` names what they signed.
    second_person = models.BooleanField(default=False, db_default=False)
    act_id = models.UUIDField(null=True)
    # The provider's own code when it failed.
    reason = models.CharField(max_length=60, blank=True, default="", db_default="")
    requested_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = PayoutQuerySet.as_manager()

    tenant = "merchant_id"

    class Meta:
        app_label = "payments"
        verbose_name = _("payout")
        verbose_name_plural = _("payouts")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PayoutState]),
                name="a payout is in a known state",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="a payout is above zero"),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a payout is in a known currency"
            ),
            models.CheckConstraint(
                condition=(Q(state=PayoutState.HELD) & ~Q(hold=""))
                | (~Q(state=PayoutState.HELD) & Q(hold="")),
                name="a payout says why exactly while it waits",
            ),
            models.CheckConstraint(
                condition=Q(state__in=WAITING) | ~Q(provider=""), name="a payout that left names its provider"
            ),
            models.CheckConstraint(
                condition=Q(state__in=WAITING) | Q(second_person=False) | Q(act_id__isnull=False),
                name="a large payout that left names its act",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["paid", "failed", "dropped"], settled_at__isnull=False)
                | Q(state__in=["held", "requested", "sent"], settled_at__isnull=True),
                name="a payout has its instant exactly when it ended",
            ),
            models.UniqueConstraint(
                fields=["merchant_id", "currency"],
                condition=Q(state=PayoutState.HELD),
                name="one payout waits per shop and currency",
            ),
            models.UniqueConstraint(
                fields=["run", "merchant_id", "currency"], name="a run pays a shop once per currency"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "requested_at"], name="payout_queue"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="payout_leaves_rightly",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),
                func=_LEAVES_RIGHTLY,
            ),
            pgtrigger.Trigger(
                name="payout_fixed", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FIXED
            ),
            pgtrigger.Protect(name="payout_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.amount}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def has_left(self) -> bool:
        return self.state in LEFT
