"""The purchase, its orders (one per merchant) and their history."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from kernel.ids import new_id, public_number
from kernel.money import Money
from merchants.seller_kinds import SellerKind
from orders.models import delivery_rules, invoice_sums, order_indexes, reserved
from orders.models.reserved import Reserved
from orders.queries import OrderQuerySet
from orders.states import (
    ENDED_STATES,
    HELD_STATES,
    OPEN_CLAIM_STATES,
    OPEN_RETURN_STATES,
    ORDER,
    OrderState,
    WayKind,
)
from privacy.fields import EncryptedTextField

if TYPE_CHECKING:
    from orders.models.parcels import Shipment

ENDED = sorted(str(state) for state in ENDED_STATES)


def order_number() -> str:
    return public_number("A")


class Purchase(models.Model):
    """One press of the pay button: one payment and one stock reservation over several orders."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    payment_id = models.UUIDField(null=True, unique=True)
    currency = models.CharField(max_length=3, default="CNY")
    total_minor = models.BigIntegerField()
    placed_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="a_purchase_costs_something"),
        ]

    def __str__(self) -> str:
        return str(self.id)


# Sound goods or the money: until the buyer has one of them, the merchant has neither.
_NO_OPEN_CLAIM = """
IF EXISTS (
    SELECT FROM orders_faultclaim c
     WHERE c.order_id = NEW.id AND c.state NOT IN ('done', 'refunded', 'closed')
) THEN
    RAISE EXCEPTION 'an order with an open claim keeps its money'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_is_settled_beside_an_open_claim';
END IF;
RETURN NEW;
"""


class Order(Reserved):
    """What one buyer and one merchant agreed on; `state` is written by `lifecycle.move` alone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=order_number, editable=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey("merchants.Merchant", on_delete=models.PROTECT, related_name="+")
    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, related_name="orders")
    payment_id = models.UUIDField(null=True)
    state = models.CharField(max_length=20, default=OrderState.AWAITING_PAYMENT)
    place = models.CharField(max_length=2, default="CN")
    # Who sold, as the buyer was told before the order: the rights hang on it.
    seller_kind = models.CharField(max_length=10, default=SellerKind.BUSINESS, db_default="business")
    # The province or country that the sum was reckoned for; "" is the mainland, wherever in it.
    destination = models.CharField(max_length=6, blank=True, default="", db_default="")
    # How it comes to the buyer, as chosen at checkout; express is there within so many days of payment.
    delivery = models.CharField(max_length=10, default=WayKind.STANDARD, db_default="standard")
    express_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # Where it is picked up, and what was told of that place; nothing for what is sent.
    point = models.ForeignKey(
        "orders.ServicePoint",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    point_told = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    collect_by = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3, default="CNY")
    goods_minor = models.BigIntegerField()
    freight_minor = models.BigIntegerField()
    # What was taken off its lines, by sets, coupons and offers.
    discount_minor = models.BigIntegerField(default=0, db_default=0)
    total_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    # What the uses of its services have released to the shop already (models.vouchers).
    released_minor = models.BigIntegerField(default=0, db_default=0)
    # Whether the buyer was told before that a part is reckoned again (orders.part_returns).
    recounts = models.BooleanField(default=False, db_default=False)
    pack_version = models.CharField(max_length=64)
    calendar_version = models.CharField(max_length=64)
    recipient = EncryptedTextField(subject="subject_id")
    phone = EncryptedTextField(subject="subject_id")
    address = EncryptedTextField(subject="subject_id")
    note = EncryptedTextField(subject="subject_id")
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    dispatch_by = models.DateTimeField(null=True)
    window_ends_at = models.DateTimeField(null=True)
    settles_at = models.DateTimeField(null=True)
    # Since when the trade is over, in whatever way: the years of keeping its record count from here.
    closed_at = models.DateTimeField(null=True)

    objects = OrderQuerySet.as_manager()

    tenant = "merchant"

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        triggers = [
            pgtrigger.ReadOnly(name="order_seller_stays_as_it_was_told", fields=["seller_kind", "merchant"]),
            pgtrigger.ReadOnly(name="an_order_recounts_as_it_was_told", fields=["recounts"]),
            invoice_sums.of_order(),
            pgtrigger.Trigger(
                name="nothing_is_settled_beside_an_open_claim",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state"), new__state="settled"),
                func=_NO_OPEN_CLAIM,
            ),
            *delivery_rules.triggers(),
            *reserved.triggers(),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ORDER.values), name="order_state_is_known"),
            models.CheckConstraint(
                condition=Q(seller_kind__in=[str(each) for each in SellerKind]),
                name="order_seller_is_business_or_person",
            ),
            models.CheckConstraint(
                condition=Q(destination__regex=r"^([A-Z]{2}(-[A-Z]{2})?)?$"), name="an_order_goes_to_a_place"
            ),
            *delivery_rules.constraints(),
            *reserved.constraints(),
            models.CheckConstraint(
                condition=Q(
                    total_minor=F("goods_minor") + F("freight_minor") - F("discount_minor"), total_minor__gt=0
                ),
                name="an_order_total_is_goods_and_freight",
            ),
            models.CheckConstraint(
                condition=Q(
                    freight_minor__gte=0,
                    goods_minor__gt=0,
                    discount_minor__gte=0,
                    discount_minor__lte=F("goods_minor"),
                ),
                name="order_sums_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, refunded_minor__lte=F("total_minor")),
                name="refunds_never_exceed_what_was_paid",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["delivered", "settled"])
                | Q(delivered_at__isnull=False, window_ends_at__isnull=False, settles_at__isnull=False),
                name="a_delivered_order_has_a_window",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["paid", "shipped", "delivered", "settled"])
                | Q(paid_at__isnull=False),
                name="a_paid_order_knows_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_at__isnull=False), name="a_settled_order_knows_when"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, closed_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(closed_at__isnull=True)),
                name="an_order_that_is_over_says_since_when",
            ),
        ]
        indexes = order_indexes.indexes()

    def __str__(self) -> str:
        return self.number

    @property
    def by_person(self) -> bool:
        """Whether a private person sold it, who is no trader."""
        return self.seller_kind == SellerKind.PRIVATE

    @property
    def is_voucher(self) -> bool:
        """Services: nothing is sent, each piece is redeemed."""
        return self.delivery == WayKind.VOUCHER

    @property
    def goes_nowhere(self) -> bool:
        return self.is_picked_up or self.is_voucher

    @property
    def is_picked_up(self) -> bool:
        return self.delivery == WayKind.PICKUP

    @property
    def outward_parcels(self) -> list[Shipment]:
        """Its parcels to the buyer, the first first; pages fetch them with the order."""
        outward = (each for each in self.shipments.all() if each.is_outward)
        return sorted(outward, key=attrgetter("handed_over_at", "pk"))

    def needs_its_address(self, *, at: datetime) -> bool:
        """Whether its shop still brings or fetches: to the window's end, later while something is open."""
        held = self.state in HELD_STATES
        if held and (self.window_ends_at is None or at < self.window_ends_at):
            return True
        if self.claims.filter(state__in=[str(state) for state in OPEN_CLAIM_STATES]).exists():
            return True
        is_open = self.returns.filter(state__in=[str(state) for state in OPEN_RETURN_STATES])
        return held and (self.holds.filter(lifted_at__isnull=True).exists() or is_open.exists())

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def goods(self) -> Money:
        return Money(self.goods_minor, self.currency)

    @property
    def freight(self) -> Money:
        return Money(self.freight_minor, self.currency)

    @property
    def discount(self) -> Money:
        return Money(self.discount_minor, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_minor, self.currency)

    @property
    def left(self) -> Money:
        """Paid and not yet given back."""
        return self.total - self.refunded

    @property
    def unreleased(self) -> Money:
        """What of it the uses of its services haven't brought the shop yet."""
        return Money(max(self.left.minor - self.released_minor, 0), self.currency)


class OrderMove(models.Model):
    """One step of an order; append-only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="moves")
    name = models.CharField(max_length=30)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    actor = models.CharField(max_length=80)
    at = models.DateTimeField()

    append_only = True
    tenant = "order"

    class Meta:
        verbose_name = _("step of an order")
        verbose_name_plural = _("steps of orders")
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]
        indexes = [models.Index(fields=["order", "id"], name="moves_of_an_order")]

    def __str__(self) -> str:
        return f"{self.name}: {self.from_state} → {self.to_state}"
