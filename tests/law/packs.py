"""The bundled Chinese pack and calendar, read once for the tests of this folder."""

import json
import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import law
from law.calendars import Calendar, read_calendar
from law.pack_reading import read_pack
from law.rules import Pack

LAW = Path(law.__file__).parent
SHANGHAI = ZoneInfo("Asia/Shanghai")


def pack_data(place: str = "cn") -> dict[str, Any]:
    return tomllib.loads((LAW / "packs" / f"{place}.toml").read_text(encoding="utf-8"))


@cache
def pack(place: str = "cn") -> Pack:
    return read_pack(pack_data(place))


@cache
def calendar(place: str = "cn") -> Calendar:
    return read_calendar(json.loads((LAW / "calendars" / f"{place}.json").read_text(encoding="utf-8")))


def china(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant by the clock on the wall in China."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)
