"""Taking a quiz; a pass counts for a time, and every try is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kernel.errors import N_, Invalid, NotFound
from merchants.courses import Course, course
from merchants.events import TrainingPassed
from merchants.models import TrainingAttempt
from outbox import bus
from rulebook import policies, promises

SELLER, DESK = "seller", "desk"
PASS, VALID = "merchants.training_pass", "merchants.training_valid"


class AnswersMissing(Invalid):
    code = "training_answers_missing"
    message = N_("Answer every question; a guess is better than a gap, and wrong answers are explained.")


@transaction.atomic
def take(*, subject_id: UUID, slug: str, answers: Mapping[str, str], at: datetime) -> TrainingAttempt:
    """Keep the answers and say whether they are enough; one may try as often as one likes.

    :raises AnswersMissing: nothing is kept then; NotFound: no such course
    """
    found = named(slug)
    given = {each.key: answers.get(each.key, "") for each in found.questions}
    for each in found.questions:
        if given[each.key] not in {key for key, _ in each.choices}:
            raise AnswersMissing(field=each.key)
    right, asked = sum(given[each.key] == each.right for each in found.questions), len(found.questions)
    passed = right * 1000 >= asked * policies.number(PASS, at)
    attempt = TrainingAttempt.objects.create(
        subject_id=subject_id,
        course=found.slug,
        version=found.version,
        answers=given,
        right=right,
        asked=asked,
        passed=passed,
        valid_until=promises.due(VALID, start=at, at=at).due_at if passed else None,
        at=at,
    )
    if passed:
        bus.publish(TrainingPassed(subject_id, found.slug), at=at)
    return attempt


def named(slug: str) -> Course:
    """:raises NotFound:"""
    found = course(slug)
    if found is None:
        raise NotFound
    return found


def certificate(*, subject_id: UUID, slug: str, at: datetime) -> TrainingAttempt | None:
    """The pass that counts at the instant, the one with the latest end."""
    held = TrainingAttempt.objects.filter(subject_id=subject_id, course=slug, passed=True, valid_until__gt=at)
    return held.order_by("-valid_until", "-id").first()


def tries(*, subject_id: UUID, slug: str) -> list[TrainingAttempt]:
    """Newest first."""
    found = TrainingAttempt.objects.filter(subject_id=subject_id, course=slug)
    return list(found.order_by("-at", "-id")[:20])
