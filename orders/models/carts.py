"""A cart is the lines of a subject, a guest's as a member's; a set is a line for each of its members."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id
from orders.limits import MOST_OF_ONE
from orders.queries import CartLineQuerySet


class CartLine(models.Model):
    """One variant in one person's cart; `seen_minor` is the unit price that the person last saw."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    # The set that it is a part of, as the person saw it; `quantity` is its pieces in all those sets.
    set_revision = models.ForeignKey(
        "catalog.SetRevision",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    quantity = models.PositiveSmallIntegerField()
    seen_minor = models.BigIntegerField()
    added_at = models.DateTimeField()

    objects = CartLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "variant"],
                condition=Q(set_revision__isnull=True),
                name="a_variant_is_in_a_cart_once",
            ),
            models.UniqueConstraint(
                fields=["subject", "set_revision", "variant"],
                condition=Q(set_revision__isnull=False),
                name="a_variant_is_in_a_set_of_a_cart_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="cart_quantity_is_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id}"
