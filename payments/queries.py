"""Payments' querysets, named as the trade would ask."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db import models

from accounts import linking
from kernel.errors import NotFound
from payments.lifecycle import AwardState, PaymentState, PayoutState, RefundState

if TYPE_CHECKING:
    from payments.award_models import Award
    from payments.models import Payment, Refund
    from payments.payout_models import Payout
    from payments.records import ProviderCall, ProviderNotice
    from payments.statement_models import Difference, ProviderStatement

M = TypeVar("M", bound=models.Model)


def locked_row(queryset: models.QuerySet[M], **lookup: Any) -> M:
    """The one row of `lookup`, locked until the transaction ends.

    :raises NotFound: when it isn't there
    """
    row = queryset.select_for_update(of=("self",), no_key=True).filter(**lookup).first()
    if row is None:
        raise NotFound
    return row


class PaymentQuerySet(models.QuerySet["Payment"]):
    def locked(self, pk: UUID) -> Payment:
        return locked_row(self, pk=pk)

    def locked_by_number(self, number: str) -> Payment | None:
        return self.select_for_update(of=("self",), no_key=True).filter(number=number).first()

    def paid_by(self, subject_id: UUID) -> PaymentQuerySet:
        """Also what the account's person paid as a guest."""
        return self.filter(payer_subject_id__in=linking.persons_of(subject_id))

    def captured(self) -> PaymentQuerySet:
        return self.filter(state=PaymentState.CAPTURED)


class RefundQuerySet(models.QuerySet["Refund"]):
    def locked(self, pk: UUID) -> Refund:
        return locked_row(self, pk=pk)

    def standing(self) -> RefundQuerySet:
        """Asked for and not failed: these use up what may go back."""
        return self.exclude(state=RefundState.FAILED)

    def on_the_way(self) -> RefundQuerySet:
        return self.filter(state__in=[RefundState.REQUESTED, RefundState.SENT])


class PayoutQuerySet(models.QuerySet["Payout"]):
    def locked(self, pk: UUID) -> Payout:
        return locked_row(self, pk=pk)

    def on_the_way(self) -> PayoutQuerySet:
        return self.filter(state__in=[PayoutState.REQUESTED, PayoutState.SENT])

    def of_shop(self, merchant_id: UUID) -> PayoutQuerySet:
        return self.filter(merchant_id=merchant_id)

    def held(self) -> PayoutQuerySet:
        return self.filter(state=PayoutState.HELD)


class AwardQuerySet(models.QuerySet["Award"]):
    def locked(self, pk: UUID) -> Award:
        return locked_row(self, pk=pk)

    def of_order(self, order_id: UUID) -> AwardQuerySet:
        return self.filter(order_id=order_id).order_by("owed_at", "id")

    def to_send(self) -> AwardQuerySet:
        """Their money waits and no transfer of them ever came back."""
        return self.filter(state=AwardState.HELD, reason="").order_by("funded_at", "id")


class NoticeQuerySet(models.QuerySet["ProviderNotice"]):
    def take_in(self, row: ProviderNotice) -> bool:
        """Write a new notice; False when its event was taken in before (waits for one being taken in now)."""
        self.bulk_create([row], ignore_conflicts=True)
        return self.filter(pk=row.pk).exists()

    def done_with(self, before: datetime) -> NoticeQuerySet:
        """Taken in so long ago that nobody reads them any more; a dispute's number is asked with for ever."""
        old = self.filter(received_at__lt=before, body__isnull=False).exclude(digest="")
        return old.exclude(outcome="parked").exclude(kind="dispute.changed").order_by("received_at", "id")

    def parked(self) -> NoticeQuerySet:
        return self.filter(outcome="parked")


class ProviderCallQuerySet(models.QuerySet["ProviderCall"]):
    def locked(self, pk: UUID) -> ProviderCall:
        return locked_row(self, pk=pk)

    def due(self, at: datetime) -> ProviderCallQuerySet:
        return self.filter(state="waiting", due_at__lte=at).order_by("due_at", "id")

    def claim(self, at: datetime) -> ProviderCall | None:
        """The oldest due call that nobody else is making, locked."""
        return self.due(at).select_for_update(of=("self",), skip_locked=True, no_key=True).first()


class StatementQuerySet(models.QuerySet["ProviderStatement"]):
    def locked(self, pk: UUID) -> ProviderStatement:
        return locked_row(self, pk=pk)

    def was_read(self) -> StatementQuerySet:
        return self.filter(state="read")


class DifferenceQuerySet(models.QuerySet["Difference"]):
    def locked(self, pk: UUID) -> Difference:
        return locked_row(self, pk=pk)

    def open(self) -> DifferenceQuerySet:
        return self.filter(state="open")
