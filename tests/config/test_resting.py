"""While past days are played, nothing runs at today's clock: all of that past would be due at once."""

from datetime import UTC, datetime, timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, connection

from config import resting
from config.management.commands import relay_loop
from config.management.commands.relay_loop import Command
from deadlines import booking, handlers
from deadlines.models import Deadline, State
from kernel.ids import new_id
from outbox import platform_clock

pytestmark = pytest.mark.django_db


KIND = "tests.long_ago"


@pytest.fixture(autouse=True)
def one_connection(monkeypatch):
    """The loop closes old connections; a test has but its own."""
    monkeypatch.setattr(relay_loop, "close_old_connections", lambda: None)


@pytest.fixture
def overdue(monkeypatch):
    monkeypatch.setitem(handlers._outcomes, KIND, lambda **_facts: None)
    platform_clock.allow_shifting(allowed=True)
    long_ago = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
    booked = booking.book(
        kind=KIND,
        reference=new_id(),
        due_at=long_ago + timedelta(days=7),
        rule_id="policy.test",
        pack_version="1",
        owner="platform",
        at=long_ago,
    )
    return booked.pk


def state_of(deadline_id):
    return Deadline.objects.get(pk=deadline_id).state


def test_the_loop_leaves_what_is_due_to_who_plays_it(overdue):
    platform_clock.note_played(played=True)
    Command().round()
    assert resting.why() == resting.PLAYED
    assert state_of(overdue) == State.OPEN


def test_tasks_rest_too(overdue, settings):
    settings.CHECK_SERVING = True
    platform_clock.note_played(played=True)
    current_app.loader.import_default_modules()
    current_app.tasks["deadlines.sweep"]()
    assert state_of(overdue) == State.OPEN


def test_at_the_end_of_the_play_the_loop_goes_on(overdue):
    platform_clock.note_played(played=True)
    platform_clock.note_played(played=False)
    Command().round()
    assert resting.why() == ""
    assert state_of(overdue) == State.FIRED


class TestProduction:
    def test_its_clock_is_never_played(self):
        platform_clock.allow_shifting(allowed=False)
        with pytest.raises(platform_clock.ClockFixed):
            platform_clock.note_played(played=True)
        assert not platform_clock.is_played()

    def test_a_copy_of_a_demonstration_stops_resting_when_it_becomes_one(self):
        platform_clock.allow_shifting(allowed=True)
        platform_clock.note_played(played=True)
        platform_clock.allow_shifting(allowed=False)
        assert not platform_clock.is_played()

    def test_the_database_refuses_it_as_well(self):
        platform_clock.allow_shifting(allowed=False)
        refused = pytest.raises(IntegrityError, match="a_fixed_clock_is_never_played")
        with refused, connection.cursor() as cursor:
            cursor.execute("UPDATE outbox_platformclock SET played = true")
