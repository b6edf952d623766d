"""A file of listings on its way in, and what became of each of its rows."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from catalog.queries import ImportRunQuerySet
from kernel.ids import new_id
from kernel.lifecycle import Lifecycle


class ImportState(StrEnum):
    RECEIVED = "received"
    READ = "read"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


I = ImportState  # noqa: E741 (read as a table below)

IMPORT = Lifecycle(
    "import",
    ImportState,
    read=({I.RECEIVED}, I.READ),
    fail=({I.RECEIVED, I.WAITING}, I.FAILED),
    start=({I.READ, I.DONE, I.STOPPED}, I.WAITING),
    finish=({I.WAITING}, I.DONE),
    stop=({I.RECEIVED, I.READ, I.WAITING}, I.STOPPED),
)
UNDER_WAY = (I.RECEIVED, I.WAITING)


class ImportRun(models.Model):
    """`columns` maps the file's names to ours; `next_row` is how far the present run has come."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="received")
    encoding = models.CharField(max_length=12, blank=True, default="")
    header = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=dict)
    category = models.CharField(max_length=40, blank=True, default="")
    dry = models.BooleanField(default=True)
    # Of the report: what is wrong with a cell is written down in words.
    language = models.CharField(max_length=10, default="zh-hans")
    next_row = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=40, blank=True, default="")
    # Of the pack sent with it: how many, how far, and (name, why not).
    pictures = models.PositiveIntegerField(default=0)
    next_picture = models.PositiveIntegerField(default=0)
    picture_problems = models.JSONField(default=list)
    # Who sent or started it: when that membership ends, so does the import.
    membership = models.ForeignKey("merchants.Membership", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_state_is_known", condition=models.Q(state__in=IMPORT.values)),
            models.CheckConstraint(
                name="import_comes_no_further_than_its_end",
                condition=models.Q(next_row__lte=models.F("total")),
            ),
            models.UniqueConstraint(
                name="import_one_at_a_time",
                fields=["merchant"],
                condition=models.Q(state__in=[str(each) for each in UNDER_WAY]),
            ),
        ]
        indexes = [
            models.Index(name="import_by_time", fields=["merchant", "-received_at", "-id"]),
            models.Index(
                name="import_under_way",
                fields=["received_at", "id"],
                condition=models.Q(state__in=[str(each) for each in UNDER_WAY]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"

    @property
    def has_pictures_to_take(self) -> bool:
        return self.next_picture < self.pictures

    @property
    def permille(self) -> int:
        return self.next_row * 1000 // self.total if self.total else 0

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class ImportLine(models.Model):
    """What became of one row: the newest run's report."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=64)
    # What no later row of the file may name again.
    sku = models.CharField(max_length=64, blank=True, default="")
    barcode = models.CharField(max_length=20, blank=True, default="")
    result = models.CharField(max_length=12)
    gaps = models.JSONField(default=list)
    problems = models.JSONField(default=list)

    tenant = "run"

    class Meta:
        constraints = [models.UniqueConstraint(name="import_line_once_per_row", fields=["run", "number"])]
        indexes = [
            models.Index(name="import_line_by_code", fields=["run", "code"]),
            models.Index(name="import_line_by_sku", fields=["run", "sku"], condition=~models.Q(sku="")),
            models.Index(
                name="import_line_by_barcode", fields=["run", "barcode"], condition=~models.Q(barcode="")
            ),
            models.Index(name="import_line_by_result", fields=["run", "result", "number"]),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.result}"
