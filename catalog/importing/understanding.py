"""What a row means: the changes it makes to a draft, or why it can't be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from catalog import confirm_terms, promises
from catalog.contents import LANGUAGES
from catalog.drafts import DESCRIPTION_LENGTH, MOST_IMAGES, TITLE_LENGTH, AmountRefused
from catalog.freight import HEAVIEST_GRAMS
from catalog.schema import Schema
from catalog.stock import MOST
from catalog.values import NOT_A_CHOICE, TOO_LONG, ValueRefused, parse
from kernel.errors import N_
from kernel.money import InvalidAmount, Money

BAD_AMOUNT = N_("Write the amount in figures, such as 39.00.")
BAD_STOCK = N_("Write the stock as a whole number from 0 to 1000000.")
BAD_WEIGHT = N_("Write the weight as whole grams, from 1 to 1000000.")
BAD_HOURS = N_("Write whole hours, such as 24, or none.")
UNKNOWN_PROMISE = N_("This isn't a promise of the catalogue.")
PICTURES = ("picture", *(f"picture{number}" for number in range(2, MOST_IMAGES + 1)))
# What a cell says for “a fixed freight”: an empty one changes nothing.
NO_TEMPLATE = "none"
_AMOUNTS = {"price": "price_minor", "freight": "freight_minor"}


@dataclass(slots=True)
class Understood:
    """`problems` are (column, sentence, what was written); a strict row with any is refused whole.

    `counts` are pieces by choice, where the rows are variants.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    stock: int | None = None
    counts: dict[str, int] = field(default_factory=dict)
    barcode: str | None = None
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def understand(schema: Schema, cells: Mapping[str, str]) -> Understood:
    """Read every cell that the schema or the listing knows; an empty cell changes nothing."""
    found = Understood()
    filled = {name: cell.strip() for name, cell in cells.items() if cell and cell.strip()}
    for name, cell in filled.items():
        try:
            _take(found, schema, name, cell)
        except ValueRefused as refused:
            found.problems.append((name, gettext(refused.problem) % refused.params, cell[:80]))
        except (InvalidAmount, AmountRefused):
            found.problems.append((name, gettext(BAD_AMOUNT), cell[:80]))
        except promises.UnknownPromise:
            found.problems.append((name, gettext(UNKNOWN_PROMISE), cell[:80]))
    _picture(found, filled)
    return found


def _take(found: Understood, schema: Schema, name: str, cell: str) -> None:
    kind, _, locale = name.partition("_")
    if name in schema.by_key:
        found.changes.setdefault("attributes", {})[name] = parse(schema.by_key[name], cell)
    elif name in _AMOUNTS:
        found.changes[_AMOUNTS[name]] = amount(name, cell)
    elif kind in ("title", "description") and locale in LANGUAGES:
        _text(found, kind, locale, cell)
    elif name == "stock":
        found.stock = count_of(cell)
    elif name == "freight_template":
        found.changes["freight_template"] = "" if cell == NO_TEMPLATE else cell
    elif name == "weight":
        found.changes["weight_grams"] = weight(cell)
    elif name == "barcode":
        found.barcode = cell
    elif name == "promises":
        found.changes.setdefault("terms", {})["promises"] = promises.checked(cell.split(";"))
    elif name == "excludes_return":
        found.changes.setdefault("terms", {})["excludes_return"] = _exclusion(cell)
    elif name == confirm_terms.KEY:
        found.changes.setdefault("terms", {})[name] = _hours(cell)


def amount(name: str, cell: str) -> int:
    minor = Money.parse(cell.removeprefix("¥")).minor
    if name == "price" and minor == 0:
        raise AmountRefused
    return minor


def _text(found: Understood, kind: str, locale: str, cell: str) -> None:
    limit = TITLE_LENGTH if kind == "title" else DESCRIPTION_LENGTH
    if len(cell) > limit:
        raise ValueRefused(kind, {"zh-hans": kind}, TOO_LONG, limit=limit)
    found.changes.setdefault(kind, {})[locale] = cell


def count_of(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()) or int(cell[:9]) > MOST:
        raise ValueRefused("stock", {"zh-hans": "stock"}, BAD_STOCK)
    return int(cell)


def weight(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit()) or not 0 < int(cell[:9]) <= HEAVIEST_GRAMS:
        raise ValueRefused("weight", {"zh-hans": "weight"}, BAD_WEIGHT)
    return int(cell)


def _exclusion(cell: str) -> str | None:
    if cell not in ("none", "never", "confirm"):
        raise ValueRefused("excludes_return", {"zh-hans": "excludes_return"}, NOT_A_CHOICE)
    return None if cell == "none" else cell


def _hours(cell: str) -> int | None:
    """Within how many hours its shop confirms; `none` takes it away."""
    if cell == NO_TEMPLATE:
        return None
    if not (cell.isascii() and cell.isdigit()) or not int(cell[:9]):
        raise ValueRefused(confirm_terms.KEY, {"zh-hans": confirm_terms.KEY}, BAD_HOURS)
    return int(cell[:9])


def _picture(found: Understood, filled: Mapping[str, str]) -> None:
    """The pictures named in the row, in their order; the first one's columns bear no number."""
    shown = []
    for name in PICTURES:
        if name in filled:
            alt = {
                locale: filled[f"{name}_alt_{locale}"]
                for locale in LANGUAGES
                if f"{name}_alt_{locale}" in filled
            }
            shown.append({"src": filled[name], "alt": alt, "mat": filled.get(f"{name}_mat") or "sand"})
    if shown:
        found.changes["images"] = shown
