"""Instants as people write them: with a zone, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from law.counting import check_instant, zone_of
from law.errors import AmbiguousTime, NotAnInstant, TimeDoesNotExist

_ZONED = re.compile(r"(?P<local>[^\[\]]+)\[(?P<zone>[A-Za-z0-9_+\-/]+)\]")


def parse_instant(text: str) -> datetime:
    """Read "2026-09-23T14:00+08:00", "…Z" or "2026-09-23T14:00[Asia/Shanghai]" as UTC.

    :raises NotAnInstant: for a date alone or anything else
    :raises NaiveInstant: without a zone
    :raises TimeDoesNotExist: and AmbiguousTime, for a local time at a change of clocks
    """
    zoned = _ZONED.fullmatch(text.strip())
    moment = _read(zoned["local"] if zoned else text.strip(), text)
    if zoned is None:
        return check_instant(moment)
    if moment.tzinfo is not None:
        raise NotAnInstant(instant=text)
    zone = zone_of(zoned["zone"])
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    check_instant(first)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != moment:
        raise TimeDoesNotExist(local=zoned["local"], zone=zoned["zone"])
    if first.utcoffset() != second.utcoffset():
        raise AmbiguousTime(local=zoned["local"], zone=zoned["zone"])
    return first.astimezone(UTC)


def _read(local: str, text: str) -> datetime:
    if "T" not in local and " " not in local:
        raise NotAnInstant(instant=text)
    try:
        return datetime.fromisoformat(local)
    except ValueError:
        raise NotAnInstant(instant=text) from None
