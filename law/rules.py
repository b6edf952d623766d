"""What a law pack is made of: rules with an article and a date, and the pack that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from law.counting import Length, local_day
from law.errors import RoleUnfilled, RuleNotInForce, UnknownRule


class Stamp(StrEnum):
    """Whether a right is law, which nobody can waive, or the platform's or a merchant's promise."""

    LAW = "law"
    PROMISE = "promise"


class Confidence(StrEnum):
    """How sure the text is; everything below `confirmed` warns staff that a lawyer hasn't seen it."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    MEMORY = "memory"
    INFERRED = "inferred"


class Exclusion(StrEnum):
    """Never: the law takes the goods out. Confirm: only if the buyer confirmed it for that purchase.

    Opened: returnable until the seal is broken, which shows when the goods come back.
    """

    NEVER = "never"
    CONFIRM = "confirm"
    OPENED = "opened"


OWNERS = ("buyer", "merchant", "platform", "carrier", "authority")
PAYERS = ("consumer", "trader")


@dataclass(frozen=True, slots=True)
class Instrument:
    """The law by its own name and in English, with its number where it has one."""

    original: str
    hant: str
    english: str
    number: str = ""

    def name(self, locale: str) -> str:
        return {"en": self.english, "zh-hant": self.hant}.get(locale, self.original)


@dataclass(frozen=True, slots=True)
class Exemption:
    """A ground to refuse. No `categories`: any goods; `presumed`: those whose category alone shows it."""

    code: str
    kind: Exclusion
    categories: tuple[str, ...]
    presumed: tuple[str, ...]
    sentence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is owed on top: so many times the price or the loss, at least the floor (minor units)."""

    price_multiple: int
    loss_multiple: int
    floor_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Penalty:
    """A fine's range in minor units; `multiple` bounds are times the illegal gain. None: not stated."""

    low_minor: int | None
    high_minor: int | None
    low_multiple: int | None
    high_multiple: int | None
    currency: str
    article: str


@dataclass(frozen=True, slots=True)
class Uninformed:
    """A window left open when the shopper wasn't told of the right: so long from its end or its start.

    Telling the shopper late starts the plain window from that day, within the longer one.
    """

    length: Length
    from_end: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one article. A rule without `length` has no clock.

    `trigger` names the fact that starts the clock, `owner` who must act before it ends; `backward`
    periods are looked back over from the fact (a price's past seven days). `starts_from` lists facts the
    earliest of which starts the clock in the trigger's place, `withhold_until` those the earliest of which
    must have come before anything is owed. A period holds at least `min_working_days`.
    """

    id: str
    place: str
    instrument: Instrument
    article: str
    in_force_from: date
    in_force_to: date | None
    subject: str
    stamp: Stamp
    confidence: Confidence
    source: str
    sentence: Mapping[str, str]
    kept_by: Mapping[str, str]
    zone: str
    trigger: str = ""
    owner: str = ""
    length: Length | None = None
    first_day_counts: bool = False
    roll: bool = True
    backward: bool = False
    min_working_days: int = 0
    starts_from: tuple[str, ...] = ()
    withhold_until: tuple[str, ...] = ()
    uninformed: Uninformed | None = None
    payer: str = ""
    exemptions: tuple[Exemption, ...] = ()
    remedy: Remedy | None = None
    penalty: Penalty | None = None
    display: tuple[str, ...] = ()
    figures: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    def exemption(self, code: str) -> Exemption | None:
        return next((each for each in self.exemptions if each.code == code), None)


@dataclass(frozen=True, slots=True)
class Required:
    """A field that a listing of a category must disclose, and the rule that says so."""

    field: str
    rule_id: str


@dataclass(frozen=True, slots=True)
class Authority:
    """Who hears complaints about personal data in one place; `original` is its name in its own language."""

    original: str
    names: Mapping[str, str]
    url: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Pack:
    """The law of one place in one version. `roles` names the rule that fills a role code asks for.

    A `jurisdiction` of several `places` (the EU's member states) is used through one of them.
    """

    place: str
    version: str
    zone: str
    in_force_from: date
    currency: str
    rules: tuple[Rule, ...]
    roles: Mapping[str, str]
    disclosures: Mapping[str, tuple[Required, ...]]
    jurisdiction: str = ""
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    authorities: Mapping[str, Authority] = field(default_factory=lambda: MappingProxyType({}))
    by_id: Mapping[str, tuple[Rule, ...]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            found[rule.id] = (*found.get(rule.id, ()), rule)
        object.__setattr__(self, "by_id", MappingProxyType(found))

    def at_place(self, place: str) -> Pack:
        """The same law for a buyer of one of its places, whose zone and calendar count."""
        zone = self.places[place]
        moved = tuple(replace(rule, zone=zone) if rule.zone == self.zone else rule for rule in self.rules)
        return replace(self, place=place, zone=zone, rules=moved)

    @property
    def authority(self) -> Authority | None:
        """Where a person of this place complains about their data; None where the pack doesn't say."""
        return self.authorities.get(self.place) or self.authorities.get(self.jurisdiction)

    def versions_of(self, rule_id: str) -> tuple[Rule, ...]:
        """Every wording of the rule in this pack, oldest first.

        :raises UnknownRule:
        """
        try:
            return self.by_id[rule_id]
        except KeyError:
            raise UnknownRule(rule=rule_id, place=self.place) from None

    def rule_on(self, rule_id: str, day: date) -> Rule:
        """:raises UnknownRule: or RuleNotInForce, never a neighbouring wording"""
        for rule in self.versions_of(rule_id):
            if rule.in_force_on(day):
                return rule
        raise RuleNotInForce(rule=rule_id, day=day.isoformat())

    def rule(self, rule_id: str, at: datetime) -> Rule:
        """The wording in force at the instant `at`, by the calendar day of the pack's zone."""
        return self.rule_on(rule_id, local_day(at, self.zone))

    def in_force(self, day: date) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.in_force_on(day))

    def role(self, name: str) -> str:
        """The id of the rule that fills the role, such as `return_window`.

        :raises RoleUnfilled: where this place's law knows no such thing
        """
        try:
            return self.roles[name]
        except KeyError:
            raise RoleUnfilled(role=name, place=self.place) from None
