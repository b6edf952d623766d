"""Bringing law packs, calendars, policies and texts in: whole or not at all, the same file twice once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

import law
from kernel.actor import Actor
from kernel.errors import N_, DomainError
from law.calendars import Calendar, read_calendar
from law.errors import BadPack
from law.pack_reading import read_pack
from law.rules import Confidence, Pack
from outbox import bus
from rulebook import shelf
from rulebook.events import CalendarLoaded, PackLoaded
from rulebook.models import CalendarVersion, PackVersion, Policy, RuleText
from rulebook.policy_reading import PolicySource, read_policies, read_texts
from rulebook.sources import at_line, digest, parse, read_text

LAW = Path(law.__file__).parent
DATA = Path(__file__).parent / "data"

Version = TypeVar("Version", PackVersion, CalendarVersion)


class VersionTaken(DomainError):
    """A version is what orders refer to, so it can't come to mean something else."""

    code = "rulebook_version_taken"
    message = N_(
        "Version %(version)s is already loaded with other content. Give the changed file a new version."
    )
    status = 409


def pack_of(text: str, *, name: str) -> tuple[Pack, dict[str, Any]]:
    """The pack in a file, and its content as plain JSON.

    :raises BadRulebookFile: with the line
    """
    data = parse(text, name=name)
    try:
        return read_pack(data), data
    except BadPack as error:
        raise at_line(error, text, name=name) from error


def calendar_of(text: str, *, name: str) -> tuple[Calendar, dict[str, Any]]:
    """:raises BadRulebookFile: with the line"""
    data = parse(text, name=name)
    try:
        return read_calendar(data), data
    except BadPack as error:
        raise at_line(error, text, name=name) from error


@transaction.atomic
def load_pack(*, text: str, name: str, actor: Actor, at: datetime) -> tuple[PackVersion, bool]:
    """Keep a law pack; True if it is new. The same content again changes nothing.

    :raises BadRulebookFile: with the line; nothing is kept
    :raises VersionTaken: when the version is loaded with other content
    """
    pack, data = pack_of(text, name=name)
    fields = {"in_force_from": pack.in_force_from, "content": data}
    row, new = _keep(PackVersion, pack.place, pack.version, fields, actor=actor, at=at)
    if new:
        unsure = sum(rule.confidence is not Confidence.CONFIRMED for rule in pack.rules)
        bus.publish(PackLoaded(pack.place, pack.version, unsure), at=at)
    return row, new


@transaction.atomic
def load_calendar(*, text: str, name: str, actor: Actor, at: datetime) -> tuple[CalendarVersion, bool]:
    """Keep a calendar; True if it is new.

    :raises BadRulebookFile: with the line
    :raises VersionTaken:
    """
    calendar, data = calendar_of(text, name=name)
    row, new = _keep(CalendarVersion, calendar.place, calendar.version, {"content": data}, actor=actor, at=at)
    if new:
        bus.publish(CalendarLoaded(calendar.place, calendar.version), at=at)
    return row, new


@transaction.atomic
def load_policies(*, text: str, name: str, actor: Actor, at: datetime) -> int:
    """Keep every policy version of the file that is new; gives their number.

    :raises BadRulebookFile: with the line
    :raises VersionTaken: when a version is loaded with another value
    """
    data = parse(text, name=name)
    try:
        sources = read_policies(data)
    except BadPack as error:
        raise at_line(error, text, name=name) from error
    new = _unloaded(sources, Policy.objects.values_list("name", "version", "value"))
    Policy.objects.bulk_create(
        Policy(
            name=source.name,
            version=source.version,
            value=source.value,
            in_force_from=source.in_force_from,
            loaded_at=at,
            loaded_by=str(actor),
        )
        for source in new
    )
    shelf.forget()
    return len(new)


@transaction.atomic
def load_texts(*, text: str, name: str, actor: Actor, at: datetime) -> int:
    """Keep every platform rule of the file that is new; gives their number.

    :raises BadRulebookFile: with the line
    :raises VersionTaken:
    """
    data = parse(text, name=name)
    try:
        sources = read_texts(data)
    except BadPack as error:
        raise at_line(error, text, name=name) from error
    new = _unloaded(sources, RuleText.objects.values_list("slug", "version", "texts"))
    RuleText.objects.bulk_create(
        RuleText(
            slug=source.name,
            version=source.version,
            texts=source.value,
            in_force_from=source.in_force_from,
            loaded_at=at,
            loaded_by=str(actor),
        )
        for source in new
    )
    shelf.forget()
    return len(new)


@transaction.atomic
def load_bundled(*, actor: Actor, at: datetime) -> list[str]:
    """Everything that comes with the code; idempotent. Says what was new, line by line."""
    said = []
    for path in sorted((LAW / "calendars").glob("*.json")):
        calendar, new = load_calendar(text=read_text(path), name=path.name, actor=actor, at=at)
        said += [f"calendar {calendar.version}"] if new else []
    for path in sorted((LAW / "packs").glob("*.toml")):
        pack, new = load_pack(text=read_text(path), name=path.name, actor=actor, at=at)
        said += [f"law pack {pack.version}"] if new else []
    number = load_policies(text=read_text(DATA / "policies.toml"), name="policies.toml", actor=actor, at=at)
    said += [f"{number} policies"] if number else []
    number = load_texts(text=read_text(DATA / "texts.toml"), name="texts.toml", actor=actor, at=at)
    said += [f"{number} platform rules"] if number else []
    return said


def _keep(
    model: type[Version], place: str, version: str, fields: dict[str, object], *, actor: Actor, at: datetime
) -> tuple[Version, bool]:
    content_hash = digest(fields["content"])  # type: ignore[arg-type]
    with transaction.atomic():
        row, created = model.objects.get_or_create(
            place=place,
            version=version,
            defaults={**fields, "content_hash": content_hash, "loaded_at": at, "loaded_by": str(actor)},
        )
    if row.content_hash != content_hash:
        raise VersionTaken(version=version)
    shelf.forget()
    return row, created


def _unloaded(
    sources: Iterable[PolicySource], loaded: Iterable[tuple[str, int, object]]
) -> list[PolicySource]:
    known = {(name, version): value for name, version, value in loaded}
    new = []
    for source in sources:
        key = (source.name, source.version)
        if key not in known:
            new.append(source)
        elif known[key] != source.value:
            raise VersionTaken(version=f"{source.name} v{source.version}")
    return new
