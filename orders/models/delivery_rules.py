"""What the database itself keeps true of how an order comes: its way, its days, its point."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from orders.models.voucher_rules import ONLY_RELEASED
from orders.states import WayKind

_AT_ITS_SHOP = """
IF NOT EXISTS (
    SELECT FROM orders_servicepoint
     WHERE id = NEW.point_id AND merchant_id = NEW.merchant_id AND closed_at IS NULL
       AND 'pickup' = ANY(offers)
) THEN
    RAISE EXCEPTION 'an order is picked up at an open point of its shop' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def triggers() -> list[pgtrigger.Trigger]:
    """Of the order: it comes as it was bought, and is picked up where its shop hands over."""
    return [
        pgtrigger.ReadOnly(
            name="order_comes_the_way_it_was_bought",
            fields=["delivery", "express_days", "point", "point_told"],
        ),
        pgtrigger.Trigger(
            name="an_order_is_picked_up_at_its_shop_s_point",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=pgtrigger.Q(new__point__isnull=False),
            func=_AT_ITS_SHOP,
        ),
        pgtrigger.Trigger(
            name="only_uses_release_an_order_s_money",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(new__released_minor__gt=pgtrigger.F("old__released_minor")),
            func=ONLY_RELEASED,
        ),
    ]


def constraints() -> list[models.CheckConstraint]:
    """Of the order: each way says what it needs, and nothing else."""
    return [
        models.CheckConstraint(
            condition=Q(delivery__in=[str(each) for each in WayKind]), name="order_delivery_is_known"
        ),
        models.CheckConstraint(
            condition=Q(delivery="pickup", point__isnull=False, freight_minor=0, destination="")
            | Q(delivery="voucher", point__isnull=True, freight_minor=0, destination="")
            | (~Q(delivery__in=["pickup", "voucher"]) & Q(point__isnull=True)),
            name="what_is_picked_up_has_a_point_and_no_freight",
        ),
        models.CheckConstraint(
            condition=Q(delivery="express", express_days__isnull=False, express_days__gte=1)
            | (~Q(delivery="express") & Q(express_days__isnull=True)),
            name="an_express_order_says_its_days",
        ),
        models.CheckConstraint(
            condition=Q(released_minor=0)
            | Q(delivery="voucher", released_minor__gt=0, released_minor__lte=F("total_minor")),
            name="only_services_release_by_use",
        ),
    ]
