"""The relay: at least once, each effect once, failures put off and finally parked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.events import Event, event
from kernel.ids import new_id
from outbox import bus, platform_clock, relay
from outbox.models import Message, Receipt

AT = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
seen: list[UUID] = []


@event("tests.SomethingHappened")
@dataclass(frozen=True, slots=True)
class SomethingHappened(Event):
    thing_id: UUID
    at: datetime
    count: int = 0
    tags: list[str] | None = None


def remember(ev: SomethingHappened, *, at: datetime) -> None:
    seen.append(ev.thing_id)


def fail(ev: SomethingHappened, *, at: datetime) -> None:
    Message.objects.create(name="half", payload={}, occurred_at=at)
    raise ValueError("secret address")


@pytest.fixture(autouse=True)
def table():
    before = dict(bus._subscribers)
    seen.clear()
    bus.connect({SomethingHappened: (remember,)})
    yield
    bus._subscribers.clear()
    bus._subscribers.update(before)


@pytest.mark.django_db
class TestPublish:
    def test_outside_a_transaction_is_refused(self, monkeypatch):
        monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
        with pytest.raises(RuntimeError):
            bus.publish(SomethingHappened(new_id(), AT), at=AT)

    def test_the_event_comes_back_as_it_went(self):
        ev = SomethingHappened(new_id(), AT, 3, ["a"])
        got = []
        bus.connect({SomethingHappened: (lambda e, at: got.append(e),)})
        bus.publish(ev, at=AT)
        assert relay.drain_all() == 1
        assert got == [ev]


@pytest.mark.django_db
class TestDrain:
    def test_each_message_is_handled_once(self):
        ids = [new_id() for _ in range(3)]
        for one in ids:
            bus.publish(SomethingHappened(one, AT), at=AT)
        assert relay.drain() == 3
        assert relay.drain() == 0
        assert seen == ids
        assert Receipt.objects.count() == 3

    def test_a_failing_handler_rolls_back_alone_and_waits(self):
        bus.connect({SomethingHappened: (remember, fail)})
        bus.publish(SomethingHappened(new_id(), AT), at=AT)
        relay.drain()
        message = Message.objects.get()
        assert (message.attempts, message.handled_at, len(seen)) == (1, None, 1)
        assert "ValueError" in message.error
        assert "secret" not in message.error
        assert relay.drain() == 0

        Message.objects.update(next_at=AT)
        relay.drain()
        assert len(seen) == 1
        assert Message.objects.get().attempts == 2

    def test_after_many_attempts_it_is_parked(self):
        bus.connect({SomethingHappened: (fail,)})
        bus.publish(SomethingHappened(new_id(), AT), at=AT)
        Message.objects.update(attempts=relay.ATTEMPTS - 1)
        relay.drain()
        assert Message.objects.get().parked_at is not None
        Message.objects.update(next_at=AT)
        assert relay.drain() == 0

    def test_an_unknown_event_is_kept(self):
        with transaction.atomic():
            Message.objects.create(name="old.Gone", payload={}, occurred_at=AT)
        relay.drain()
        assert Message.objects.get().handled_at is None


@pytest.mark.django_db
class TestReceipt:
    def test_a_second_one_is_refused_by_the_database(self):
        bus.publish(SomethingHappened(new_id(), AT), at=AT)
        relay.drain()
        receipt = Receipt.objects.get()
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO outbox_receipt (message_id, handler, handled_at) VALUES (%s, %s, now())",
                [receipt.message_id, receipt.handler],
            )


@pytest.mark.django_db
class TestPlatformClock:
    def test_a_shift_moves_the_database_and_the_source(self):
        platform_clock.allow_shifting(allowed=True)
        platform_clock.shift(by=timedelta(days=3))
        ahead = platform_clock.database_now() - datetime.now(UTC)
        assert timedelta(days=2, hours=23) < ahead < timedelta(days=3, hours=1)
        assert abs(platform_clock.DatabaseSource()() - platform_clock.database_now()) < timedelta(seconds=5)

    def test_in_production_nothing_moves(self):
        platform_clock.allow_shifting(allowed=False)
        with pytest.raises(platform_clock.ClockFixed):
            platform_clock.shift(by=timedelta(days=3))
        with pytest.raises(platform_clock.ClockFixed), platform_clock.frozen(AT):
            pass
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('anxin.frozen_at', '2020-01-01T00:00:00Z', true)")
        assert platform_clock.database_now().year >= 2026

    def test_frozen_stands_still_in_sql_too(self):
        platform_clock.allow_shifting(allowed=True)
        with platform_clock.frozen(AT):
            assert platform_clock.database_now() == AT
        assert platform_clock.database_now() != AT
