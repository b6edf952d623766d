"""Asking for complaints as the trade would."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models

from accounts import linking
from complaints.states import RUNNING, ComplaintState
from kernel.errors import NotFound

if TYPE_CHECKING:
    from complaints.models import Complaint


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def locked(self, pk: UUID) -> Complaint:
        """Its row, locked until the transaction ends."""
        rows = self.select_for_update(of=("self",), no_key=True).select_related("order", "merchant")
        return rows.get(pk=pk)

    def of_buyer(self, subject_id: UUID) -> ComplaintQuerySet:
        """Also those that the account's person opened as a guest."""
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def of_merchant(self, merchant_id: UUID) -> ComplaintQuerySet:
        return self.filter(merchant_id=merchant_id)

    def running(self) -> ComplaintQuerySet:
        return self.filter(state__in=sorted(RUNNING))

    def awaiting_decision(self) -> ComplaintQuerySet:
        return self.filter(state=ComplaintState.DECIDING)

    def with_parts(self) -> ComplaintQuerySet:
        return self.select_related("order", "merchant", "line__revision", "revision")

    def newest_first(self) -> ComplaintQuerySet:
        return self.order_by("-opened_at", "-id")

    def get_or_not_found(self, **criteria: object) -> Complaint:
        """:raises NotFound: instead of telling absent from foreign"""
        found = self.filter(**criteria).first()
        if found is None:
            raise NotFound()
        return found
