"""Questions asked of carts, orders and returns, named as the trade asks them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from django.apps import apps as django_apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce, JSONObject

from accounts import linking
from kernel.errors import NotFound
from orders import tabs
from orders.states import (
    HELD_STATES,
    OPEN_CLAIM_STATES,
    OPEN_RETURN_STATES,
    ClaimState,
    OrderState,
    ReturnState,
)

if TYPE_CHECKING:
    from orders.models.addresses import Address  # noqa: F401 (named in a base class)
    from orders.models.carts import CartLine  # noqa: F401 (named in a base class)
    from orders.models.claims import FaultClaim
    from orders.models.contract import Order
    from orders.models.discounts import LineDiscount  # noqa: F401 (named in a base class)
    from orders.models.lines import OrderLine  # noqa: F401 (named in a base class)
    from orders.models.returning import Return

# What a cart needs to know of a point where goods are picked up.
POINT_COLUMNS = ("id", "name", "address", "hours", "everything", "listings")

M = TypeVar("M", bound=models.Model)


def locked_row(rows: models.QuerySet[M], pk: UUID) -> M:
    """The row of `pk`, locked until the transaction ends.

    :raises NotFound: when there is none
    """
    row = rows.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise NotFound()
    return row


def only_row(rows: models.QuerySet[M], **lookup: object) -> M:
    """:raises NotFound: when there is none"""
    row = rows.filter(**lookup).first()
    if row is None:
        raise NotFound()
    return row


class CartLineQuerySet(models.QuerySet["CartLine"]):
    def of_subject(self, subject_id: UUID) -> CartLineQuerySet:
        return self.filter(subject_id=subject_id).order_by("added_at", "id")

    def with_listings(self) -> CartLineQuerySet:
        return self.select_related(
            "listing__live_revision", "listing__merchant", "variant__stock", "set_revision__shop_set"
        )

    def with_points(self) -> CartLineQuerySet:
        """With the points of its shop where goods are picked up (`pickup_points`), in the same statement."""
        model = django_apps.get_model("orders", "ServicePoint")
        rows = model._default_manager.filter(
            merchant=OuterRef("listing__merchant"), closed_at=None, offers__contains=["pickup"]
        )
        told = JSONObject(**{name: F(name) for name in POINT_COLUMNS})
        return self.annotate(pickup_points=ArraySubquery(rows.order_by("name", "id").values_list(told)))

    def alone(self) -> CartLineQuerySet:
        """What isn't a part of a set."""
        return self.filter(set_revision__isnull=True)

    def of_set(self, set_id: UUID) -> CartLineQuerySet:
        return self.filter(set_revision__shop_set_id=set_id)

    def chosen(self, ids: Iterable[UUID]) -> CartLineQuerySet:
        """The lines of these variants bought alone, and of these sets."""
        wanted = list(ids)
        alone = Q(set_revision__isnull=True, variant_id__in=wanted)
        return self.filter(alone | Q(set_revision__shop_set_id__in=wanted))


class AddressQuerySet(models.QuerySet["Address"]):
    def of_person(self, subject_id: UUID) -> AddressQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def chosen_first(self) -> AddressQuerySet:
        """The first choice, then the one changed last."""
        return self.order_by("-is_default", "-changed_at", "-id")


class OrderQuerySet(models.QuerySet["Order"]):
    def locked(self, pk: UUID) -> Order:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def get_or_not_found(self, **lookup: object) -> Order:
        """:raises NotFound: also for a key that can't be one"""
        return only_row(self, **lookup)

    def of_person(self, subject_id: UUID) -> OrderQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def of_merchant(self, merchant_id: UUID) -> OrderQuerySet:
        return self.filter(merchant_id=merchant_id)

    def of_payment(self, payment_id: UUID) -> OrderQuerySet:
        return self.filter(payment_id=payment_id).order_by("pk")

    def held(self) -> OrderQuerySet:
        """Orders whose money lies in escrow."""
        return self.filter(state__in=[str(state) for state in HELD_STATES])

    def shown_to_merchants(self) -> OrderQuerySet:
        """Merchants see an order once it is paid for, or its sum is reserved."""
        return self.filter(Q(paid_at__isnull=False) | Q(reserved_at__isnull=False))

    def in_tab(self, tab: str, among: tabs.Tabs = tabs.TABS) -> OrderQuerySet:
        return self.filter(tabs.chosen(tab, among))

    def matching(self, text: str) -> OrderQuerySet:
        """By order number or tracking number, in upper case."""
        return self.filter(pk__in=tabs.found(text))

    def next_to_ship_first(self) -> OrderQuerySet:
        return self.order_by("dispatch_by", "id")

    def newest_first(self) -> OrderQuerySet:
        return self.order_by("-placed_at", "-id")

    def with_lines(self) -> OrderQuerySet:
        line_model = self.model._meta.get_field("lines").related_model
        lines = line_model._default_manager.select_related("revision", "set_revision").order_by("position")
        return self.select_related("merchant").prefetch_related(Prefetch("lines", queryset=lines))

    def with_parcels(self) -> OrderQuerySet:
        """With what they hold, and what came off their lines."""
        return self.prefetch_related("shipments__lines", "lines__discounts")

    def numbers(self, ids: Iterable[UUID]) -> dict[UUID, str]:
        """Id → number, of those of `ids` that are in the set."""
        return dict(self.filter(pk__in=set(ids)).values_list("pk", "number"))

    def all_locked(self) -> list[Order]:
        """Every row of the set, locked in key order."""
        return list(self.order_by("pk").select_for_update(of=("self",), no_key=True))


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def of_order(self, order_id: UUID) -> OrderLineQuerySet:
        rows = self.filter(order_id=order_id).select_related("revision", "set_revision")
        return rows.order_by("position")

    def imported_by(self, subject_id: UUID, *, since: datetime) -> int:
        """Minor units ordered as retail import since then, freight included, less what went back.

        What was cancelled, never paid or refunded before it was sent never came in.
        """
        never_came = Q(order__state__in=[OrderState.CANCELLED, OrderState.EXPIRED]) | Q(
            order__state=OrderState.REFUNDED, order__shipped_at__isnull=True
        )
        rows = self.filter(order__subject_id__in=linking.persons_of(subject_id), order__placed_at__gte=since)
        rows = rows.filter(tax__standing="in_price").exclude(never_came)
        kept = F("unit_minor") * (F("quantity") - F("returned_quantity")) + F("freight_minor")
        return rows.aggregate(sum=Sum(kept))["sum"] or 0


class LineDiscountQuerySet(models.QuerySet["LineDiscount"]):
    def of_kind(self, kind: str) -> LineDiscountQuerySet:
        return self.filter(kind=kind)

    def of_order(self, order_id: UUID) -> LineDiscountQuerySet:
        return self.filter(line__order_id=order_id)

    def of_orders(self, order_ids: Iterable[UUID]) -> LineDiscountQuerySet:
        return self.filter(line__order_id__in=list(order_ids))

    def with_promotions(self) -> LineDiscountQuerySet:
        """With its line, and the promotion that it or its coupon is of as `promotion_id`."""
        coupon = self.model._meta.apps.get_model("orders", "Coupon")
        of_coupon = coupon._default_manager.filter(pk=OuterRef("reference")).values("promotion")[:1]
        named = Coalesce(Subquery(of_coupon), F("reference"), output_field=models.UUIDField())
        return self.select_related("line").annotate(promotion_id=named).order_by("line__position", "id")  # type: ignore[no-redef]


class ReturnQuerySet(models.QuerySet["Return"]):
    def locked(self, pk: UUID) -> Return:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def get_or_not_found(self, **lookup: object) -> Return:
        """:raises NotFound: also for a key that can't be one"""
        return only_row(self, **lookup)

    def of_order(self, order_id: UUID) -> ReturnQuerySet:
        return self.filter(order_id=order_id)

    def of_merchant(self, merchant_id: UUID) -> ReturnQuerySet:
        return self.filter(order__merchant_id=merchant_id)

    def of_person(self, subject_id: UUID) -> ReturnQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def waiting_for_merchant(self) -> ReturnQuerySet:
        return self.filter(state__in=[ReturnState.ASKED, ReturnState.RECEIVED])

    def in_states(self, states: Iterable[ReturnState]) -> ReturnQuerySet:
        return self.filter(state__in=[str(state) for state in states])

    def unfinished(self) -> ReturnQuerySet:
        return self.filter(state__in=[str(state) for state in OPEN_RETURN_STATES])


class FaultClaimQuerySet(models.QuerySet["FaultClaim"]):
    def get_or_not_found(self, **lookup: object) -> FaultClaim:
        """:raises NotFound: also for a key that can't be one"""
        return only_row(self, **lookup)

    def of_order(self, order_id: UUID) -> FaultClaimQuerySet:
        return self.filter(order_id=order_id)

    def of_merchant(self, merchant_id: UUID) -> FaultClaimQuerySet:
        return self.filter(order__merchant_id=merchant_id)

    def of_person(self, subject_id: UUID) -> FaultClaimQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def of_line(self, line_id: UUID) -> FaultClaimQuerySet:
        return self.filter(line_id=line_id).order_by("asked_at", "id")

    def waiting_for_merchant(self) -> FaultClaimQuerySet:
        return self.filter(state__in=[ClaimState.ASKED, ClaimState.RECEIVED, ClaimState.IN_HAND])

    def unfinished(self) -> FaultClaimQuerySet:
        return self.filter(state__in=[str(state) for state in OPEN_CLAIM_STATES])
