"""Deadlines: booked once, met, paused, fired at their instant and never before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from deadlines import booking, handlers
from deadlines.models import Deadline, State
from deadlines.sweep import sweep, sweep_all
from kernel.ids import new_id
from outbox import relay
from outbox.models import Message

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DUE = AT + timedelta(days=2)
KIND = "tests.answer"


def book(**changes):
    values = {
        "kind": KIND,
        "reference": new_id(),
        "due_at": DUE,
        "rule_id": "policy.test",
        "pack_version": "1",
        "owner": "merchant",
        "at": AT,
    }
    return booking.book(**(values | changes))


@pytest.mark.django_db
class TestBook:
    def test_again_with_the_same_instant_changes_nothing(self):
        first = book()
        assert book(reference=first.reference).pk == first.pk

    def test_again_with_another_instant_is_refused(self):
        first = book()
        with pytest.raises(booking.AlreadyBooked):
            book(reference=first.reference, due_at=DUE + timedelta(1))
        assert Deadline.objects.count() == 1

    def test_a_time_without_zone_is_refused(self):
        with pytest.raises(ValueError, match="zone"):
            book(due_at=datetime(2026, 11, 23))  # noqa: DTZ001


@pytest.mark.django_db
class TestEnds:
    def test_meet_once(self):
        one = book()
        assert booking.meet(kind=KIND, reference=one.reference, at=AT)
        assert not booking.meet(kind=KIND, reference=one.reference, at=AT)
        assert not booking.cancel(kind=KIND, reference=one.reference, at=AT)

    def test_at_the_instant_it_is_too_late_even_before_the_sweep(self):
        one = book()
        booking.require_in_time(kind=KIND, reference=one.reference, at=DUE - timedelta(microseconds=1))
        with pytest.raises(booking.TooLate):
            booking.require_in_time(kind=KIND, reference=one.reference, at=DUE)

    def test_a_pause_moves_the_instant_by_its_length(self):
        one = book()
        assert booking.pause(kind=KIND, reference=one.reference, at=AT + timedelta(hours=1))
        assert booking.resume(kind=KIND, reference=one.reference, at=AT + timedelta(hours=6))
        one.refresh_from_db()
        assert (one.due_at, one.state) == (DUE + timedelta(hours=5), State.OPEN)


@pytest.mark.django_db
class TestSweep:
    def test_nothing_early_and_all_at_the_instant(self, platform_at):
        book()
        book()
        platform_at(DUE - timedelta(microseconds=1))
        assert sweep() == 0
        platform_at(DUE)
        assert sweep() == 2
        assert sweep() == 0
        assert Message.objects.filter(name="deadlines.DeadlineFired").count() == 2

    def test_the_outcome_is_called_once(self, platform_at):
        calls = []
        before = dict(handlers._outcomes)
        handlers.connect({KIND: lambda **known: calls.append(known)})
        one = book()
        platform_at(DUE)
        sweep_all()
        relay.drain_all()
        relay.drain_all()
        handlers.connect(before)
        assert calls == [{"reference": one.reference, "due_at": DUE, "at": DUE}]

    def test_met_paused_and_cancelled_ones_never_fire(self, platform_at):
        book()
        met, paused, cancelled = book(), book(), book()
        booking.meet(kind=KIND, reference=met.reference, at=AT)
        booking.pause(kind=KIND, reference=paused.reference, at=AT)
        booking.cancel(kind=KIND, reference=cancelled.reference, at=AT)
        platform_at(DUE)
        assert sweep_all() == 1


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE deadlines_deadline SET state = 'fired'",
            "UPDATE deadlines_deadline SET state = 'lost'",
            "UPDATE deadlines_deadline SET state = 'paused'",
            "UPDATE deadlines_deadline SET owner = 'nobody'",
            "INSERT INTO deadlines_deadline SELECT gen_random_uuid(), kind, reference, owner, state, due_at,"
            " rule_id, pack_version, calendar_version, provisional, inputs, booked_at, paused_at,"
            " ended_at, version FROM deadlines_deadline",
        ],
    )
    def test_by_sql(self, attack):
        book()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
