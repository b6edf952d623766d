"""Penalties before the public: shown on the shop's page and in the list of sanctions, in the law's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from deadlines import booking
from merchants import penalty_deadlines as deadlines
from merchants.appeal_lifecycle import AppealState
from merchants.events import PenaltyTookEffect
from merchants.models import Appeal, MerchantMove, Penalty
from merchants.penalty_lifecycle import PenaltyState
from merchants.penalty_moves import locked

# How far back the public figures look.
YEAR = timedelta(days=365)


@transaction.atomic
def publish(*, penalty_id: UUID, at: datetime) -> Penalty:
    """Show it; again, or after it was overturned, changes nothing."""
    penalty = locked(penalty_id)
    if penalty.published_at is None and penalty.state in (PenaltyState.IN_FORCE, PenaltyState.ENDED):
        penalty.published_at = at
        penalty.save(update_fields=["published_at"])
        booking.meet(kind=deadlines.PENALTY_PUBLISH, reference=penalty.pk, at=at)
    return penalty


def on_penalty_took_effect(event: PenaltyTookEffect, *, at: datetime) -> None:
    publish(penalty_id=event.penalty_id, at=at)


@transaction.atomic
def on_publish_due(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """Nobody has shown it in time: it is shown now, and the public figures say that it was late."""
    publish(penalty_id=reference, at=at)


def shown() -> QuerySet[Penalty]:
    """What the public sees: published and not withdrawn, the newest first."""
    found = Penalty.objects.filter(published_at__isnull=False, unpublished_at__isnull=True)
    return found.select_related("merchant").order_by("-published_at", "-id")


def in_force_of(merchant_id: UUID) -> list[Penalty]:
    """For the shop's page: what holds now and was published."""
    return list(shown().filter(merchant_id=merchant_id, state=PenaltyState.IN_FORCE))


def decisions_of(merchant_id: UUID) -> list[MerchantMove]:
    """Every decision about the shop with its reasons, the newest first."""
    return list(MerchantMove.objects.filter(merchant_id=merchant_id).order_by("-at", "-id"))


def appeal_figures(*, at: datetime) -> tuple[int, int]:
    """Appeals ruled on in the last year, and how many of them overturned the decision."""
    ruled = Appeal.objects.filter(decided_at__gt=at - YEAR, decided_at__lte=at)
    return ruled.count(), ruled.filter(state=AppealState.UPHELD).count()
