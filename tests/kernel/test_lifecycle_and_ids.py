"""Lifecycle tables, ids, events, actors and the clock."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest

from kernel import clock
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.events import Event, event, from_payload, to_payload
from kernel.ids import ALPHABET, new_id, public_number
from kernel.lifecycle import Lifecycle


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    BROKEN = "broken"


LIGHT = Lifecycle(
    "light",
    Light,
    go=({Light.RED}, Light.GREEN),
    stop=({Light.GREEN}, Light.RED),
    smash=({Light.RED, Light.GREEN}, Light.BROKEN),
)


@event("tests.Changed")
@dataclass(frozen=True, slots=True)
class Changed(Event):
    light_id: UUID
    at: datetime
    on: date
    seconds: int | None
    ids: list[UUID]


class TestLifecycle:
    def test_only_the_table_decides(self):
        assert LIGHT.target(Light.RED, "go") is Light.GREEN
        with pytest.raises(IllegalMove) as refusal:
            LIGHT.target(Light.BROKEN, "go")
        assert refusal.value.params == {"aggregate": "light", "move": "go", "state": "broken"}

    def test_terminal_states_are_those_without_a_way_on(self):
        assert LIGHT.terminal == {Light.BROKEN}

    def test_rows_are_one_per_source(self):
        assert ("smash", "green", "broken") in list(LIGHT.as_rows())


class TestIds:
    def test_they_are_version_7_and_ordered_by_time(self):
        made = [new_id() for _ in range(5000)]
        assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in made)
        assert made == sorted(set(made))
        assert abs((made[0].int >> 80) - time.time_ns() // 1_000_000) < 60_000

    def test_numbers_can_be_read_out(self):
        number = public_number("A")
        assert len(number) == 11
        assert set(number[1:]) <= set(ALPHABET)


class TestEvents:
    def test_there_and_back(self):
        ev = Changed(new_id(), datetime(2026, 1, 2, tzinfo=UTC), date(2026, 1, 2), None, [new_id()])
        assert from_payload(Changed, to_payload(ev)) == ev

    def test_unknown_keys_of_old_messages_are_ignored(self):
        ev = Changed(new_id(), datetime(2026, 1, 2, tzinfo=UTC), date(2026, 1, 2), 4, [])
        assert from_payload(Changed, to_payload(ev) | {"gone": 1}) == ev

    def test_fractions_and_objects_are_refused(self):
        with pytest.raises(TypeError):
            to_payload(Changed(new_id(), datetime(2026, 1, 2, tzinfo=UTC), date(2026, 1, 2), 0.5, []))


class TestActor:
    def test_its_text_names_no_person(self):
        one = new_id()
        assert str(Actor.buyer(one)) == f"buyer:{one}"
        assert str(Actor.system()) == "system"
        assert str(Actor.carrier("sf")) == "carrier:sf"


class TestClock:
    def test_frozen_needs_a_zone_and_ends(self):
        with pytest.raises(ValueError, match="zone"), clock.frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
            pass
        instant = datetime(2026, 1, 1, tzinfo=UTC)
        with clock.frozen(instant):
            assert clock.now() == instant
        assert clock.now() != instant
