"""A lifecycle is a table: move → (states it starts from, state it leads to)."""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import StrEnum
from typing import Generic, TypeVar

from kernel.errors import IllegalMove

S = TypeVar("S", bound=StrEnum)


class Lifecycle(Generic[S]):
    """The states of one aggregate and the moves between them; nothing else decides a state."""

    def __init__(self, name: str, states: type[S], **moves: tuple[Set[S], S]) -> None:
        self.name = name
        self.states = states
        self.moves = moves

    def target(self, state: str, move: str) -> S:
        """Where `move` leads from `state`.

        :raises IllegalMove: when the table doesn't allow it
        """
        sources, target = self.moves[move]
        if state not in sources:
            raise IllegalMove(aggregate=self.name, move=move, state=str(state))
        return target

    def allows(self, state: str, move: str) -> bool:
        return state in self.moves[move][0]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.moves)

    @property
    def terminal(self) -> frozenset[S]:
        """States from which nothing leads on."""
        leaving = {source for sources, _ in self.moves.values() for source in sources}
        return frozenset(set(self.states) - leaving)

    def as_rows(self) -> Iterator[tuple[str, str, str]]:
        """(move, from, to) in the table's order, for the generated page."""
        for move, (sources, target) in self.moves.items():
            for source in self.states:
                if source in sources:
                    yield move, str(source), str(target)

    @property
    def values(self) -> list[str]:
        return [str(state) for state in self.states]
