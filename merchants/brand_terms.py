"""What a claim to a brand says, as typed, and which of it can be true."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kernel.errors import N_, Invalid
from merchants import brand_names

DATA = Path(__file__).parent / "data" / "trademark_classes.toml"
# The highest class of the Nice Agreement.
LAST_CLASS = 45
EVERYWHERE = "*"
PLACES = ("CN", "HK", "TW", "JP", "KR", "EU", "UK", "US")
LONGEST_OWNER, LONGEST_REGISTRATION = 200, 40


class BrandUnnamed(Invalid):
    code = "brand_unnamed"
    message = N_(
        "Write the brand's name as it is registered, at most %(most)s of them, each on its own line."
    )


class OwnerUnnamed(Invalid):
    code = "brand_owner_unnamed"
    message = N_("Write the owner as the register names it, or tick that it is a private person.")


class ClassUnknown(Invalid):
    code = "brand_class_unknown"
    message = N_("Write the classes as numbers from 1 to %(last)s, such as “9, 11”.")


class ClassCoversNothing(Invalid):
    code = "brand_class_covers_nothing"
    message = N_("None of our categories belongs to class %(classes)s. Compare it with the registration.")


class NotCovered(Invalid):
    code = "brand_category_not_covered"
    message = N_("One of these categories isn't covered by the link before this one.")


class TerritoryMissing(Invalid):
    code = "brand_territory_missing"
    message = N_("Choose at least one place and one category, as the authorisation says.")


@dataclass(frozen=True, slots=True)
class Registration:
    """A mark as its certificate says it; `owner` is empty for a private person."""

    names: tuple[str, ...]
    owner: str
    number: str
    classes: tuple[int, ...]
    place: str
    owner_is_person: bool = False


@dataclass(frozen=True, slots=True)
class Authorisation:
    """One link: who was authorised (empty for the shop itself or a person), where and for what."""

    grantee: str
    territory: tuple[str, ...]
    categories: tuple[str, ...]


@cache
def classes_of_categories() -> dict[str, frozenset[int]]:
    """Category → the classes that cover its goods."""
    return {slug: frozenset(each) for slug, each in tomllib.loads(DATA.read_text("utf-8")).items()}


def covered_by(classes: Iterable[int]) -> list[str]:
    """The categories whose goods a mark of these classes can stand on."""
    held = set(classes)
    return sorted(slug for slug, wanted in classes_of_categories().items() if wanted & held)


def checked(said: Registration) -> Registration:
    """The same in its normal form.

    :raises BrandUnnamed: :raises OwnerUnnamed: :raises ClassUnknown: :raises ClassCoversNothing:
    """
    names = tuple(dict.fromkeys(each.strip()[: brand_names.LONGEST] for each in said.names if each.strip()))
    if not brand_names.all_folded(names) or len(names) > brand_names.MOST_NAMES:
        raise BrandUnnamed(field="names", most=brand_names.MOST_NAMES)
    owner = "" if said.owner_is_person else said.owner.strip()[:LONGEST_OWNER]
    if not owner and not said.owner_is_person:
        raise OwnerUnnamed(field="owner")
    classes = tuple(sorted(set(said.classes)))
    if not classes or not all(1 <= each <= LAST_CLASS for each in classes):
        raise ClassUnknown(field="classes", last=LAST_CLASS)
    if not covered_by(classes):
        raise ClassCoversNothing(field="classes", classes=", ".join(map(str, classes)))
    number = "".join(said.number.split()).upper()[:LONGEST_REGISTRATION]
    return Registration(names, owner, number, classes, said.place, said.owner_is_person)


def fitting(said: Authorisation, before: Sequence[str]) -> Authorisation:
    """The same, if it authorises nothing that the link before it doesn't have.

    :raises TerritoryMissing: :raises NotCovered:
    """
    if not said.territory or not said.categories:
        raise TerritoryMissing(field="categories")
    for slug in said.categories:
        if slug not in before:
            raise NotCovered(field="categories")
    return said
