"""A training certificate ends: warned of before, asked anew after, quiet where a later pass counts."""

from datetime import UTC, datetime, timedelta

import pytest

from deadlines.models import Deadline, State
from deadlines.sweep import sweep_all
from merchants import training
from merchants.models import TrainingAttempt
from notifications.models import Letter
from privacy import erasure
from tests.builders.applications import right_answers
from tests.builders.orders import drain
from tests.builders.people import a_buyer

pytestmark = pytest.mark.django_db
PASSED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.fixture
def person(platform_at):
    platform_at(PASSED)
    return a_buyer("沈禾")


def take(person, at):
    return training.take(subject_id=person.subject_id, slug="seller", answers=right_answers(), at=at)


def letters(person):
    return Letter.objects.filter(subject_id=person.subject_id, kind=training.LETTER).count()


def run_to(platform_at, instant):
    platform_at(instant)
    sweep_all()
    drain(at=instant)


def clock_of(attempt):
    return Deadline.objects.get(kind=training.ENDS, reference=attempt.pk)


def test_at_its_end_the_person_is_asked_anew(person, platform_at):
    passed = take(person, PASSED)
    clock = clock_of(passed)
    assert (clock.due_at, clock.owner) == (passed.valid_until, "merchant")
    assert clock.next_letter_at is not None and clock.next_letter_at < clock.due_at - timedelta(days=20)
    run_to(platform_at, passed.valid_until)
    assert letters(person) == 1
    page = person.client.get("/merchant/training/seller/")
    assert page.status_code == 200


def test_a_later_pass_ends_the_earlier_clock(person, platform_at):
    first = take(person, PASSED)
    again = take(person, PASSED + timedelta(days=300))
    assert (clock_of(first).state, clock_of(again).state) == (State.MET, State.OPEN)
    run_to(platform_at, first.valid_until)
    assert letters(person) == 0


def test_who_left_is_written_to_no_more(person, platform_at):
    passed = take(person, PASSED)
    erasure.erase_again(subject_id=person.subject_id, at=PASSED)
    run_to(platform_at, passed.valid_until)
    assert letters(person) == 0


def test_a_failed_try_starts_none(person):
    wrong = dict.fromkeys(right_answers(), "no")
    with pytest.raises(training.AnswersMissing):
        training.take(subject_id=person.subject_id, slug="seller", answers=wrong, at=PASSED)
    assert not Deadline.objects.filter(kind=training.ENDS).exists()


def test_certificates_from_before_get_their_clock_once(person):
    passed = take(person, PASSED)
    Deadline.objects.filter(reference=passed.pk).delete()
    assert training.book_missing(at=PASSED + timedelta(days=2), limit=10) == 1
    assert training.book_missing(at=PASSED + timedelta(days=2), limit=10) == 0
    assert clock_of(passed).due_at == TrainingAttempt.objects.get(pk=passed.pk).valid_until
