"""The price rule beside the crossed-out price: thirty days of deals drawn, what is permitted, what runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import pricing, reduction_terms, reductions
from catalog.models import Deal, Listing
from kernel.errors import N_
from kernel.money import Money
from law.pricing import Permitted
from web.errors import said
from web.formats import day_text, money_text

Part = dict[str, Any]
TOP, BOTTOM, LEFT, HEIGHT = 20.0, 128.0, 12.0, 168
# Two pictures of one chart: (whole width, width of the plot).
WIDTHS = {"wide": (560, 420.0), "narrow": (330, 206.0)}

ENDED = {
    "over": N_("The last reduction ended on %(day)s, its last day."),
    "basis_lost": N_(
        "The last reduction ended by itself on %(day)s: the deal under it was cancelled or returned."
    ),
    "replaced": N_("The last reduction ended on %(day)s with a new version."),
    "withdrawn": N_("The last reduction ended on %(day)s, when the offer was taken off sale."),
}
RUNNING = N_("Runs since %(first)s until %(last)s, on the deals of the days before %(first)s.")
WAITING = N_("Starts on %(first)s and ends at %(last)s; the deals until then are checked again.")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where instants and sums stand in the picture."""

    since: datetime
    until: datetime
    high: int
    low: int
    plot: float

    def across(self, at: datetime) -> float:
        span = (self.until - self.since).total_seconds()
        share = (max(at, self.since) - self.since).total_seconds() / span
        return round(LEFT + min(share, 1.0) * self.plot, 1)

    def down(self, minor: int) -> float:
        span = max(1, self.high - self.low)
        return round(TOP + (self.high - minor) / span * (BOTTOM - TOP), 1)


def price_rule(listing: Listing, draft: Mapping[str, Any], *, at: datetime) -> Part:
    """The inputs of catalog/parts/price_rule.html."""
    variant_id = pricing.headline(draft, listing.pk).variant_id
    found = pricing.permitted(listing, variant_id, at=at)
    gaps = reduction_terms.gaps(listing, draft, at=at)
    claim = draft.get(reduction_terms.FIELD)
    was = Money(claim["was_minor"]) if claim else None
    deals = pricing.deals_since(variant_id, at - pricing.LOOK_BACK, at=at)
    return {
        "permitted": found.ceiling,
        "told": _told(found),
        "problem": said(gaps[0].problem, dict(gaps[0].params)) if gaps else "",
        "duty": gaps[0].duty if gaps else found.rule_id,
        "was": was,
        "charts": [_chart(deals, found, was, at=at, name=name) for name in WIDTHS] if deals else [],
        "days": _days(deals),
        "state": _state(listing),
    }


def _told(found: Permitted) -> str:
    gap = reduction_terms.too_high(found)
    return said(gap.problem, dict(gap.params))


def _state(listing: Listing) -> str:
    row = reductions.latest(listing)
    if row is None:
        return ""
    if row.ended_at is not None:
        return _(ENDED[row.ended_why]) % {"day": day_text(row.ended_at)}
    words = RUNNING if row.state == "running" else WAITING
    last = row.ends_at - timedelta(microseconds=1)
    return _(words) % {"first": day_text(row.starts_at), "last": day_text(last)}


def _days(deals: Sequence[Deal]) -> list[Part]:
    """Each day with its deals, newest first: the lowest price and how many."""
    by_day = groupby(reversed(deals), key=lambda deal: timezone.localdate(deal.at))
    rows = []
    for _day, group in by_day:
        found = list(group)
        rows.append({"at": found[0].at, "lowest": min(deal.price for deal in found), "count": len(found)})
    return rows


def _chart(deals: Sequence[Deal], found: Permitted, was: Money | None, *, at: datetime, name: str) -> Part:
    whole, plot = WIDTHS[name]
    sums = [deal.price_minor for deal in deals] + ([was.minor] if was else [])
    frame = Frame(at - pricing.LOOK_BACK, at, max(sums), min(sums), plot)
    lowest = min(deals, key=lambda deal: deal.price_minor)
    end = frame.across(at)
    first = frame.across(found.since) if found.since else end
    last_y = frame.down(deals[-1].price_minor)
    return {
        "name": name,
        "width": whole,
        "height": HEIGHT,
        "path": _path(deals, frame),
        "window": {"x": first, "width": round(end - first, 1), "mid": round((first + end) / 2, 1)},
        "days": (found.until - found.since).days if found.since and found.until else 0,
        "was": {"y": frame.down(was.minor), "text": money_text(was)} if was else None,
        "last": {"y": last_y, "text": money_text(deals[-1].price)},
        "lowest": {
            "x": min(max(frame.across(lowest.at), 60.0), end - 40),
            "y": frame.down(lowest.price_minor) + 16,
            "text": money_text(lowest.price),
        },
        "left": LEFT,
        "end": end,
        "label": end + 8,
        "begin": day_text(frame.since),
    }


def _path(deals: Sequence[Deal], frame: Frame) -> str:
    """Steps from one deal to the next; a price stands until another was paid."""
    begin = f"M{frame.across(deals[0].at)} {frame.down(deals[0].price_minor)}"
    steps = "".join(f"H{frame.across(deal.at)}V{frame.down(deal.price_minor)}" for deal in deals[1:])
    return f"{begin}{steps}H{frame.across(frame.until)}"
