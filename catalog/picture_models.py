"""Pictures that shops added: only their pixels are kept, in a few widths."""

from __future__ import annotations

from django.db import models

from catalog.queries import PictureQuerySet
from kernel.ids import new_id


class Picture(models.Model):
    """One picture of a shop's collection; its files lie in the storage under its id, by width."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    # Of the bytes as they were sent: the same picture sent twice is one picture.
    digest = models.BinaryField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    # Its files are gone since then.
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = PictureQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="picture_once_per_merchant",
                fields=["merchant", "digest"],
                condition=models.Q(removed_at__isnull=True),
            ),
            models.CheckConstraint(name="picture_has_a_size", condition=models.Q(width__gt=0, height__gt=0)),
        ]
        indexes = [
            models.Index(
                name="picture_by_time",
                fields=["merchant", "-added_at", "-id"],
                condition=models.Q(removed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def source(self) -> str:
        """How drafts, revisions and files name it."""
        return f"u/{self.pk.hex}"
