"""Why a part of a set gives back what it does, in words and sums for the page before the return."""

from __future__ import annotations

from uuid import UUID

from catalog import set_offers
from kernel.money import Money, total
from orders import asking, set_returns
from orders.models import Order, OrderLine
from orders.set_refunds import SetShare
from orders.web import presenting
from orders.web.presenting import View
from rulebook import queries, wording


def kept(order: Order, found: asking.Request) -> list[View]:
    """For each set of which a part goes back: what is kept, alone and as it counts."""
    lines = {line.pk: line for line in order.lines.all()}
    return [_kept(order, lines, share) for share in found.set_shares.values()]


def _kept(order: Order, lines: dict[UUID, OrderLine], share: SetShare) -> View:
    rows = [
        {**presenting.thing_of(lines[pk]), "n": n, "alone": lines[pk].unit * n}
        for pk, n in share.kept.items()
        if n
    ]
    revision = lines[next(iter(share.kept))].set_revision
    assert revision is not None
    rule_id = set_returns.rule_of(order, at=order.placed_at)
    return {
        "title": set_offers.title(revision, wording.locale()),
        "repriced": share.repriced,
        "rows": rows,
        "alone": total(row["alone"] for row in rows),
        "counted": Money(share.kept_minor),
        "goods": Money(share.minor),
        "law": queries.citation(rule_id, wording.locale(), at=order.placed_at) if rule_id else None,
    }
