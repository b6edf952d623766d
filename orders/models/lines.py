"""The lines of an order: so many of a variant, with what was promised for it, frozen."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from catalog import offers, promise_terms
from kernel.ids import new_id
from kernel.money import Money
from orders.limits import MOST_OF_ONE
from orders.models.contract import Order
from orders.models.line_rules import AS_GIVEN, BY_EXPRESS, DISCOUNTS_SUM, IN_ITS_SET, ONLY_PARCELS
from orders.queries import OrderLineQuerySet


class OrderLine(models.Model):
    """So many of one variant of a frozen revision; `exclusion` is what it said about returning it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    listing = models.ForeignKey("catalog.Listing", on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey("catalog.Variant", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey("catalog.ListingRevision", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    unit_minor = models.BigIntegerField()
    total_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField(default=0)
    # The part of it that express cost on top of the standard way, and what of that went back as it was late.
    express_minor = models.BigIntegerField(default=0, db_default=0)
    express_back_minor = models.BigIntegerField(default=0, db_default=0)
    # The set that it was bought in; its units are those of all these sets together.
    set_revision = models.ForeignKey(
        "catalog.SetRevision",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    # The offer that it was given with, and the value of one piece: comes off where it is kept without right.
    gift = models.ForeignKey(
        "orders.Promotion", on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    gift_minor = models.BigIntegerField(default=0, db_default=0)
    # What its discounts sum to (models.discounts): the units cost so much less together.
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    returned_quantity = models.PositiveSmallIntegerField(default=0)
    # Of its pieces: in parcels (a trigger counts them), given up before they were sent, never arrived.
    sent_quantity = models.SmallIntegerField(default=0, db_default=0)
    cancelled_quantity = models.SmallIntegerField(default=0, db_default=0)
    undelivered_quantity = models.SmallIntegerField(default=0, db_default=0)
    refunded_minor = models.BigIntegerField(default=0)
    exclusion = models.CharField(max_length=10, default="", blank=True)
    confirmed = models.BooleanField(default=False)
    # The wording that the buyer said yes to, kept with the yes (Order 90, art. 20).
    confirmed_wording = models.TextField(default="", blank=True)
    # The shop's promises of that instant with their versions; the listing's own stand in the revision.
    promises = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    # Of the goods by where they went, with rule ids and the pack's version; {} before 0122.
    tax = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))

    objects = OrderLineQuerySet.as_manager()

    tenant = "order"

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_lines_have_places"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_OF_ONE), name="line_quantity_is_in_range"
            ),
            models.CheckConstraint(
                condition=Q(total_minor=F("unit_minor") * F("quantity")), name="a_line_is_units_times_price"
            ),
            models.CheckConstraint(
                condition=Q(returned_quantity__lte=F("quantity")), name="no_more_comes_back_than_was_sold"
            ),
            models.CheckConstraint(
                condition=Q(sent_quantity__gte=0, cancelled_quantity__gte=0)
                & Q(sent_quantity__lte=F("quantity") - F("cancelled_quantity")),
                name="no_more_is_sent_than_was_bought",
            ),
            models.CheckConstraint(
                condition=Q(undelivered_quantity__gte=0, undelivered_quantity__lte=F("sent_quantity")),
                name="only_what_was_sent_fails_to_arrive",
            ),
            models.CheckConstraint(
                condition=Q(
                    returned_quantity__lte=F("quantity") - F("cancelled_quantity") - F("undelivered_quantity")
                ),
                name="no_piece_goes_back_twice",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0,
                    refunded_minor__lte=F("total_minor") + F("freight_minor") - F("discount_minor"),
                ),
                name="a_line_refund_stays_within_the_line",
            ),
            models.CheckConstraint(
                condition=Q(gift__isnull=True, gift_minor=0)
                | Q(gift__isnull=False, gift_minor__gte=0, unit_minor=0, freight_minor=0),
                name="a_gift_costs_nothing",
            ),
            models.CheckConstraint(
                condition=Q(discount_minor__gte=0, discount_minor__lte=F("total_minor")),
                name="a_line_is_discounted_to_nothing_at_most",
            ),
            models.CheckConstraint(
                condition=Q(express_minor__gte=0, express_minor__lte=F("freight_minor")),
                name="express_is_a_part_of_the_freight",
            ),
            models.CheckConstraint(
                condition=Q(express_back_minor__gte=0, express_back_minor__lte=F("express_minor"))
                & Q(express_back_minor__lte=F("refunded_minor")),
                name="express_goes_back_once_at_most",
            ),
            models.CheckConstraint(
                condition=Q(exclusion__in=["", "never", "confirm"]), name="line_exclusion_is_known"
            ),
            models.CheckConstraint(
                condition=Q(exclusion="confirm") | Q(confirmed=False),
                name="only_excludable_goods_are_confirmed",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="a_line_keeps_its_tax", fields=["tax"]),
            pgtrigger.ReadOnly(name="a_line_keeps_its_express", fields=["express_minor"]),
            pgtrigger.Trigger(
                name="only_an_express_order_costs_express",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__express_minor__gt=0),
                func=BY_EXPRESS,
            ),
            pgtrigger.Protect(
                name="a_line_keeps_its_promises",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__promises__df=pgtrigger.F("new__promises")),
            ),
            pgtrigger.ReadOnly(name="a_line_keeps_its_discount", fields=["discount_minor"]),
            pgtrigger.ReadOnly(name="a_line_keeps_its_set", fields=["set_revision"]),
            pgtrigger.ReadOnly(name="a_line_stays_a_gift", fields=["gift", "gift_minor"]),
            pgtrigger.Trigger(
                name="a_gift_is_given_as_offered",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__gift__isnull=False),
                func=AS_GIVEN,
            ),
            pgtrigger.Trigger(
                name="a_line_of_a_set_is_a_member",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__set_revision__isnull=False),
                func=IN_ITS_SET,
            ),
            pgtrigger.Trigger(
                name="a_discounted_line_has_its_discounts",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Q(new__discount_minor__gt=0),
                func=DISCOUNTS_SUM,
            ),
            pgtrigger.Trigger(
                name="only_parcels_count_as_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=ONLY_PARCELS,
                condition=pgtrigger.Q(old__sent_quantity__df=pgtrigger.F("new__sent_quantity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} #{self.position}"

    @property
    def unit(self) -> Money:
        return Money(self.unit_minor)

    @property
    def total(self) -> Money:
        return Money(self.total_minor)

    @property
    def left(self) -> Money:
        """Paid for this line, its freight included, and not yet given back."""
        return self.paid - Money(self.refunded_minor)

    @property
    def is_gift(self) -> bool:
        return self.gift_id is not None

    @property
    def gift_value(self) -> Money:
        """Of one piece, as it was stated before the order."""
        return Money(self.gift_minor)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor)

    @property
    def goods_paid(self) -> Money:
        """What its units cost together after everything that was taken off."""
        return Money(self.total_minor - self.discount_minor)

    @property
    def express(self) -> Money:
        """What express cost on top of the standard way."""
        return Money(self.express_minor)

    @property
    def standard_freight(self) -> Money:
        """What the standard way would have cost; all of the freight unless it came by express."""
        return Money(self.freight_minor - self.express_minor)

    @property
    def paid(self) -> Money:
        """What its units and their freight cost the buyer."""
        return self.goods_paid + Money(self.freight_minor)

    @property
    def gone_quantity(self) -> int:
        """Pieces whose money went back: returned, given up before they were sent, never arrived."""
        return self.returned_quantity + self.cancelled_quantity + self.undelivered_quantity

    @property
    def returnable_quantity(self) -> int:
        return self.quantity - self.gone_quantity

    @property
    def to_send(self) -> int:
        """Pieces that no parcel holds yet and nobody gave up."""
        return self.quantity - self.cancelled_quantity - self.sent_quantity

    @property
    def content(self) -> dict[str, Any]:
        """The frozen promise of the listing at the time of the order."""
        content: dict[str, Any] = self.revision.content
        return content

    @property
    def terms(self) -> dict[str, Any]:
        """What the merchant promised and excluded, as frozen: the listing's and the shop's together."""
        own: dict[str, Any] = self.content.get("terms") or {}
        return promise_terms.joined(own, [each["key"] for each in self.promises]) if self.promises else own

    def title(self, locale: str = "zh-hans") -> str:
        """What was bought, with what was chosen of it: “Teapot (colour: white)”."""
        title = offers.title(self.content, locale)
        choice = offers.choice_words(self.content, self.variant_id, locale)
        if not choice:
            return title
        return f"{title}（{choice}）" if locale.startswith("zh") else f"{title} ({choice})"
