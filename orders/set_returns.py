"""A part of a set on its way back: what it is worth when asked, and when the money goes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from orders.models import Order, OrderLine
from orders.refund_sums import PaidLine
from orders.set_refunds import BoughtSet, Member, SetShare, goods_back
from rulebook import current

# The rule that reckons a part of a set anew at the prices of the purchase; without it the share goes back.
ROLE = "set_part_return"


def paid(line: OrderLine) -> PaidLine:
    """What a surcharge for express gave back as it came late is out of the reckoning on both sides."""
    return PaidLine(
        line.pk,
        line.quantity,
        line.goods_paid.minor,
        line.freight_minor - line.express_back_minor,
        line.gone_quantity,
        line.refunded_minor - line.express_back_minor,
        line.express_minor - line.express_back_minor,
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


def bought(order: Order, lines: Iterable[OrderLine]) -> tuple[BoughtSet, ...]:
    """The sets among these lines."""
    return tuple(_by_revision(order, lines).values())


def _bought(order: Order, revisions: Iterable[UUID]) -> dict[UUID, BoughtSet]:
    rows = OrderLine.objects.of_order(order.pk).filter(set_revision_id__in=list(revisions))
    return _by_revision(order, rows)


def _by_revision(order: Order, rows: Iterable[OrderLine]) -> dict[UUID, BoughtSet]:
    lines: dict[UUID, list[OrderLine]] = {}
    for line in rows:
        if line.set_revision_id:
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
