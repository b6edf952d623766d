"""What is to become of a row, and the compact text in which a page carries it to the next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from catalog.bulk.rows import TableRow
from catalog.bulk.steps import Step, StockStep
from kernel.errors import N_, Invalid

_LINE = re.compile(r"([0-9a-f]{32}) (-?\d{1,14}|-) (\d{1,9}) (-?\d{1,14}|-) ([+-]?\d{1,9}|=)", re.ASCII)


class PlanUnreadable(Invalid):
    code = "bulk_plan_unreadable"
    message = N_(
        "The list of changes came in incomplete, so nothing was changed. Start again from the table."
    )


class TooManyChanges(Invalid):
    code = "bulk_too_many"
    message = N_(
        "That would change %(count)s rows; at most %(limit)s go at once. Narrow the list, or send a file of"
        " listings to import."
    )


class NothingToChange(Invalid):
    code = "bulk_nothing_to_change"
    message = N_("Nothing would change. Type a new price or stock, or choose rows and a step for them.")


@dataclass(frozen=True, slots=True)
class Change:
    """`price` and `on_hand` are None where they stay; `added` are pieces; `was_*` is what the page showed."""

    variant_id: UUID
    was_price: int | None
    was_on_hand: int
    price: int | None = None
    on_hand: int | None = None
    added: int = 0

    @property
    def changes_price(self) -> bool:
        return self.price is not None and self.price != self.was_price

    @property
    def changes_stock(self) -> bool:
        return bool(self.added) or (self.on_hand is not None and self.on_hand != self.was_on_hand)

    @property
    def is_one(self) -> bool:
        return self.changes_price or self.changes_stock

    def stepped(self, step: Step) -> Change:
        """The same row after the step; what was typed into the row itself holds."""
        changed = self
        if not self.changes_price:
            changed = replace(changed, price=step.priced(self.was_price))
        if not self.changes_stock:
            changed = _with_pieces(changed, step)
        return changed


def _with_pieces(change: Change, step: Step) -> Change:
    if step.stock is StockStep.SET:
        return replace(change, on_hand=step.pieces)
    if step.stock is StockStep.KEEP:
        return change
    return replace(change, added=step.pieces if step.stock is StockStep.ADD else -step.pieces)


def unchanged(row: TableRow) -> Change:
    return Change(row.variant_id, row.price_minor, row.on_hand)


def written(changes: Iterable[Change]) -> str:
    """A line a row; `read` takes it back."""
    return "\n".join(
        f"{each.variant_id.hex} {_minor(each.was_price)} {each.was_on_hand}"
        f" {_minor(each.price if each.changes_price else None)} {_stock(each)}"
        for each in changes
    )


def _minor(minor: int | None) -> str:
    return "-" if minor is None else str(minor)


def _stock(change: Change) -> str:
    if change.added:
        return f"{change.added:+d}"
    return str(change.on_hand) if change.on_hand is not None and change.changes_stock else "="


def read(text: str) -> list[Change]:
    """:raises PlanUnreadable:"""
    found: dict[UUID, Change] = {}
    for line in text.split("\n"):
        parts = _LINE.fullmatch(line.strip())
        if parts is None:
            raise PlanUnreadable
        change = _read(*parts.groups())
        if change.variant_id in found:
            raise PlanUnreadable
        found[change.variant_id] = change
    return list(found.values())


def _read(key: str, was: str, was_on_hand: str, price: str, stock: str) -> Change:
    relative = stock[0] in "+-"
    return Change(
        variant_id=UUID(key),
        was_price=None if was == "-" else int(was),
        was_on_hand=int(was_on_hand),
        price=None if price == "-" else int(price),
        on_hand=None if relative or stock == "=" else int(stock),
        added=int(stock) if relative else 0,
    )


def limited(changes: Sequence[Change], *, most: int) -> list[Change]:
    """Those that change something.

    :raises NothingToChange: :raises TooManyChanges:
    """
    found = [each for each in changes if each.is_one]
    if not found:
        raise NothingToChange
    if len(found) > most:
        raise TooManyChanges(count=len(found), limit=most)
    return found


def by_id(changes: Iterable[Change]) -> Mapping[UUID, Change]:
    return {each.variant_id: each for each in changes}
