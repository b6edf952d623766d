"""Several rows taken as one: all of them or none, and each that can't be taken says why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from kernel.errors import DomainError

Row = TypeVar("Row")
Made = TypeVar("Made")


class RowsRefused(Exception):
    """`reasons` by the row's place in what was asked; nothing of any row was kept."""

    def __init__(self, reasons: Mapping[int, DomainError]) -> None:
        self.reasons = dict(reasons)
        super().__init__(f"{len(self.reasons)} rows refused")


def each(rows: Sequence[Row], do: Callable[[Row], Made]) -> list[Made]:
    """What `do` makes of each row, in their order.

    :raises RowsRefused: naming every row for which it raised a refusal
    """
    made: list[Made] = []
    reasons: dict[int, DomainError] = {}
    for place, row in enumerate(rows):
        try:
            made.append(do(row))
        except DomainError as reason:
            reasons[place] = reason
    if reasons:
        raise RowsRefused(reasons)
    return made


@contextmanager
def alone() -> Iterator[None]:
    """For the one-row form of a use case: the refusal of its row, as if there were no other form."""
    try:
        yield
    except RowsRefused as refused:
        raise next(iter(refused.reasons.values())) from None


@contextmanager
def placed(places: Sequence[int]) -> Iterator[None]:
    """For a use case that takes some of the rows: its refusals by their places among all of them."""
    try:
        yield
    except RowsRefused as refused:
        raise RowsRefused({places[at]: reason for at, reason in refused.reasons.items()}) from None
