"""The law pack and the calendar that apply at a place and instant."""

from __future__ import annotations

from datetime import datetime

from kernel.errors import N_, DomainError
from law.calendars import Calendar
from law.counting import local_day
from law.rules import Pack, Rule
from rulebook import shelf

HOME = "CN"


class PlaceUnknown(DomainError):
    code = "place_unknown"
    message = N_("No law is loaded for “%(place)s”.")
    status = 422


class PlaceTooWide(DomainError):
    code = "place_too_wide"
    message = N_("“%(place)s” is several places with calendars of their own. Give one of them: %(members)s.")
    status = 422


class PackNotInForce(DomainError):
    code = "pack_not_in_force"
    message = N_("No law pack of %(place)s was in force on %(day)s.")
    status = 422


class VersionUnknown(DomainError):
    code = "pack_version_unknown"
    message = N_("Version %(version)s of the law of %(place)s was never loaded.")
    status = 404


def pack(place: str, at: datetime) -> Pack:
    """The newest pack in force at the instant; older versions stay readable by `pack_version`.

    :raises PlaceUnknown: PlaceTooWide or PackNotInForce
    """
    held_now = shelf.current()
    versions = held_now.packs.get(place)
    if not versions:
        if place in held_now.members:
            raise PlaceTooWide(place=place, members=", ".join(held_now.members[place]))
        raise PlaceUnknown(place=place)
    held = [each for since, each in versions if since <= local_day(at, each.zone)]
    if not held:
        raise PackNotInForce(place=place, day=local_day(at, versions[0][1].zone).isoformat())
    return held[-1]


def pack_version(place: str, version: str) -> Pack:
    """The very pack that an order or deadline names.

    :raises VersionUnknown:
    """
    for _, each in shelf.current().packs.get(place, ()):
        if each.version == version:
            return each
    raise VersionUnknown(place=place, version=version)


def calendar(place: str) -> Calendar:
    """:raises PlaceUnknown:"""
    try:
        return shelf.current().calendars[place]
    except KeyError:
        raise PlaceUnknown(place=place) from None


def jurisdictions() -> dict[str, str]:
    """Each loaded law with one place of it, the home market's first."""
    members = shelf.current().members
    return {name: members[name][0] for name in sorted(members, key=lambda each: (each != HOME, each))}


def rules_by_id(rule_id: str, at: datetime) -> tuple[Pack, tuple[Rule, ...]] | None:
    """The pack in force that knows the rule, with every wording of it; None if no pack does."""
    for place in jurisdictions().values():
        held = pack(place, at)
        if rule_id in held.by_id:
            return held, held.by_id[rule_id]
    return None


def rules_of_version(rule_id: str, version: str) -> tuple[Pack, tuple[Rule, ...]] | None:
    """As `rules_by_id`, in the very pack that a deadline names; None if it was never loaded."""
    for place in jurisdictions().values():
        for _, held in shelf.current().packs[place]:
            if held.version == version and rule_id in held.by_id:
                return held, held.by_id[rule_id]
    return None
