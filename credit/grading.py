"""From entries to a grade: reckoned, kept in the history, its effects written down to the merchant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from credit import explaining, standards
from credit.events import GradeChanged
from credit.models import Grading, Waiting
from credit.scoring import Fact, Score, score
from evidence import log
from kernel.actor import Actor
from merchants import standing
from merchants.models import Merchant
from outbox import bus
from privacy import commitments


def reckon(merchant: Merchant, *, at: datetime) -> Score:
    """The score as of `at` from the entries alone; changes nothing."""
    return _score(merchant, explaining.facts_of(merchant.pk, at=at), at=at)


def _score(merchant: Merchant, facts: list[Fact], *, at: datetime) -> Score:
    return score(facts, standards.in_force(at), at=at, since=merchant.since)


@transaction.atomic
def recalculate(*, merchant_id: UUID, at: datetime, actor: Actor) -> Grading:
    """Bring a shop's grade up to date; history grows only when its score or letter changed.

    :raises NotFound: no such merchant
    """
    # First the note: whoever is entering a fact right now is waited for, so that it isn't left out.
    Waiting.objects.filter(merchant_id=merchant_id).delete()
    merchant = Merchant.objects.locked(merchant_id)
    facts = explaining.facts_of(merchant_id, at=at)
    found = _score(merchant, facts, at=at)
    last = Grading.objects.newest(merchant_id)
    if last is None or (last.grade, last.score_permille) != (found.grade, found.permille):
        last = _add(merchant, found, before=last.grade if last else merchant.grade, actor=actor, at=at)
    _write_down(merchant, found, explaining.counts(facts), at=at)
    return last


def recalculate_waiting(*, at: datetime, actor: Actor, limit: int = 50) -> int:
    """Every shop with new entries, each in a transaction of its own; gives how many."""
    waiting = list(Waiting.objects.order_by("since").values_list("merchant_id", flat=True)[:limit])
    for merchant_id in waiting:
        recalculate(merchant_id=merchant_id, at=at, actor=actor)
    return len(waiting)


def recalculate_all(*, at: datetime, actor: Actor) -> int:
    """Every admitted shop: facts fade from day to day, also where nothing happened. Gives how many."""
    admitted = list(Merchant.objects.known_to_the_public().order_by("id").values_list("id", flat=True))
    for merchant_id in admitted:
        recalculate(merchant_id=merchant_id, at=at, actor=actor)
    return len(admitted)


def _add(merchant: Merchant, found: Score, *, before: str, actor: Actor, at: datetime) -> Grading:
    grading = Grading.objects.create(
        merchant=merchant, grade=found.grade, score_permille=found.permille, orders=found.orders,
        parts=explaining.parts_as_data(found), standard=found.standard, actor=str(actor), at=at,
    )  # fmt: skip
    _prove(merchant, grading, at=at)
    if before != found.grade:
        bus.publish(GradeChanged(grading.pk, merchant.pk, before, found.grade, found.permille), at=at)
    return grading


def _prove(merchant: Merchant, grading: Grading, *, at: datetime) -> None:
    payload: dict[str, Any] = {
        "grade": grading.grade,
        "score_permille": grading.score_permille,
        "parts": grading.parts,
        "standard": grading.standard,
        "at": at.isoformat(),
    }
    label = "credit.grading"
    commitment = commitments.commit(
        subject_id=merchant.subject_id, label=label, reference=grading.pk, payload=payload
    )
    log.queue(label=label, reference=grading.pk, commitment=commitment, at=at)


def _write_down(merchant: Merchant, found: Score, numbers: Mapping[str, int], *, at: datetime) -> None:
    """Tell the floors below what they show and obey, if it isn't what they have."""
    standard = standards.in_force(at)
    delay, rule_id = standard.payout_delay(found.grade), standard.rule_id(found.grade)
    facts = explaining.facts_for_gauge(found, numbers)
    has = (merchant.grade, merchant.score_permille, merchant.payout_delay_days, merchant.grade_rule_id)
    same = has == (found.grade, found.permille, delay, rule_id) and merchant.credit_facts == facts
    if not same or merchant.grade_since is None:
        standing.write_effects(
            merchant_id=merchant.pk, grade=found.grade, score_permille=found.permille,
            payout_delay_days=delay, rule_id=rule_id, at=at, facts=facts,
        )  # fmt: skip
