"""What providers say of a day, kept as it came, and where it differs from our books."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from kernel.money import EXPONENTS, Money
from payments.lifecycle import DifferenceState, What
from payments.queries import DifferenceQuerySet, StatementQuerySet

KINDS = ("charge", "refund", "payout", "dispute")

_READ_ONCE = """
IF OLD.state = 'read' THEN
    RAISE EXCEPTION 'a statement is read once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_ENDED_ONCE = """
IF OLD.state <> 'open' OR (OLD.id, OLD.provider, OLD.day, OLD.what, OLD.kind, OLD.key)
        IS DISTINCT FROM (NEW.id, NEW.provider, NEW.day, NEW.what, NEW.kind, NEW.key) THEN
    RAISE EXCEPTION 'a difference ends once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_LINES_OF_THE_UNREAD = """
IF EXISTS (SELECT 1 FROM payments_providerstatement WHERE id = NEW.statement_id AND state = 'read') THEN
    RAISE EXCEPTION 'a statement that was read gets no more lines' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class ProviderStatement(models.Model):
    """One provider's day, by its own calendar. Its file lies sealed under a key of its own (`subject`)."""

    class State(models.TextChoices):
        ASKED = "asked", _("asked for")
        READ = "read", _("read")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    compared_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    line_count = models.PositiveIntegerField(default=0)
    subject = models.ForeignKey("privacy.Subject", models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey("privacy.StoredFile", models.PROTECT, null=True, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("provider's statement")
        verbose_name_plural = _("providers' statements")
        constraints = [
            models.UniqueConstraint(fields=["provider", "day"], name="a provider's day is asked for once"),
            models.CheckConstraint(
                condition=Q(state="asked", read_at__isnull=True, sha256="")
                | (Q(state="read", read_at__isnull=False) & ~Q(sha256="")),
                name="a statement that was read has its digest",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="statement_is_read_once",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf(
                    "provider", "day", "state", "read_at", "sha256", "line_count", "file_id"
                ),
                func=_READ_ONCE,
            ),
            pgtrigger.Protect(name="statement_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day}"


class StatementRow(models.Model):
    """One line of a provider's day: above zero what came in, below what went out. Append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(ProviderStatement, models.PROTECT, related_name="rows", db_index=False)
    provider = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    settled = models.BooleanField()

    append_only = True

    class Meta:
        app_label = "payments"
        verbose_name = _("line of a statement")
        verbose_name_plural = _("lines of statements")
        constraints = [
            models.UniqueConstraint(fields=["statement", "position"], name="a statement's lines are counted"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a statement's line is of a known kind"),
            models.CheckConstraint(
                condition=Q(currency__in=sorted(EXPONENTS)), name="a statement's line is in a known currency"
            ),
        ]
        indexes = [models.Index(fields=["provider", "kind", "key"], name="statement_row_key")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="line_of_an_unread_statement",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_LINES_OF_THE_UNREAD,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class Difference(models.Model):
    """What doesn't fit between a provider's day and ours, until a person or the facts end it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.CharField(max_length=20)
    day = models.DateField()
    what = models.CharField(max_length=14)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=80)
    theirs_minor = models.BigIntegerField(null=True)
    ours_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    detail = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10, default=DifferenceState.OPEN)
    found_at = models.DateTimeField()
    assigned_to = models.CharField(max_length=80, blank=True, default="")
    assigned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    reason = models.TextField(max_length=2000, blank=True, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True, default="")
    act_id = models.UUIDField(null=True)
    corrected_minor = models.BigIntegerField(null=True)

    objects = DifferenceQuerySet.as_manager()

    class Meta:
        app_label = "payments"
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "day", "what", "kind", "key"], name="a difference is found once"
            ),
            models.CheckConstraint(
                condition=Q(what__in=[one.value for one in What]), name="a difference is of a known sort"
            ),
            models.CheckConstraint(
                condition=Q(state=DifferenceState.OPEN, ended_at__isnull=True, ended_by="")
                | (
                    Q(
                        state__in=[one.value for one in DifferenceState if one != "open"],
                        ended_at__isnull=False,
                    )
                    & ~Q(ended_by="")
                    & ~Q(reason="")
                ),
                name="a difference that ended says who and why",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=DifferenceState.CORRECTED, act_id__isnull=False, corrected_minor__isnull=False
                )
                | (
                    ~Q(state=DifferenceState.CORRECTED) & Q(act_id__isnull=True, corrected_minor__isnull=True)
                ),
                name="a difference is corrected by a joint act",
            ),
            models.CheckConstraint(
                condition=Q(assigned_to="", assigned_at__isnull=True)
                | (~Q(assigned_to="") & Q(assigned_at__isnull=False)),
                name="a difference that is taken has its instant",
            ),
        ]
        indexes = [models.Index(fields=["found_at"], condition=Q(state="open"), name="difference_open")]
        triggers = [
            pgtrigger.Trigger(
                name="difference_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_ENDED_ONCE,
            ),
            pgtrigger.Protect(name="difference_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.day} {self.what} {self.kind}"

    @property
    def theirs(self) -> Money | None:
        return None if self.theirs_minor is None else Money(self.theirs_minor, self.currency)

    @property
    def ours(self) -> Money | None:
        return None if self.ours_minor is None else Money(self.ours_minor, self.currency)

    @property
    def gap(self) -> Money:
        """What the provider's side has more than ours, in sum; below zero it has less."""
        return Money((self.theirs_minor or 0) - (self.ours_minor or 0), self.currency)
