"""What a listing's stock comes to, for lists: kept beside the listing by the database (migration 0032)."""

from __future__ import annotations

from django.db import models


class Availability(models.Model):
    """Whether any variant can be bought, and the pieces sold of all of them.

    Not a column of the listing: a sale must not wait for a publication. Triggers on stock and variants write
    it within the same statement, and nothing else can.
    """

    listing = models.OneToOneField(
        "catalog.Listing", on_delete=models.PROTECT, primary_key=True, related_name="availability"
    )
    in_stock = models.BooleanField(default=False)
    sold = models.PositiveIntegerField(default=0)

    tenant = "listing"

    def __str__(self) -> str:
        return f"{'in stock' if self.in_stock else 'sold out'}, {self.sold} sold"
