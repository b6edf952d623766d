"""Questions to the law as plain answers, for the command line and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kernel.errors import N_, DomainError
from law import facts as law_of_facts
from law.counting import Length, count
from law.facts import Facts
from law.returns import ListingFacts
from law.rights import Right, rights_for
from rulebook import current, wording

FACTS = {
    "excludes_return": (str, type(None)),
    "exclusion": (str,),
    "confirmed": (bool,),
    "promised_return_days": (int,),
    "made_to_order": (bool,),
    "return_freight_promised": (bool,),
}


class BadFact(DomainError):
    code = "bad_fact"
    message = N_("“%(fact)s” can't be used as a fact. Known facts: %(known)s.")
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
    """The rights of a buyer on an offer, said in the active language."""
    found = rights_for(
        pack=current.pack(buyer, at),
        calendar=current.calendar(buyer),
        facts=facts_of(category, facts),
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


def facts_of(category: str, given: Mapping[str, object]) -> ListingFacts:
    """:raises BadFact: for a fact nobody knows, or with a value of another kind"""
    for name, value in given.items():
        if name not in FACTS or type(value) not in FACTS[name]:
            raise BadFact(fact=name, known=", ".join(FACTS))
    return ListingFacts(category=category, **given)  # type: ignore[arg-type]


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
