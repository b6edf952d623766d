"""Covers of order lines: what was bought, with its frozen terms."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.errors import NotFound
from kernel.ids import new_id, public_number
from kernel.money import Money
from orders.cover_states import COVER, CoverKind, CoverState
from orders.models.contract import Order
from orders.models.lines import OrderLine

# A cover is of a line of its order, bought by the order's buyer.
_OF_ITS_LINE = """
IF NOT EXISTS (
    SELECT FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
     WHERE l.id = NEW.line_id AND l.order_id = NEW.order_id AND o.subject_id = NEW.subject_id
       AND l.gift_id IS NULL
) THEN
    RAISE EXCEPTION 'a cover is of a line of its order'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'a_cover_is_of_its_line';
END IF;
RETURN NEW;
"""


def cover_number() -> str:
    return public_number("C")


class OrderCoverQuerySet(models.QuerySet["OrderCover"]):
    def of_person(self, subject_id: UUID) -> OrderCoverQuerySet:
        return self.filter(subject_id=subject_id)

    def in_tab(self, tab: str) -> OrderCoverQuerySet:
        """all, running, claimed or over."""
        if tab == "running":
            return self.filter(state=CoverState.RUNNING)
        if tab == "claimed":
            return self.filter(claims__isnull=False).distinct()
        if tab == "over":
            return self.filter(state__in=[CoverState.LAPSED, CoverState.GIVEN_BACK])
        return self

    def with_order(self) -> OrderCoverQuerySet:
        return self.select_related("order__merchant", "line__revision")

    def get_or_not_found(self, **lookup: object) -> OrderCover:
        """:raises NotFound:"""
        if (found := self.filter(**lookup).first()) is None:
            raise NotFound()
        return found


class OrderCover(models.Model):
    """One product of an insurer for one line. Its terms, price and limit never change after the order."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=16, unique=True, default=cover_number, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="covers")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="covers", db_index=False)
    subject = models.ForeignKey("privacy.Subject", on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    insurer = models.CharField(max_length=40)
    premium_minor = models.BigIntegerField()
    limit_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3, default="CNY")
    # What was shown before buying: texts in all languages and the numbers a claim is reckoned with.
    terms = models.JSONField()
    state = models.CharField(max_length=12, default=CoverState.UNPAID)
    bought_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OrderCoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("cover")
        verbose_name_plural = _("covers")
        constraints = [
            models.UniqueConstraint(fields=["line", "kind"], name="a_line_is_covered_once_of_a_kind"),
            models.CheckConstraint(condition=Q(state__in=COVER.values), name="cover_state_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(each) for each in CoverKind]), name="cover_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(premium_minor__gt=0, limit_minor__gt=F("premium_minor")),
                name="a_cover_pays_more_than_it_costs",
            ),
            models.CheckConstraint(
                condition=Q(state=CoverState.RUNNING, began_at__isnull=False)
                | (~Q(state=CoverState.RUNNING) & Q(began_at__isnull=True)),
                name="a_running_cover_says_since_when",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="a_cover_is_of_its_line",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_OF_ITS_LINE,
            ),
            pgtrigger.ReadOnly(
                name="a_cover_keeps_its_terms",
                fields=[
                    "order",
                    "line",
                    "product",
                    "version",
                    "kind",
                    "insurer",
                    "premium_minor",
                    "limit_minor",
                    "currency",
                    "terms",
                    "bought_at",
                ],
            ),
            pgtrigger.Protect(name="a_cover_is_kept", operation=pgtrigger.Delete),
        ]
        indexes = [models.Index(fields=["subject", "-bought_at"], name="covers_of_a_person")]

    def __str__(self) -> str:
        return self.number

    @property
    def premium(self) -> Money:
        return Money(self.premium_minor, self.currency)

    @property
    def limit(self) -> Money:
        return Money(self.limit_minor, self.currency)


def texts(terms: dict[str, Any], locale: str) -> dict[str, Any]:
    """The frozen texts of a cover for readers of `locale`; simplified Chinese where it has none."""
    found: dict[str, Any] = terms["texts"].get(locale) or terms["texts"]["zh-hans"]
    return found
