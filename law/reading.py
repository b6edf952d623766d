"""Reading plain tables strictly: every key is known, every value has its type, every refusal says where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from law.errors import BadPack

LOCALES = ("zh-hans", "zh-hant", "en")


def as_table(value: object, *, where: str, field: str, index: int | None = None) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadPack(where=where, field=field, reason="must be a table of keys and values", index=index)
    return value


@dataclass(frozen=True, slots=True)
class Fields:
    """One table of a file; `index` is the number of the rule it stands in, for the line."""

    data: Mapping[str, object]
    where: str
    index: int | None = None

    def refuse(self, field: str, reason: str) -> BadPack:
        return BadPack(where=self.where, field=field, reason=reason, index=self.index)

    def allow(self, *keys: str) -> None:
        """:raises BadPack: for a key that nothing reads, which is nearly always a slip"""
        for key in self.data:
            if key not in keys:
                raise self.refuse(key, f"unknown key; known are {', '.join(keys)}")

    def has(self, field: str) -> bool:
        return self.data.get(field) is not None

    def text(self, field: str, default: str | None = None) -> str:
        value = self.data.get(field, default)
        if not isinstance(value, str) or (not value.strip() and default is None):
            raise self.refuse(field, "must be a text that isn't empty")
        return value

    def choice(self, field: str, known: Iterable[str], default: str | None = None) -> str:
        value = self.text(field, default)
        allowed = tuple(known)
        if value not in allowed:
            raise self.refuse(field, f"“{value}” is none of {', '.join(allowed)}")
        return value

    def flag(self, field: str, default: bool) -> bool:
        value = self.data.get(field, default)
        if not isinstance(value, bool):
            raise self.refuse(field, "must be true or false")
        return value

    def whole_number(self, field: str, *, low: int = 0, default: int | None = None) -> int:
        value = self.data.get(field, default)
        if type(value) is not int or value < low:
            raise self.refuse(field, f"must be a whole number from {low} up, not {value!r}")
        return value

    def whole_numbers(self, field: str, *, low: int, high: int) -> tuple[int, ...]:
        values = self.data.get(field)
        if not isinstance(values, list) or any(type(v) is not int or not low <= v <= high for v in values):
            raise self.refuse(field, f"must be a list of whole numbers from {low} to {high}")
        return tuple(values)

    def texts(self, field: str) -> tuple[str, ...]:
        values = self.data.get(field, [])
        if not isinstance(values, list) or any(not isinstance(v, str) or not v for v in values):
            raise self.refuse(field, "must be a list of texts")
        return tuple(values)

    def table(self, field: str) -> Mapping[str, object]:
        return as_table(self.data.get(field, {}), where=self.where, field=field, index=self.index)

    def tables(self, field: str) -> tuple[Mapping[str, object], ...]:
        values = self.data.get(field, [])
        if not isinstance(values, list):
            raise self.refuse(field, "must be a list of tables")
        return tuple(as_table(v, where=self.where, field=field, index=self.index) for v in values)

    def day(self, field: str) -> date:
        return self._day(field, self.data.get(field))

    def days(self, field: str) -> tuple[date, ...]:
        values = self.data.get(field, [])
        if not isinstance(values, list):
            raise self.refuse(field, "must be a list of dates")
        return tuple(self._day(field, value) for value in values)

    def month_days(self, field: str) -> tuple[tuple[int, int], ...]:
        """Dates without a year, "05-01"."""
        days = (self._day(field, f"2000-{value}") for value in self.texts(field))
        return tuple((day.month, day.day) for day in days)

    def sentences(self, field: str) -> Mapping[str, str]:
        """One text for each of the three languages."""
        table = Fields(self.table(field), where=f"{self.where}.{field}", index=self.index)
        table.allow(*LOCALES)
        return {locale: table.text(locale) for locale in LOCALES}

    def _day(self, field: str, value: object) -> date:
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        elif type(value) is date:
            return value
        raise self.refuse(field, f"must be a date such as 2024-07-01, not {value!r}")
