"""Credit in the words of a page: components with counts, points with cases, the standard itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.schema import in_language
from credit import explaining, grading, standards
from credit.models import Entry, Grading
from credit.queries import GradingQuerySet
from credit.scoring import Part, Score
from credit.standards import Component, Kind, Standard
from merchants.models import Merchant
from web.formats import day_text

HISTORY = 12
State = dict[str, Any]


def said(words: Mapping[str, str]) -> str:
    """A text of the standard in the reader's language."""
    return in_language(dict(words), get_language() or "zh-hans")


def credit_page(merchant: Merchant, *, at: datetime) -> State:
    """Everything reckoned now, from the entries alone."""
    standard = standards.in_force(at)
    found = grading.reckon(merchant, at=at)
    numbers = explaining.counts(explaining.facts_of(merchant.pk, at=at))
    return {
        "merchant": merchant,
        "gauge": gauge(found, numbers, standard, at=at),
        "score": found,
        "standard": standard,
        "components": [
            component(each, part, numbers, standard, shown=found.permille is not None)
            for each, part in zip(standard.components, found.parts, strict=True)
        ],
    }


def gauge(found: Score, numbers: Mapping[str, int], standard: Standard, *, at: datetime) -> State:
    """The inputs of components/credit_gauge.html."""
    labels = {each.key: said(each.label) for each in standard.components}
    parts = [
        {"label": labels[part.key], "weight": part.weight, "value": (part.permille + 5) // 10}
        for part in found.parts
    ]
    return {
        "letter": found.grade,
        "score_permille": found.permille,
        "sample": _("From %(orders)s orders in the past 12 months") % {"orders": found.orders},
        "parts": parts if found.permille is not None else [],
        "why": explaining.why(found, numbers),
        "updated": _("Reckoned on %(day)s by standard version %(version)s")
        % {"day": day_text(at), "version": standard.version},
    }


def component(
    each: Component, part: Part, numbers: Mapping[str, int], standard: Standard, *, shown: bool
) -> State:
    return {
        "label": said(each.label),
        "about": said(each.about),
        "weight": each.weight,
        "value": f"{part.permille / 10:.1f}" if shown else "",
        "points": f"{part.points / 10:.1f}" if shown else "",
        "counted": part.counted,
        "lines": [
            {"label": said(line.kind.label), "number": line.number, "effect": effect(line.kind)}
            for line in explaining.lines(each, numbers, standard)
        ],
    }


def effect(kind: Kind) -> str:
    """How a kind of fact counts, in a few words."""
    if not kind.weight:
        return _("on record, not counted")
    times = f"{kind.weight // 1000}" if kind.weight % 1000 == 0 else f"{kind.weight / 1000:.1f}"
    if kind.permille is None:
        return _("counts %(times)s times, by its score") % {"times": times}
    if kind.permille == 0:
        return _("counts %(times)s times against") % {"times": times}
    if kind.permille == 1000:
        return _("counts %(times)s times in favour") % {"times": times}
    return _("counts %(times)s times, at %(value)s of 100") % {"times": times, "value": kind.permille // 10}


def points(entries: list[Entry], merchant: Merchant, *, at: datetime) -> list[State]:
    """Each entry with its case, for the shop's own people."""
    standard = standards.in_force(at)
    return [
        {
            "at": entry.at,
            "label": said(standard.kinds[entry.kind].label),
            "effect": effect(standard.kinds[entry.kind]),
            "tone": "dn" if entry.weight and entry.permille < 500 else "up" if entry.weight else "",
            **_case(entry, merchant),
        }
        for entry in entries
    ]


def _case(entry: Entry, merchant: Merchant) -> State:
    if entry.complaint is not None:
        url = reverse("complaints:shop-case", args=[merchant.slug, entry.complaint.number])
        return {"url": url, "case": entry.complaint.number}
    if entry.order is not None:
        url = reverse("orders:merchant-order", args=[merchant.slug, entry.order.number])
        return {"url": url, "case": entry.order.number}
    if entry.kind == "listing_published":
        return {"url": reverse("catalog:listing", args=[merchant.slug, entry.reference]), "case": ""}
    return {"url": "", "case": ""}


def history(gradings: GradingQuerySet) -> list[State]:
    """The latest changes, each against the one before."""
    rows = list(gradings[: HISTORY + 1])
    before: list[Grading | None] = [*rows[1:], None][: len(rows)]
    return [
        {"at": row.at, "grade": row.grade, "score_permille": row.score_permille, "orders": row.orders,
         "change": _change(row.score_permille, last.score_permille if last else None)}
        for row, last in zip(rows, before, strict=True)
    ][:HISTORY]  # fmt: skip


def _change(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return ""
    return f"{(now - before) / 10:+.1f}"


def raising(merchant: Merchant, *, at: datetime) -> list[State]:
    """What would raise the score, largest first, with the day on which the first of them stops counting."""
    return [
        {
            "label": said(each.kind.label),
            "number": each.number,
            "gain": f"{each.gain_permille / 10:+.1f}",
            "until": each.until,
            "why": said(each.kind.why),
        }
        for each in explaining.what_would_raise(merchant, at=at)
    ]


def standard_page(standard: Standard) -> State:
    return {
        "standard": standard,
        "components": [
            {
                "label": said(each.label),
                "about": said(each.about),
                "weight": each.weight,
                "start": each.prior_permille // 10,
                "start_weight": each.prior_weight // 1000,
                "kinds": [
                    {"label": said(kind.label), "why": said(kind.why), "effect": effect(kind)}
                    for kind in standard.kinds.values()
                    if kind.component == each.key
                ],
            }
            for each in standard.components
        ],
        "bands": bands(standard),
    }


def bands(standard: Standard) -> list[State]:
    """Each grade with where it starts, ends, and what follows from it."""
    tops = [1000, *(band.lowest for band in standard.bands)]
    return [
        {
            "grade": band.grade,
            "lowest": band.lowest // 10,
            "top": top // 10,
            "delay": band.payout_delay_days,
            "rule_id": standard.rule_id(band.grade),
        }
        for band, top in zip(standard.bands, tops, strict=False)
    ]
