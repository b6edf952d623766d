"""Serial codes of goods: kept as keyed digests, with what was asked about them and what alarmed."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from catalog.serial_kinds import AlarmKind, Source
from kernel.ids import new_id

# A code is handed out once; nothing else of it ever changes.
_HANDED_OUT_ONCE = """
IF TG_OP = 'DELETE' OR OLD.line IS NOT NULL
    OR to_jsonb(OLD) - ARRAY['line', 'handed_out_at', 'tail']
        <> to_jsonb(NEW) - ARRAY['line', 'handed_out_at', 'tail'] THEN
    RAISE EXCEPTION 'append only: a serial code is handed out once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_CLOSED_ONCE = """
IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL
    OR to_jsonb(OLD) - ARRAY['closed_at', 'closed_by', 'reason']
        <> to_jsonb(NEW) - ARRAY['closed_at', 'closed_by', 'reason'] THEN
    RAISE EXCEPTION 'append only: an alarm is closed once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def _guard(name: str, func: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, operation=pgtrigger.Update | pgtrigger.Delete, when=pgtrigger.Before, func=func
    )


class SerialBatch(models.Model):
    """Codes that came at once for one product: made here, or printed by the brand and imported."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="serial_batch_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="serial_batch_source_is_known", condition=Q(source__in=[str(each) for each in Source])
            ),
            models.CheckConstraint(name="serial_batch_is_not_empty", condition=Q(number__gt=0)),
        ]
        indexes = [models.Index(name="serial_batches_of_a_shop", fields=["merchant", "-made_at"])]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"


class SerialCode(models.Model):
    """One code; who holds the database can't say which, and who holds the code can ask."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(SerialBatch, on_delete=models.PROTECT, related_name="codes")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32)
    # The order line that it went out with: orders know theirs, this room only keeps its key.
    line = models.UUIDField(null=True, blank=True)
    handed_out_at = models.DateTimeField(null=True, blank=True)
    # The last four signs, so that a buyer recognises the label; only once it was handed out.
    tail = models.CharField(max_length=4, blank=True, default="")

    tenant = "merchant"

    class Meta:
        triggers = [_guard("serial_code_is_handed_out_once", _HANDED_OUT_ONCE)]
        constraints = [
            models.UniqueConstraint(name="serial_code_once_in_a_shop", fields=["merchant", "digest"]),
            models.CheckConstraint(
                name="serial_code_handed_out_says_when",
                condition=Q(line__isnull=True, handed_out_at__isnull=True, tail="")
                | Q(line__isnull=False, handed_out_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(name="serial_code_by_digest", fields=["digest"]),
            models.Index(name="serial_code_by_line", fields=["line"], condition=Q(line__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SerialCheck(models.Model):
    """Somebody asked; `code` is empty where we know none, so that asking costs the same either way."""

    id = models.BigAutoField(primary_key=True)
    code = models.ForeignKey(SerialCode, on_delete=models.PROTECT, related_name="checks", null=True)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+", null=True)
    # A keyed digest of network and day: it tells two places apart and leads to neither.
    place = models.CharField(max_length=16)
    at = models.DateTimeField()

    append_only = True
    tenant = "merchant"

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="serial_check_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        indexes = [models.Index(name="serial_checks_of_a_code", fields=["code", "at"])]

    def __str__(self) -> str:
        return f"{self.code_id} {self.at}"


class SerialAlarm(models.Model):
    """A code says two things at once; staff look, and close it with a reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12)
    code = models.ForeignKey(SerialCode, on_delete=models.PROTECT, related_name="alarms")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    # The other order's line that the same code was to go out with.
    line = models.UUIDField(null=True, blank=True)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True, default="")
    reason = models.TextField(max_length=2000, blank=True, default="")

    class Meta:
        triggers = [_guard("serial_alarm_is_closed_once", _CLOSED_ONCE)]
        constraints = [
            models.CheckConstraint(
                name="serial_alarm_kind_is_known", condition=Q(kind__in=[str(each) for each in AlarmKind])
            ),
            models.CheckConstraint(
                name="serial_alarm_closed_says_who_and_why",
                condition=Q(closed_at__isnull=True, closed_by="", reason="")
                | (Q(closed_at__isnull=False) & ~Q(closed_by="") & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                name="serial_alarm_once_while_open",
                fields=["code", "kind"],
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.raised_at:%Y-%m-%d}"
