"""A part of a set on its way back: what it is worth when asked, and when the money goes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kernel.money import Money
from orders.models import Order, OrderLine, Return, ReturnLine
from orders.refund_sums import PaidLine
from orders.set_refunds import BoughtSet, Member, SetShare, goods_back
from rulebook import current

# The rule that reckons a part of a set anew at the prices of the purchase; without it the share goes back.
ROLE = "set_part_return"


def paid(line: OrderLine) -> PaidLine:
    return PaidLine(
        line.pk,
        line.quantity,
        line.goods_paid.minor,
        line.freight_minor,
        line.gone_quantity,
        line.refunded_minor,
    )


def rule_of(order: Order, *, at: datetime) -> str:
    """The rule of the buyer's place; "" where its law has none."""
    return current.pack(order.place, at).roles.get(ROLE, "")


def shares(order: Order, picked: Sequence[tuple[OrderLine, int]], *, no_reason: bool) -> dict[UUID, SetShare]:
    """What goes back for the picked parts of sets, by the set's revision."""
    wanted: dict[UUID, dict[UUID, int]] = {}
    for line, units in picked:
        if line.set_revision_id:
            wanted.setdefault(line.set_revision_id, {})[line.pk] = units
    if not wanted:
        return {}
    bought = _bought(order, wanted)
    return {pk: goods_back(bought[pk], units, at_least_share=not no_reason) for pk, units in wanted.items()}


def by_line(found: Mapping[UUID, SetShare]) -> dict[UUID, int]:
    return {line_id: minor for share in found.values() for line_id, minor in share.by_line.items()}


def _bought(order: Order, revisions: Iterable[UUID]) -> dict[UUID, BoughtSet]:
    lines: dict[UUID, list[OrderLine]] = {}
    rows = OrderLine.objects.of_order(order.pk).filter(set_revision_id__in=list(revisions))
    for line in rows:
        assert line.set_revision_id is not None
        lines.setdefault(line.set_revision_id, []).append(line)
    reprices = bool(rule_of(order, at=order.placed_at))
    return {pk: _of(each, reprices=reprices) for pk, each in lines.items()}


def _of(lines: Sequence[OrderLine], *, reprices: bool) -> BoughtSet:
    revision = lines[0].set_revision
    assert revision is not None
    per_set = {UUID(row["variant"]): int(row["quantity"]) for row in revision.members}
    members = tuple(Member(paid(line), line.unit_minor, per_set[line.variant_id]) for line in lines)
    return BoughtSet(
        price_minor=revision.price_minor,
        count=lines[0].quantity // per_set[lines[0].variant_id],
        members=members,
        reprices=reprices,
    )


def raise_to_present(returning: Return) -> None:
    """More than was shown, where another part of the same set has gone back since; never less."""
    parts = list(returning.lines.select_related("line__set_revision"))
    in_sets = [part for part in parts if part.line.set_revision_id]
    if not in_sets:
        return
    picked = [(part.line, part.quantity) for part in in_sets]
    found = shares(returning.order, picked, no_reason=returning.kind == "no_reason")
    now = by_line(found)
    more = sum(now.values()) - sum(part.goods_minor for part in in_sets)
    if more <= 0:
        return
    for part in in_sets:
        part.goods_minor = now[part.line_id]
        part.save(update_fields=["goods_minor"])
    returning.goods_minor += more
    returning.amount_minor += more
    returning.save(update_fields=["goods_minor", "amount_minor"])


def spill(more: Iterable[tuple[ReturnLine, Money]], *, currency: str) -> Money:
    """Book what is more than a line's own share on other parts of its set that came back; gives what fits.

    A part whose sister was kept at its single price gives the difference when that one follows.
    """
    booked = Money.zero(currency)
    for part, rest in more:
        if part.line.set_revision_id is None or not rest:
            continue
        others = OrderLine.objects.of_order(part.line.order_id).filter(
            set_revision_id=part.line.set_revision_id
        )
        for line in others.exclude(pk=part.line_id):
            fits = min(rest, line.left if line.gone_quantity else Money.zero(currency))
            if fits:
                line.refunded_minor += fits.minor
                line.save(update_fields=["refunded_minor"])
                booked, rest = booked + fits, rest - fits
    return booked
