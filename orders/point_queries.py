"""Questions asked of service points and of the codes that are shown there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from orders.queries import locked_row

if TYPE_CHECKING:
    from orders.models.points import PointCode, ServicePoint  # noqa: F401 (named in a base class)


class ServicePointQuerySet(models.QuerySet["ServicePoint"]):
    def locked(self, pk: UUID) -> ServicePoint:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def of_merchant(self, merchant_id: UUID) -> ServicePointQuerySet:
        """Those that are open, by name."""
        return self.filter(merchant_id=merchant_id, closed_at=None).order_by("name", "id")

    def offering(self, offer: str) -> ServicePointQuerySet:
        return self.filter(offers__contains=[offer])


class PointCodeQuerySet(models.QuerySet["PointCode"]):
    def live(self) -> PointCodeQuerySet:
        """Those that still open something."""
        return self.filter(ended_at=None)

    def of_merchant(self, merchant_id: UUID) -> PointCodeQuerySet:
        return self.filter(order__merchant_id=merchant_id)
