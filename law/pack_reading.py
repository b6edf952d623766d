"""A pack from its file's content, refused with the rule and key that can't be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from kernel.errors import DomainError
from law.counting import Length, zone_of
from law.errors import BadPack, UnknownZone
from law.reading import LOCALES, Fields, as_table
from law.rules import (
    OWNERS,
    PAYERS,
    Authority,
    Confidence,
    Exclusion,
    Exemption,
    Instrument,
    Pack,
    Penalty,
    Remedy,
    Required,
    Rule,
    Stamp,
    Uninformed,
)

# Facts about a parcel sent back that may start a clock or hold a payment.
FACTS = ("notice", "proof", "goods_back")
SUBJECTS = ("return", "quality", "remedy", "complaint", "contract", "disclosure", "privacy", "records")
RULE_ID = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9_]+){1,4}", re.ASCII)
PACK_KEYS = ("place", "places", "version", "zone", "currency", "in_force_from", "read_on", "instruments",
             "authorities", "roles", "disclosures", "rules")  # fmt: skip
RULE_KEYS = ("id", "instrument", "article", "in_force_from", "in_force_to", "subject", "stamp",
             "confidence", "source", "sentence", "kept_by", "zone", "trigger", "owner", "n", "unit",
             "first_day_counts", "roll", "backward", "payer", "exemptions", "remedy", "penalty", "display",
             "figures", "min_working_days", "starts_from", "withhold_until", "uninformed")  # fmt: skip


def read_pack(data: Mapping[str, object]) -> Pack:
    """:raises BadPack: naming the rule by id and position, and the key"""
    top = Fields(data, where="pack")
    top.allow(*PACK_KEYS)
    zone = _zone(top, "zone")
    place = top.text("place")
    instruments = {key: _instrument(key, value) for key, value in top.table("instruments").items()}
    currency = top.text("currency")
    rules = tuple(
        _rule(Fields(table, where=_name(table, index), index=index), instruments, place, zone, currency)
        for index, table in enumerate(top.tables("rules"))
    )
    if not rules:
        raise top.refuse("rules", "a pack without rules")
    _refuse_overlaps(rules)
    known = frozenset(rule.id for rule in rules)
    return Pack(
        place=place,
        version=top.text("version"),
        zone=zone,
        in_force_from=top.day("in_force_from"),
        currency=currency,
        rules=rules,
        roles=_roles(top, known),
        disclosures=_disclosures(top, known),
        jurisdiction=place,
        places=_places(top) or {place: zone},
        authorities={
            code: _authority(code, value, known=(*_places(top), place))
            for code, value in top.table("authorities").items()
        },
    )


def _places(top: Fields) -> Mapping[str, str]:
    fields = Fields(top.table("places"), where="places")
    return {place: _zone(fields, place) for place in fields.data}


def _name(table: Mapping[str, object], index: int) -> str:
    return str(table.get("id") or f"rule {index + 1}")


def _zone(fields: Fields, key: str, default: str | None = None) -> str:
    name = fields.text(key, default)
    try:
        zone_of(name)
    except UnknownZone as error:
        raise fields.refuse(key, str(error)) from error
    return name


def _instrument(key: str, value: object) -> Instrument:
    fields = Fields(as_table(value, where="instruments", field=key), where=f"instrument {key}")
    fields.allow("original", "hant", "english", "number")
    original = fields.text("original")
    return Instrument(
        original, fields.text("hant", original), fields.text("english"), fields.text("number", "")
    )


def _authority(code: str, value: object, *, known: tuple[str, ...]) -> Authority:
    fields = Fields(as_table(value, where="authorities", field=code), where=f"authority {code}")
    fields.allow("original", *LOCALES, "url", "confidence")
    if code not in known:
        raise fields.refuse("original", "is the authority of no place of this pack")
    url = fields.text("url")
    if not url.startswith("https://"):
        raise fields.refuse("url", "must begin with https://")
    names = {locale: fields.text(locale) for locale in LOCALES}
    confidence = Confidence(fields.choice("confidence", Confidence))
    return Authority(fields.text("original"), names, url, confidence)


def _rule(
    fields: Fields, instruments: Mapping[str, Instrument], place: str, zone: str, currency: str
) -> Rule:
    fields.allow(*RULE_KEYS)
    rule_id = fields.text("id")
    if not RULE_ID.fullmatch(rule_id):
        raise fields.refuse("id", "must be lower-case words joined by dots, the place first")
    first, last = _in_force(fields)
    length = _length(fields)
    return Rule(
        id=rule_id,
        place=place,
        instrument=instruments[fields.choice("instrument", instruments)],
        article=fields.text("article"),
        in_force_from=first,
        in_force_to=last,
        subject=fields.choice("subject", SUBJECTS),
        stamp=Stamp(fields.choice("stamp", Stamp, "law")),
        confidence=Confidence(fields.choice("confidence", Confidence)),
        source=fields.text("source"),
        sentence=fields.sentences("sentence"),
        kept_by=fields.sentences("kept_by") if fields.has("kept_by") else dict.fromkeys(LOCALES, ""),
        zone=_zone(fields, "zone", zone),
        trigger=fields.text("trigger") if length else fields.text("trigger", ""),
        owner=fields.choice("owner", OWNERS) if fields.has("owner") else "",
        length=length,
        first_day_counts=fields.flag("first_day_counts", False),
        roll=fields.flag("roll", True),
        backward=fields.flag("backward", False),
        min_working_days=fields.whole_number("min_working_days", default=0),
        starts_from=_facts(fields, "starts_from"),
        withhold_until=_facts(fields, "withhold_until"),
        uninformed=_uninformed(fields),
        payer=fields.choice("payer", PAYERS) if fields.has("payer") else "",
        exemptions=tuple(_exemption(fields, each) for each in fields.tables("exemptions")),
        remedy=_remedy(fields, currency),
        penalty=_penalty(fields, currency),
        display=fields.texts("display"),
        figures=_figures(fields),
    )


def _in_force(fields: Fields) -> tuple[date, date | None]:
    first = fields.day("in_force_from")
    last = fields.day("in_force_to") if fields.has("in_force_to") else None
    if last is not None and last < first:
        raise fields.refuse("in_force_to", f"{last} is before in_force_from {first}")
    return first, last


def _figures(rule: Fields) -> Mapping[str, int]:
    fields = Fields(rule.table("figures"), where=f"{rule.where}.figures", index=rule.index)
    return {key: fields.whole_number(key) for key in fields.data}


def _length(fields: Fields) -> Length | None:
    if not (fields.has("n") or fields.has("unit")):
        return None
    number, unit = fields.whole_number("n", low=1), fields.text("unit")
    try:
        return Length(number, unit)
    except DomainError as error:
        raise fields.refuse("unit", str(error)) from error


def _facts(fields: Fields, key: str) -> tuple[str, ...]:
    for name in fields.texts(key):
        if name not in FACTS:
            raise fields.refuse(key, f"“{name}” is none of {', '.join(FACTS)}")
    return fields.texts(key)


def _uninformed(rule: Fields) -> Uninformed | None:
    if not rule.has("uninformed"):
        return None
    fields = Fields(rule.table("uninformed"), where=f"{rule.where}.uninformed", index=rule.index)
    fields.allow("n", "unit", "from")
    length = _length(fields)
    if length is None:
        raise fields.refuse("n", "is missing")
    return Uninformed(length, fields.choice("from", ("end", "start")) == "end")


def _exemption(rule: Fields, table: Mapping[str, object]) -> Exemption:
    fields = Fields(table, where=f"{rule.where}.exemptions", index=rule.index)
    fields.allow("code", "kind", "categories", "presumed", "sentence")
    return Exemption(
        code=fields.text("code"),
        kind=Exclusion(fields.choice("kind", Exclusion)),
        categories=fields.texts("categories"),
        presumed=fields.texts("presumed"),
        sentence=fields.sentences("sentence"),
    )


def _remedy(rule: Fields, currency: str) -> Remedy | None:
    if not rule.has("remedy"):
        return None
    fields = Fields(rule.table("remedy"), where=f"{rule.where}.remedy", index=rule.index)
    fields.allow("price_multiple", "loss_multiple", "floor_minor")
    return Remedy(
        price_multiple=fields.whole_number("price_multiple"),
        loss_multiple=fields.whole_number("loss_multiple", default=0),
        floor_minor=fields.whole_number("floor_minor", default=0),
        currency=currency,
    )


def _penalty(rule: Fields, currency: str) -> Penalty | None:
    if not rule.has("penalty"):
        return None
    fields = Fields(rule.table("penalty"), where=f"{rule.where}.penalty", index=rule.index)
    bounds = ("low_minor", "high_minor", "low_multiple", "high_multiple")
    fields.allow(*bounds, "article")
    low, high, least, most = (fields.whole_number(key) if fields.has(key) else None for key in bounds)
    if low is not None and high is not None and high < low:
        raise fields.refuse("high_minor", "is below low_minor")
    return Penalty(low, high, least, most, currency, fields.text("article", ""))


def _refuse_overlaps(rules: tuple[Rule, ...]) -> None:
    seen: dict[str, list[Rule]] = {}
    for index, rule in enumerate(rules):
        for other in seen.get(rule.id, []):
            if rule.in_force_from <= (other.in_force_to or date.max) and other.in_force_from <= (
                rule.in_force_to or date.max
            ):
                reason = (
                    f"is in force from {rule.in_force_from} beside the wording from {other.in_force_from}"
                )
                raise BadPack(where=rule.id, field="in_force_from", reason=reason, index=index)
        seen.setdefault(rule.id, []).append(rule)


def _roles(top: Fields, known: frozenset[str]) -> Mapping[str, str]:
    fields = Fields(top.table("roles"), where="roles")
    return {role: fields.choice(role, sorted(known)) for role in fields.data}


def _disclosures(top: Fields, known: frozenset[str]) -> Mapping[str, tuple[Required, ...]]:
    """Category → {rule id = [fields]} in the file, flattened in order."""
    result = {}
    for category, table in top.table("disclosures").items():
        fields = Fields(as_table(table, where="disclosures", field=category), where=f"disclosures.{category}")
        for rule_id in fields.data:
            if rule_id not in known:
                raise fields.refuse(rule_id, "no rule of this pack")
        result[category] = tuple(
            Required(name, rule_id) for rule_id in fields.data for name in fields.texts(rule_id)
        )
    return result
