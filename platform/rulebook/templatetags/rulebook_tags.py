"""Rights, rules and clocks in templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext

from kernel.errors import N_, NotFound
from law.counting import local_day
from law.rights import Right, Say
from rulebook import queries, wording

register = template.Library()

HOME = "Asia/Shanghai"

SUBJECTS = {
    "return": N_("Returning goods"),
    "quality": N_("Faulty goods"),
    "remedy": N_("Compensation"),
    "complaint": N_("Complaints"),
    "contract": N_("Orders and delivery"),
    "disclosure": N_("What sellers must tell you"),
    "privacy": N_("Your data"),
    "records": N_("Records and duties of the platform"),
    "platform": N_("Platform rules"),
}

OWNERS = {
    "buyer": N_("Buyer"),
    "merchant": N_("Seller"),
    "platform": N_("Anxin"),
    "carrier": N_("Carrier"),
    "nobody": N_("Nobody"),
    "turn": N_("Whoever's turn it is"),
    "authority": N_("Authority"),
}
LENGTHS = {
    "min": N_("%(n)s min"),
    "h": N_("%(n)s h"),
    "d": N_("%(n)s days"),
    "wd": N_("%(n)s working days"),
    "mo": N_("%(n)s months"),
    "y": N_("%(n)s years"),
}


@register.inclusion_tag("components/law_popover.html")
def cite(rule_id: str, at: datetime, version: str = "") -> dict[str, Any]:
    """The popover of the rule as it stood `at`: beside every right and deadline.

    A deadline gives its `booked_at` and `pack_version`: later law doesn't change what it was made with.
    An id that nothing loaded knows gives an empty one rather than a broken page.
    """
    try:
        return {"law": queries.citation(rule_id, wording.locale(), at=at, version=version).as_law}
    except NotFound:
        return {"law": {"name": rule_id}}


@register.filter
def say(sentence: Say | None) -> str:
    """A coded sentence in the reader's language; empty for none."""
    return wording.say(sentence) if sentence is not None else ""


@register.filter
def right_name(right: Right) -> str:
    return wording.name(right)


@register.filter
def rights_strip(rights: tuple[Right, ...]) -> list[str]:
    """The short texts of a product card."""
    return wording.strip(rights)


@register.filter
def calendar_day(day: date) -> str:
    """A date without an hour: when a rule came into force."""
    return wording.day_text(day)


@register.filter
def home_day(instant: datetime) -> str:
    """The day in China on which a platform rule comes into force."""
    return wording.day_text(local_day(instant, HOME))


@register.filter
def subject_name(subject: str) -> str:
    return gettext(SUBJECTS[subject])


@register.filter
def owner_name(owner: str) -> str:
    return gettext(OWNERS.get(owner, owner))


@register.filter
def length_text(length: dict[str, Any]) -> str:
    """{"n": 48, "unit": "h"} as "48 h"; nothing to wait for reads "at once"."""
    if not length["n"]:
        return gettext("at once")
    return gettext(LENGTHS[length["unit"]]) % {"n": length["n"]}


@register.filter
def in_language(texts: dict[str, str]) -> str:
    """The text of the reader's language from a table of three."""
    return texts[wording.locale()]
