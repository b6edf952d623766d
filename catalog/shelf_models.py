"""Marks that say a shelf changed; triggers make them (migration 0016)."""

from __future__ import annotations

from django.db import models


class ShelfMark(models.Model):
    """Something that a shelf shows was changed by the transaction that made this row; "" is every shelf.

    Rows are only added, so two sales at once never wait for each other; `shelf_version.fold` sums them up.
    """

    id = models.BigAutoField(primary_key=True)
    shelf = models.CharField(max_length=40, blank=True)
    # By the database, at random: the sum over a shelf is its version.
    number = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        indexes = [models.Index(name="shelf_mark_by_shelf", fields=["shelf"])]

    def __str__(self) -> str:
        return f"{self.shelf or 'every shelf'} {self.number}"
