"""Questions to the law as plain answers, for the command line and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from babel import Locale

from kernel.errors import N_, DomainError
from law import facts as law_of_facts
from law.counting import Length, Unit, count
from law.facts import Facts
from law.returns import ListingFacts
from law.rights import Right, rights_for
from law.rules import Exclusion, Pack
from rulebook import current, wording

FACTS = {
    "excludes_return": (str, type(None)),
    "exclusion": (str,),
    "confirmed": (bool,),
    "promised_return_days": (int,),
    "made_to_order": (bool,),
    "return_freight_promised": (bool,),
    "private_seller": (bool,),
}


class BadFact(DomainError):
    code = "bad_fact"
    message = N_("“%(fact)s” can't be used as a fact. Known facts: %(known)s.")
    status = 422


class BadFactValue(DomainError):
    code = "bad_fact_value"
    message = N_("The fact %(fact)s can't be “%(value)s”. Known: %(known)s.")
    status = 422


class CategoryUnknown(DomainError):
    code = "category_unknown"
    message = N_("There is no category “%(category)s”. Known: %(known)s.")
    status = 422


class CountryUnknown(DomainError):
    code = "country_unknown"
    message = N_("“%(place)s” is no country. Give two letters, such as CN or DE.")
    status = 422


def due(*, rule_id: str, place: str, facts: Facts) -> dict[str, Any]:
    """The end of the rule's period under the facts, by the law in force at its start.

    :raises DomainError: a named refusal of the place, the rule or the facts
    """
    pack, calendar = current.pack(place, facts.start), current.calendar(place)
    window = law_of_facts.due(pack=pack, calendar=calendar, rule_id=rule_id, facts=facts)
    return {
        "rule": window.rule_id,
        "article": pack.rule(rule_id, facts.start).article,
        "last_day": window.last_day.isoformat(),
        "late_from": instant_text(window.due_at),
        "provisional": window.provisional,
        "calendar": window.calendar_version,
        "pack_version": window.pack_version,
    }


def counted(*, start: datetime, length: Length, place: str) -> dict[str, Any]:
    """A bare count with the place's calendar and zone."""
    pack, calendar = current.pack(place, start), current.calendar(place)
    found = count(start=start, length=length, calendar=calendar, zone=pack.zone)
    return {
        "last_day": found.last_day.isoformat(),
        "late_from": instant_text(found.due_at),
        "provisional": found.provisional,
        "calendar": calendar.version,
    }


def rights(
    *, buyer: str, seller: str, category: str, facts: Mapping[str, object], at: datetime
) -> list[dict[str, Any]]:
    """The rights of a buyer on an offer, said in the active language.

    :raises DomainError: a named refusal of a place, the category or a fact
    """
    pack = current.pack(buyer, at)
    _check_country(seller)
    found = rights_for(
        pack=pack,
        calendar=current.calendar(buyer),
        facts=facts_of(category, facts, pack=pack, at=at),
        buyer_place=buyer,
        seller_place=seller,
        at=at,
    )
    return [_right(each) for each in found]


def rules(*, place: str, at: datetime) -> list[dict[str, Any]]:
    """Every wording in the pack that applies at the place."""
    pack = current.pack(place, at)
    return [
        {
            "id": rule.id,
            "article": rule.article,
            "in_force_from": rule.in_force_from.isoformat(),
            "in_force_to": rule.in_force_to.isoformat() if rule.in_force_to else None,
            "stamp": str(rule.stamp),
            "confidence": str(rule.confidence),
        }
        for rule in sorted(pack.rules, key=lambda each: (each.id, each.in_force_from))
    ]


def facts_of(category: str, given: Mapping[str, object], *, pack: Pack, at: datetime) -> ListingFacts:
    """:raises BadFact: CategoryUnknown or BadFactValue, for what nobody knows or could be true"""
    home = current.pack(current.HOME, at)
    if category not in home.disclosures:
        raise CategoryUnknown(category=category, known=", ".join(sorted(home.disclosures)))
    for name, value in given.items():
        if name not in FACTS or type(value) not in FACTS[name]:
            raise BadFact(fact=name, known=", ".join(FACTS))
    facts = ListingFacts(category=category, **given)  # type: ignore[arg-type]
    claims = (str(Exclusion.NEVER), str(Exclusion.CONFIRM))
    if facts.excludes_return is not None and facts.excludes_return not in claims:
        raise BadFactValue(fact="excludes_return", value=facts.excludes_return, known=", ".join(claims))
    grounds = sorted({ground for law in (home, pack) for ground in _grounds(law)})
    if facts.exclusion and facts.exclusion not in grounds:
        raise BadFactValue(fact="exclusion", value=facts.exclusion, known=", ".join(grounds))
    Length(facts.promised_return_days, Unit.DAYS)
    return facts


def _grounds(law: Pack) -> set[str]:
    return {ground.code for rule in law.rules for ground in rule.exemptions}


def _check_country(place: str) -> None:
    if place not in _countries():
        raise CountryUnknown(place=place)


@cache
def _countries() -> frozenset[str]:
    """Two-letter countries of CLDR, with the UK as packs spell it; groups of countries are none."""
    codes = (str(code) for code in Locale("en").territories)
    known = {code for code in codes if len(code) == 2 and code.isalpha()}
    return frozenset(known - {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"} | {"UK"})


def instant_text(moment: datetime) -> str:
    """UTC to the second, "2026-09-30T16:00:00Z"."""
    return moment.isoformat().replace("+00:00", "Z")


def _right(right: Right) -> dict[str, Any]:
    return {
        "id": right.id,
        "rule": right.rule_id,
        "stamp": str(right.stamp),
        "can_do": wording.say(right.can_do),
        "until": wording.say(right.until),
        "cost": wording.say(right.cost),
        "source": wording.say(right.source),
        "applies": right.applies,
        "why_not": wording.say(right.why_not) if right.why_not else None,
    }
