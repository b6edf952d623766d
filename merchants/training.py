"""Taking a quiz; a pass counts for a time, and every try is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from deadlines import booking
from deadlines.models import Deadline
from kernel.errors import N_, Invalid, NotFound
from law.windows import Window
from merchants.courses import Course, course
from merchants.events import TrainingPassed
from merchants.models import TrainingAttempt
from notifications.kinds import Value
from notifications.sending import send
from outbox import bus
from privacy import subjects
from rulebook import policies, promises

SELLER, DESK = "seller", "desk"
PASS, VALID = "merchants.training_pass", "merchants.training_valid"
ENDS, LETTER = "merchants.training_ends", "merchants.training_ended"


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
    window = promises.due(VALID, start=at, at=at)
    attempt = TrainingAttempt.objects.create(
        subject_id=subject_id,
        course=found.slug,
        version=found.version,
        answers=given,
        right=right,
        asked=asked,
        passed=passed,
        valid_until=window.due_at if passed else None,
        at=at,
    )
    if passed:
        _start_clock(attempt, window, at=at)
        bus.publish(TrainingPassed(subject_id, found.slug), at=at)
    return attempt


def _start_clock(attempt: TrainingAttempt, window: Window, *, at: datetime) -> None:
    """The newest pass counts; what warned of an earlier one's end is over."""
    earlier = TrainingAttempt.objects.filter(
        subject_id=attempt.subject_id, course=attempt.course, passed=True, valid_until__gt=at
    )
    for held in earlier.exclude(pk=attempt.pk):
        booking.meet(kind=ENDS, reference=held.pk, at=at)
    booking.book(kind=ENDS, reference=attempt.pk, at=at, **window.as_booking())


@transaction.atomic
def on_end(*, reference: UUID, due_at: datetime, at: datetime) -> None:
    """A certificate is over: its person is asked anew, unless a later pass counts."""
    held = TrainingAttempt.objects.get(pk=reference)
    counts = certificate(subject_id=held.subject_id, slug=held.course, at=at)
    if counts is None and subjects.lives(held.subject_id):
        params: dict[str, Value] = {"path": reverse("merchants:training", args=[held.course])}
        send(subject_id=held.subject_id, kind=LETTER, reference=held.pk, params=params, at=at)


def book_missing(*, at: datetime, limit: int) -> int:
    """The clock of certificates from before there was one, as if it had run; gives how many."""
    clock = Deadline.objects.filter(kind=ENDS, reference=OuterRef("pk"))
    rows = TrainingAttempt.objects.filter(~Exists(clock), passed=True, valid_until__gt=at).order_by("pk")
    held = list(rows[:limit])
    for each in held:
        window = promises.due(VALID, start=each.at, at=each.at)
        booking.book(kind=ENDS, reference=each.pk, at=at, **window.as_booking())
    return len(held)


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
