"""The arithmetic of a comparison, and the guard that keeps volume out of a database in use."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from bench import measuring
from bench.replaying import Replay


def rounds_of(*seconds: float) -> tuple[list[float], measuring.Round]:
    """A round that takes one operation of each length in turn, and a list of what it took."""
    taken: list[float] = []

    def go() -> list[float]:
        taken.append(seconds[len(taken) % len(seconds)])
        return [taken[-1]]

    return taken, go


class TestComparing:
    def test_ratios_are_of_pairs_so_a_neighbour_slows_both(self) -> None:
        # The second pair met a machine ten times slower: each pair alone says "half the rate".
        _, ours = rounds_of(0.002, 0.020, 0.002)
        _, floor = rounds_of(0.001, 0.010, 0.001)
        figure = measuring.compare("x", ours, floor, rounds=3)
        assert (figure.rate_ratio, figure.time_ratio) == (0.5, 2.0)
        assert figure.ours.p50_ms == pytest.approx(2.0)
        assert figure.floor.per_second == pytest.approx(1000.0)

    def test_who_goes_first_alternates(self) -> None:
        order: list[str] = []

        def side(name: str) -> measuring.Round:
            return lambda: order.append(name) or [0.001]  # type: ignore[func-returns-value]

        measuring.in_turn(side("a"), side("b"), rounds=3)
        assert order == ["a", "b", "b", "a", "a", "b"]

    def test_a_person_and_a_program_read_the_same(self) -> None:
        _, side = rounds_of(0.001)
        figure = measuring.compare("x", side, side, rounds=1, statements=3, size=7)
        assert figure.as_json()["statements"] == 3
        said = "\n".join(figure.lines())
        assert "statements 3" in said and "size: 7" in said and "load" in said


@pytest.mark.django_db
@pytest.mark.parametrize("names", [[], ["checkout"], ["nothing"]])
def test_it_refuses_a_database_that_is_not_its_own(names: list[str]) -> None:
    with pytest.raises(CommandError, match="dev bench"):
        call_command("bench", *names)


class TestReplaying:
    @pytest.fixture
    def replay(self) -> Any:
        def of(statements: list[tuple[str, tuple[Any, ...]]], kept: set[UUID]) -> list[tuple[str, Any]]:
            made = Replay.__new__(Replay)
            made._statements, made._kept = statements, kept
            return made.fresh()

        return of

    def test_a_new_id_is_the_same_in_every_statement_and_known_ones_stay(self, replay: Any) -> None:
        order, listing = uuid4(), uuid4()
        first, second = replay([("INSERT", (order, listing)), ("UPDATE", ([order], 5))], {listing})
        assert first[1][0] == second[1][0][0] != order
        assert first[1][1] == listing
        assert second[1][1] == 5

    def test_named_values_are_renewed_by_name(self, replay: Any) -> None:
        order, variant = uuid4(), uuid4()
        first, second = replay([("WITH", {"of": order, "all": [variant]}), ("INSERT", (order,))], {variant})
        assert first[1]["of"] == second[1][0] != order
        assert first[1]["all"] == [variant]

    def test_numbers_and_keys_are_made_anew(self, replay: Any) -> None:
        told = ("A1234567890", "home", "k" * 32)
        ((_, plain),) = replay([("INSERT INTO orders_order", told)], set())
        assert plain[0] != told[0] and plain[0].startswith("A")
        assert plain[1:] == ["home", "k" * 32]
        ((_, keyed),) = replay([("INSERT INTO web_idempotencykey", told)], set())
        assert keyed[2] != told[2]
