"""The kinds of letters that the house knows; config hands the table in at start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kernel.money import Money
from privacy.models import ConsentPurpose

Value = str | int | Money | datetime | date


class UnknownKind(LookupError):
    """A letter that nobody registered: a bug."""


@dataclass(frozen=True, slots=True)
class LetterKind:
    """`name` is "<app>.<kind>"; `sample` names every parameter with an example of its type.

    A duty letter (law or contract asks for it) can't be switched off by its reader; any other says in
    `about` (a msgid) what it brings. A parameter called "path" is the page that the letter is about.
    `consent` names what somebody must have agreed to before it may be written at all (offers: marketing).
    """

    name: str
    sample: Mapping[str, Value] = field(default_factory=dict)
    duty: bool = True
    about: str = ""
    consent: ConsentPurpose | None = None

    def __post_init__(self) -> None:
        if not self.duty and not self.about:
            raise ValueError(f"{self.name}: say what one would switch off")
        if self.duty and self.consent:
            raise ValueError(f"{self.name}: a letter that is owed waits for nobody's consent")

    @property
    def template(self) -> str:
        return f"letters/{self.name.replace('.', '/')}.txt"


_KINDS: dict[str, LetterKind] = {}


def install(kinds: Iterable[LetterKind]) -> None:
    """Put the house's table of letters in place; replaces what was there."""
    table = {kind.name: kind for kind in kinds}
    _KINDS.clear()
    _KINDS.update(table)


def kind_named(name: str) -> LetterKind:
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None


def optional() -> list[LetterKind]:
    """Those that a reader may keep out of the mail."""
    return [kind for kind in registered() if not kind.duty]


def registered() -> list[LetterKind]:
    """All kinds, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]
