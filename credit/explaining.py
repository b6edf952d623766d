"""Why a score is what it is: counts in words, each component's facts, and what would raise it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from credit import standards
from credit.models import Entry
from credit.scoring import Fact, Score, counting, score
from credit.standards import Component, Kind, Standard
from merchants.models import Merchant

LOCALES = ("zh-hans", "zh-hant", "en")
COMPLAINTS = (
    "complaint_upheld", "complaint_partly", "complaint_refused", "complaint_agreed", "complaint_withdrawn",
)  # fmt: skip
ANSWERS = ("answered_quickly", "answered_in_time", "answer_overdue")


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of fact within a component: how often it happened and what it weighs."""

    kind: Kind
    number: int


@dataclass(frozen=True, slots=True)
class Fading:
    """Facts of one kind that hurt: the gain without them, and when the first of them stops counting."""

    kind: Kind
    number: int
    gain_permille: int
    until: datetime


def facts_of(merchant_id: UUID, *, at: datetime) -> list[Fact]:
    """Everything that counts at the instant."""
    standard = standards.in_force(at)
    held = Entry.objects.of_merchant(merchant_id).within(at=at, days=standard.window_days)
    return counting(held.facts(), standard, at)


def counts(facts: Iterable[Fact]) -> Counter[str]:
    """How often each kind of fact happened."""
    return Counter(fact.kind for fact in facts)


def lines(component: Component, numbers: Mapping[str, int], standard: Standard) -> list[Line]:
    """What stands behind a component, as the standard lists it; kinds that never happened left out."""
    own = [kind for kind in standard.kinds.values() if kind.component == component.key]
    return [Line(kind, numbers[kind.key]) for kind in own if numbers.get(kind.key)]


def parts_as_data(found: Score) -> list[dict[str, int | str]]:
    return [
        {"key": p.key, "weight": p.weight, "permille": p.permille, "points": p.points, "counted": p.counted}
        for p in found.parts
    ]


def facts_for_gauge(found: Score, numbers: Mapping[str, int]) -> dict[str, Any]:
    """What components/credit_gauge.html shows, in every language; written on the merchant's row."""
    labels = {each.key: dict(each.label) for each in standards.of_version(found.standard).components}
    parts = [
        {"label": labels[part.key], "permille": part.permille, "weight": part.weight} for part in found.parts
    ]
    return {
        "orders": found.orders,
        "why": {locale: _why_in(locale, found, numbers) for locale in LOCALES},
        "parts": parts if found.permille is not None else [],
    }


def _why_in(locale: str, found: Score, numbers: Mapping[str, int]) -> str:
    with translation.override(locale):
        return why(found, numbers)


def why(found: Score, numbers: Mapping[str, int]) -> str:
    """The reasons in plain words with the counts, in the active language."""
    if found.permille is None:
        return _young(found)
    said = [_dispatch(numbers), _complaints(found.orders, numbers), _answers(numbers)]
    gap = "" if (translation.get_language() or "").startswith("zh") else " "
    return gap.join(each for each in said if each)


def _young(found: Score) -> str:
    standard = standards.of_version(found.standard)
    said = _(
        "So far %(orders)s orders in %(days)s days; a grade takes %(least_orders)s orders"
        " and %(least_days)s days."
    )
    return said % {
        "orders": found.orders,
        "days": found.days,
        "least_orders": standard.least_orders,
        "least_days": standard.least_days,
    }


def _dispatch(numbers: Mapping[str, int]) -> str:
    late = numbers.get("dispatch_late", 0)
    sent = late + numbers.get("dispatched_on_time", 0)
    if not sent:
        return ""
    if not late:
        return _("All %(sent)s parcels were sent in time.") % {"sent": sent}
    return _("%(late)s of %(sent)s parcels were sent late.") % {"late": late, "sent": sent}


def _complaints(orders: int, numbers: Mapping[str, int]) -> str:
    number = sum(numbers.get(kind, 0) for kind in COMPLAINTS)
    if not number:
        return _("No complaint was closed in the past 12 months.")
    for_buyer = numbers.get("complaint_upheld", 0) + numbers.get("complaint_partly", 0)
    share = f"{number * 10000 // max(orders, 1) / 100:.2f}"
    closed = ngettext(
        "%(number)s complaint in the past 12 months, %(share)s%% of orders;"
        " %(for_buyer)s decided for the buyer.",
        "%(number)s complaints in the past 12 months, %(share)s%% of orders;"
        " %(for_buyer)s decided for the buyer.",
        number,
    )
    return closed % {"number": number, "share": share, "for_buyer": for_buyer}


def _answers(numbers: Mapping[str, int]) -> str:
    asked = sum(numbers.get(kind, 0) for kind in ANSWERS)
    silent = numbers.get("answer_overdue", 0)
    if not asked:
        return ""
    if silent:
        return _("%(silent)s of %(asked)s weren't answered in time.") % {"silent": silent, "asked": asked}
    return _("%(quick)s of %(asked)s were answered within 24 hours.") % {
        "quick": numbers.get("answered_quickly", 0),
        "asked": asked,
    }


def what_would_raise(merchant: Merchant, *, at: datetime) -> list[Fading]:
    """Per kind of fact that hurts: the gain without it, largest first; it fades by itself until `until`."""
    standard = standards.in_force(at)
    facts = facts_of(merchant.pk, at=at)
    now = score(facts, standard, at=at, since=merchant.since).reckoned
    found = []
    for key, number in counts(facts).items():
        kind = standard.kinds.get(key)
        if kind is not None and kind.hurts:
            rest = [fact for fact in facts if fact.kind != key]
            gain = score(rest, standard, at=at, since=merchant.since).reckoned - now
            first = min(fact.at for fact in facts if fact.kind == key)
            found.append(Fading(kind, number, gain, first + timedelta(days=standard.window_days)))
    return sorted(found, key=lambda each: (-each.gain_permille, each.kind.key))
