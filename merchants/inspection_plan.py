"""A month's plan of inspections: by risk first, then by a lot that anybody can work out again."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kernel.actor import Actor
from kernel.errors import N_, DomainError
from law.counting import local_day
from merchants import inspection_deadlines, inspection_risk, parties
from merchants.inspection_lifecycle import ENDED, Reason
from merchants.inspection_moves import words_of
from merchants.inspection_risk import POLICY, Risk
from merchants.lifecycle import SELLING
from merchants.models import Inspection, InspectionPlan, Merchant
from rulebook import current, policies


class PlannedAlready(DomainError):
    code = "inspection_planned_already"
    message = N_("An inspection of this shop is planned or runs already.")


def month_of(at: datetime) -> date:
    """The first day of the month it is in China."""
    return local_day(at, current.pack(current.HOME, at).zone).replace(day=1)


def draw(*, actor: Actor, at: datetime) -> InspectionPlan:
    """This month's plan; once drawn it stays, whoever asks again.

    Shops of which an inspection still runs are left out: that one goes first.
    """
    month = month_of(at)
    there = InspectionPlan.objects.filter(month=month).first()
    if there is not None:
        return there
    try:
        with transaction.atomic():
            return _draw(month, actor=actor, at=at)
    except IntegrityError:
        # Somebody else has drawn it in this very moment.
        return InspectionPlan.objects.get(month=month)


@transaction.atomic
def add(*, merchant_id: UUID, reason: str, actor: Actor, at: datetime) -> Inspection:
    """Put a shop into this month's plan by hand, with the reason that stays beside it.

    :raises InspectionTextMissing: :raises PlannedAlready: an inspection of it runs
    :raises PartyMayNotAct: the actor acts for the shop
    """
    words = words_of(reason, "reason")
    merchant = Merchant.objects.locked(merchant_id)
    parties.refuse_party(merchant_id=merchant.pk, actor=actor)
    plan = draw(actor=actor, at=at)
    if plan.inspections.filter(merchant=merchant).exists() or merchant.pk in _busy():
        raise PlannedAlready
    by_hand = {"code": str(Reason.BY_HAND), "n": words[:200], "adds": 0}
    return _plan(plan, merchant, Risk(0, (by_hand,)), at=at)


def draw_if_due(*, actor: Actor, at: datetime) -> int:
    """How many shops a plan names that was drawn just now; 0 where this month's was there already."""
    if InspectionPlan.objects.filter(month=month_of(at)).exists():
        return 0
    return draw(actor=actor, at=at).chosen


def _draw(month: date, *, actor: Actor, at: datetime) -> InspectionPlan:
    row = policies.row(POLICY, at)
    shops = list(Merchant.objects.filter(state__in=[str(state) for state in SELLING]).order_by("pk"))
    chosen = _chosen(shops, month, at)[: row.value["most"]]
    plan = InspectionPlan.objects.create(
        month=month,
        drawn_at=at,
        drawn_by=str(actor),
        policy=f"{row.rule_id} {row.pack_version}",
        shops=len(shops),
        chosen=len(chosen),
    )
    for merchant, risk in chosen:
        _plan(plan, merchant, risk, at=at)
    return plan


def _plan(plan: InspectionPlan, merchant: Merchant, risk: Risk, *, at: datetime) -> Inspection:
    inspection = Inspection.objects.create(
        plan=plan,
        merchant=merchant,
        subject_id=merchant.subject_id,
        reasons=list(risk.reasons),
        score=risk.score,
        planned_at=at,
    )
    inspection_deadlines.start_inspection(inspection, at=at)
    return inspection


def _busy() -> set[UUID]:
    """Shops of which an inspection still runs."""
    running = Inspection.objects.exclude(state__in=[str(one) for one in ENDED])
    return set(running.values_list("merchant_id", flat=True))


def _chosen(shops: list[Merchant], month: date, at: datetime) -> list[tuple[Merchant, Risk]]:
    """By risk, the highest first; then what the lot has drawn."""
    lost, looks = inspection_risk.complaints_lost(at), inspection_risk.last_looks()
    busy, found = _busy(), []
    for shop in shops:
        risk = inspection_risk.of_shop(
            shop, lost=lost.get(shop.pk, 0), last=looks.get(shop.pk), month=month, at=at
        )
        if risk.reasons and shop.pk not in busy:
            found.append((shop, risk))
    return sorted(found, key=lambda pair: (pair[1].drawn, -pair[1].score, str(pair[0].pk)))
