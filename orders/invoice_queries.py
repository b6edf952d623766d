"""Questions asked of invoices, named as the trade asks them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import Q

from accounts import linking
from orders.invoice_states import RUNNING_STATES, PaperState
from orders.queries import locked_row, only_row

if TYPE_CHECKING:
    from orders.models.invoices import (  # noqa: F401 (named in a base class)
        Invoice,
        InvoicePaper,
        InvoiceTitle,
    )


class InvoiceTitleQuerySet(models.QuerySet["InvoiceTitle"]):
    def of_person(self, subject_id: UUID) -> InvoiceTitleQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id)).order_by("-changed_at", "-id")


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def locked(self, pk: UUID) -> Invoice:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def of_person(self, subject_id: UUID) -> InvoiceQuerySet:
        return self.filter(subject_id__in=linking.persons_of(subject_id))

    def of_order(self, order_id: UUID) -> InvoiceQuerySet:
        return self.filter(order_id=order_id).order_by("wanted_at", "id")

    def running(self) -> InvoiceQuerySet:
        """The one of an order that was neither refused nor taken back."""
        return self.filter(state__in=[str(state) for state in RUNNING_STATES])


class InvoicePaperQuerySet(models.QuerySet["InvoicePaper"]):
    def locked(self, pk: UUID) -> InvoicePaper:
        """:raises NotFound:"""
        return locked_row(self, pk)

    def get_or_not_found(self, **lookup: object) -> InvoicePaper:
        """:raises NotFound: also for a key that can't be one"""
        return only_row(self, **lookup)

    def of_merchant(self, merchant_id: UUID) -> InvoicePaperQuerySet:
        return self.filter(merchant_id=merchant_id).select_related("invoice__order", "file")

    def of_person(self, subject_id: UUID) -> InvoicePaperQuerySet:
        mine = self.filter(invoice__subject_id__in=linking.persons_of(subject_id))
        return mine.select_related("invoice__order__merchant", "file")

    def due(self) -> InvoicePaperQuerySet:
        return self.filter(state=PaperState.DUE)

    def of_number(self, text: str) -> InvoicePaperQuerySet:
        """By the order's number or the paper's own."""
        return self.filter(Q(invoice__order__number__startswith=text) | Q(number=text))
