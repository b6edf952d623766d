"""Rows that share a listing's code: one listing with its options, a variant a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from catalog.contents import LANGUAGES
from catalog.importing.reading import Row
from catalog.importing.understanding import (
    BAD_AMOUNT,
    BAD_STOCK,
    BAD_WEIGHT,
    Understood,
    amount,
    count_of,
    understand,
    weight,
)
from catalog.models import Listing, Variant
from catalog.schema import Schema
from catalog.values import ValueRefused
from catalog.variant_drafts import ChoiceIncomplete, VariantPictureRefused, choice_key
from catalog.variant_table import NamedOption, keyed
from kernel.errors import N_, DomainError
from web.errors import sentence

NUMBERS = (1, 2, 3)
OPTIONS = tuple(f"option{n}" for n in NUMBERS)
OF_VARIANT = (
    *(f"value{n}" for n in NUMBERS),
    *("sku", "variant_price", "stock", "barcode", "variant_weight", "variant_pictures"),
)
# Two pictures' names stand below each other or apart by a semicolon; languages behind a bar.
BETWEEN = re.compile(r"[\n;；]")
MOST = 300
SAYS_OTHERWISE = N_("Row %(row)s of this listing says otherwise.")
CHOICE_TWICE = N_("Row %(row)s has the same choice.")
OPTION_MISSING = N_("The option has no name.")
OTHER_OPTIONS = N_("The listing has other options already. Change them in the editor.")
Numbered = tuple[Row, Mapping[str, str]]
Labels = dict[str, str]


@dataclass(slots=True)
class Group:
    """`problems` are (column, sentence, written) by the row's number; `places` the row of each variant."""

    understood: Understood
    problems: dict[int, list[tuple[str, str, str]]] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)

    def refuse(self, row: Row, column: str, words: str, written: str = "") -> None:
        self.problems.setdefault(row.number, []).append((column, words, written[:80]))


def is_variant(cells: Mapping[str, str]) -> bool:
    return any((cells.get(f"value{number}") or "").strip() for number in NUMBERS)


def grouped(rows: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    """Neighbours of one code whose rows are variants stand together; every other row alone."""
    group: list[Numbered] = []
    for each in rows:
        if group and not continues(group[-1][1], each[1]):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def continues(before: Mapping[str, str], cells: Mapping[str, str]) -> bool:
    """Whether a row is another variant of the listing of the row before."""
    code = (cells.get("code") or "").strip()
    return (
        bool(code) and code == (before.get("code") or "").strip() and is_variant(before) and is_variant(cells)
    )


def understand_group(schema: Schema, rows: Sequence[Numbered], before: Listing | None) -> Group:
    """What the rows together change: the listing's own cells once, and each row's variant."""
    group = Group(Understood())
    shared = _shared(group, rows)
    group.understood = understand(schema, shared)
    draft = before.draft if before else {}
    options = _options(group, rows, shared, draft, before)
    if options is not None:
        group.understood.changes |= {"options": options, "variants": _variants(group, rows, options, draft)}
    return group


def _shared(group: Group, rows: Sequence[Numbered]) -> dict[str, str]:
    """The listing's own cells, filled in any of its rows; two that differ are refused."""
    shared: dict[str, str] = {}
    said: dict[str, int] = {}
    for row, cells in rows:
        for name, text in cells.items():
            cell = (text or "").strip()
            if not cell or name in OF_VARIANT:
                continue
            if shared.setdefault(name, cell) != cell:
                group.refuse(row, name, gettext(SAYS_OTHERWISE) % {"row": said[name]}, cell)
            said.setdefault(name, row.number)
    return shared


def _options(
    group: Group,
    rows: Sequence[Numbered],
    shared: Mapping[str, str],
    draft: Mapping[str, Any],
    before: Listing | None,
) -> list[dict[str, Any]] | None:
    """The draft's options with the values that are new; None when the rows name others."""
    there = draft.get("options") or []
    used = [n for n in NUMBERS if any(cells.get(f"value{n}", "").strip() for _row, cells in rows)]
    named = []
    for number in used:
        labels = in_languages(shared.get(f"option{number}", ""))
        if not labels:
            group.refuse(rows[0][0], f"option{number}", gettext(OPTION_MISSING))
            return None
        old = next((each for each in there if _same(each["labels"], labels)), None)
        values = [dict(each["labels"]) for each in old["values"]] if old else []
        for _row, cells in rows:
            value = in_languages(cells.get(f"value{number}", ""))
            if value and not any(_same(each, value) for each in values):
                values.append(value)
        named.append(NamedOption(dict(old["labels"]) if old else labels, values))
    if there and {each["key"] for each in there} != _kept(named, there):
        group.refuse(rows[0][0], f"option{used[0]}", gettext(OTHER_OPTIONS))
        return None
    known = Variant.objects.of_listing(before.pk).values_list("choice_key", flat=True) if before else ()
    return keyed(named, there, set(known))


def _kept(named: Sequence[NamedOption], there: Sequence[Mapping[str, Any]]) -> set[str]:
    found = {each["key"] for each in there for option in named if _same(each["labels"], option.labels)}
    return found if len(found) == len(named) else set()


def _same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Called the same in any language."""
    return bool(set(one.items()) & set(other.items()))


def in_languages(cell: str) -> Labels:
    """ "月白 | 月白 | Moon white": the languages in their order, those behind left out."""
    parts = [" ".join(part.split()) for part in cell.split("|", len(LANGUAGES) - 1)]
    return {locale: text for locale, text in zip(LANGUAGES, parts, strict=False) if text}


def _variants(
    group: Group, rows: Sequence[Numbered], options: Sequence[Mapping[str, Any]], draft: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The draft's variants as the rows change them; what no row names stays."""
    found = {choice_key(each["choice"]): dict(each) for each in draft.get("variants") or []}
    images = group.understood.changes.get("images", draft.get("images") or [])
    sources = [each["src"] for each in images]
    names = {name: next(filter(None, (cells.get(name) for _row, cells in rows)), "") for name in OPTIONS}
    named: dict[str, int] = {}
    for row, cells in rows:
        choice = _choice({**cells, **names}, options)
        key = choice_key(choice) if choice is not None else ""
        if choice is None:
            group.refuse(row, "value1", sentence(ChoiceIncomplete()))
        elif key in named:
            group.refuse(row, "value1", gettext(CHOICE_TWICE) % {"row": named[key]})
        else:
            named[key] = row.number
            old = found.get(key) or {
                "choice": choice,
                "sku": "",
                "price_minor": None,
                "barcode": "",
                "images": [],
            }
            found[key] = {**old, **_cells(group, row, cells, key, sources)}
    group.places = {place: named[key] for place, key in enumerate(found) if key in named}
    return list(found.values())


def _choice(cells: Mapping[str, str], options: Sequence[Mapping[str, Any]]) -> dict[str, str] | None:
    choice: dict[str, str] = {}
    for number in NUMBERS:
        name, value = (in_languages(cells.get(f"{part}{number}", "")) for part in ("option", "value"))
        option = next((each for each in options if _same(each["labels"], name)), None)
        if option is None or not value:
            continue
        choice[option["key"]] = next(each["key"] for each in option["values"] if _same(each["labels"], value))
    return choice if choice.keys() == {each["key"] for each in options} else None


def _cells(
    group: Group, row: Row, cells: Mapping[str, str], key: str, sources: Sequence[str]
) -> dict[str, Any]:
    """What the filled cells of a variant say; an empty one changes nothing."""
    told = {name: (cells.get(name) or "").strip() for name in OF_VARIANT}
    found: dict[str, Any] = {name: told[name] for name in ("sku", "barcode") if told[name]}
    try:
        if told["variant_price"]:
            found["price_minor"] = amount("price", told["variant_price"])
    except DomainError:
        group.refuse(row, "variant_price", gettext(BAD_AMOUNT), told["variant_price"])
    try:
        if told["stock"]:
            group.understood.counts[key] = count_of(told["stock"])
    except ValueRefused:
        group.refuse(row, "stock", gettext(BAD_STOCK), told["stock"])
    try:
        if told["variant_weight"]:
            found["weight_grams"] = weight(told["variant_weight"])
    except ValueRefused:
        group.refuse(row, "variant_weight", gettext(BAD_WEIGHT), told["variant_weight"])
    names = [name.strip() for name in BETWEEN.split(told["variant_pictures"]) if name.strip()]
    if names and not set(names) <= set(sources):
        group.refuse(row, "variant_pictures", sentence(VariantPictureRefused()), told["variant_pictures"])
    elif names:
        found["images"] = [sources.index(name) for name in names]
    return found
