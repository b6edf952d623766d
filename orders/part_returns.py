"""A part of an order on its way back: what it gives when asked for, and when its money goes back.

Lines hang together where a set's price, a threshold offer or free freight held for them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import freight, offers
from kernel.money import Money
from orders import offer_refunds, refund_sums, set_returns, spared_freight
from orders.models import DiscountKind, Order, OrderLine, Return, ReturnLine
from orders.offer_refunds import Lowered, Offered, OfferShare
from orders.promotions import causes, gifts
from orders.promotions.causes import Cause
from orders.refund_sums import OutwardFreight, PaidLine, RefundSum
from orders.set_refunds import BoughtSet, SetShare
from orders.set_returns import paid
from orders.spared_freight import Travelled
from rulebook import current

# The rules that reckon the rest again; without them what was paid for the pieces goes back.
OFFER_ROLE, FREIGHT_ROLE = "offer_part_return", "free_freight_return"
# What each piece keeps its share of, whatever comes back.
KEPT = (DiscountKind.COUPON, DiscountKind.CAMPAIGN, DiscountKind.ENTRY)
NOTHING = Money(0)
Picked = Sequence[tuple[OrderLine, int]]


@dataclass(frozen=True, slots=True)
class Parts:
    """How `sum` came about. `whole` is before freight that was free for a sum and kept gifts came off.

    Below zero these go back: with the rest, nothing is left that owes them.
    """

    sum: RefundSum
    whole: RefundSum
    sets: Mapping[UUID, SetShare] = field(default_factory=dict)
    offer: OfferShare | None = None
    withheld: Money = NOTHING
    gifts: Money = NOTHING

    def frozen(self) -> dict[str, Any]:
        """What the return keeps, in minor units: the offer that was lost, freight and gifts that came off."""
        found: dict[str, Any] = {}
        if self.offer and self.offer.lost:
            found["offer"] = {
                "from_minor": self.offer.from_minor,
                "worth_minor": self.offer.worth_minor,
                "counted_minor": self.offer.counted_minor,
            }
        if self.withheld:
            found["freight_minor"] = self.withheld.minor
        if self.gifts:
            found["gifts_minor"] = self.gifts.minor
        return found


def rule_of(role: str, order: Order) -> str:
    """The rule of the buyer's place when they ordered; "" where its law has none."""
    return current.pack(order.place, order.placed_at).roles.get(role, "")


def recounts(place: str, *, at: datetime) -> bool:
    """Whether a part of an order placed now is reckoned again; told before the order, frozen in it."""
    return OFFER_ROLE in current.pack(place, at).roles


def parts(order: Order, picked: Picked, *, no_reason: bool) -> Parts:
    """What goes back for so many of these lines, and why."""
    lines = list(OrderLine.objects.of_order(order.pk))
    offered = _offered(order, lines)
    inside = {each.line.line_id for each in offered.lines} if offered else set()
    units = {line.pk: number for line, number in picked if line.pk in inside}
    share = _least(offered, units, order, no_reason) if offered and units else None
    outside = [each for each in picked if each[0].pk not in inside]
    sets = set_returns.shares(order, outside, no_reason=no_reason)
    known = {**set_returns.by_line(sets), **(share.by_line if share else {})}
    found = refund_sums.quote(
        asked=[(paid(line), number) for line, number in picked],
        outward_freight=outward_freight(no_reason=no_reason),
        currency=order.currency,
        set_goods=known,
    )
    if not (no_reason and order.recounts):
        return Parts(found, found, sets, share)
    change = _Change(order, lines, picked)
    freighted = refund_sums.less(found, change.freight(), room=_room(lines, picked, found))
    less = refund_sums.less(freighted, change.gifts(), room=_room(lines, picked, freighted))
    return Parts(less, found, sets, share, found.goods - freighted.goods, freighted.goods - less.goods)


def outward_freight(*, no_reason: bool) -> OutwardFreight:
    """Without a reason at most the standard way's price goes back (2011/83, art. 13(2)); else all of it.

    Where the law leaves it open, giving the standard freight back is our rule.
    """
    return OutwardFreight.STANDARD if no_reason else OutwardFreight.PROPORTIONAL


def _offered(order: Order, lines: Sequence[OrderLine]) -> Offered | None:
    """The goods of the order's threshold offer, and of the sets that it reaches into."""
    found = causes.of_order(order) if order.recounts else ()
    cause = next((each for each in found if each.kind == DiscountKind.THRESHOLD and each.offer), None)
    if cause is None or cause.offer is None:
        return None
    sets = {line.set_revision_id for line in lines if line.pk in cause.by_line and line.set_revision_id}
    inside = [line for line in lines if line.pk in cause.by_line or line.set_revision_id in sets]
    return Offered(
        from_minor=cause.offer.from_minor,
        lines=tuple(_lowered(line, cause, found) for line in inside),
        sets=set_returns.bought(order, inside),
    )


def _lowered(line: OrderLine, cause: Cause, every: Iterable[Cause]) -> Lowered:
    stays = [each.by_line.get(line.pk) for each in every if each.kind in KEPT]
    off = cause.by_line.get(line.pk)
    return Lowered(
        line=paid(line),
        unit_minor=line.unit_minor,
        off_minor=off.minor if off else 0,
        stays_minor=sum(each.minor for each in stays if each),
        missing=line.cancelled_quantity + line.undelivered_quantity,
        covered=off is not None or not (cause.offer and cause.offer.categories),
    )


def _least(offered: Offered, units: Mapping[UUID, int], order: Order, no_reason: bool) -> OfferShare:
    """The lesser of: nothing else comes back, and everything that is on its way back does."""
    now = offer_refunds.goods_back(offered, units, at_least_share=not no_reason)
    on_its_way = ReturnLine.objects.filter(line__order=order, is_open=True).exclude(line__in=list(units))
    pending = {each.line_id: each for each in on_its_way}
    if not pending:
        return now
    later = replace(offered, lines=tuple(_as_if_back(each, pending) for each in offered.lines))
    later = replace(later, sets=tuple(_sets_as_if_back(each, pending) for each in offered.sets))
    then = offer_refunds.goods_back(later, units, at_least_share=not no_reason)
    return min(now, then, key=lambda each: each.minor)


def _as_if_back(each: Lowered, pending: Mapping[UUID, ReturnLine]) -> Lowered:
    return replace(each, line=_done(each.line, pending))


def _sets_as_if_back(bought: BoughtSet, pending: Mapping[UUID, ReturnLine]) -> BoughtSet:
    members = tuple(replace(each, line=_done(each.line, pending)) for each in bought.members)
    return replace(bought, members=members)


def _done(line: PaidLine, pending: Mapping[UUID, ReturnLine]) -> PaidLine:
    part = pending.get(line.line_id)
    if part is None:
        return line
    refunded = line.refunded_minor + part.amount.minor
    return replace(line, returned=line.returned + part.quantity, refunded_minor=refunded)


def _room(lines: Iterable[OrderLine], picked: Picked, found: RefundSum) -> int:
    """What may go back beyond `found`, of the lines that came or come back."""
    asked = {line.pk for line, _units in picked}
    left = sum(line.left.minor for line in lines if line.pk in asked or line.gone_quantity)
    return max(0, left - found.amount.minor)


class _Change:
    """What more (or, below zero, less) what is kept owes once the picked pieces are back."""

    def __init__(self, order: Order, lines: Sequence[OrderLine], picked: Picked) -> None:
        units = {line.pk: number for line, number in picked}
        self.order, self.lines = order, lines
        self.before = {line.pk: line.quantity - line.gone_quantity for line in lines}
        self.after = {pk: kept - units.get(pk, 0) for pk, kept in self.before.items()}

    def freight(self) -> int:
        """Freight that was free for a sum which the rest doesn't reach; what was picked up had none."""
        if self.order.goes_nowhere:
            return 0
        travelled = [each for line in self.lines if (each := _travelled(line)) is not None]
        if not any(zone.free_from_minor for each in travelled for zone in each.terms.zones):
            return 0
        bought = self._worth({line.pk: line.quantity for line in self.lines})
        owed = [
            spared_freight.owed(
                travelled,
                self.order.destination,
                kept=kept,
                counted=self._worth(self._counted(kept)),
                bought=bought,
            )
            for kept in (self.before, self.after)
        ]
        return owed[1] - owed[0]

    def gifts(self) -> int:
        """The stated value of kept gifts which the rest no longer earns."""
        if not any(line.is_gift for line in self.lines):
            return 0
        owed = [
            gifts.owed(self.lines, kept=kept, counted=counted, goods_minor=sum(self._worth(counted).values()))
            for kept in (self.before, self.after)
            for counted in [self._counted(kept)]
        ]
        return owed[1] - owed[0]

    def _counted(self, kept: Mapping[UUID, int]) -> dict[UUID, int]:
        """With pieces that never came: the buyer isn't to lose anything by them."""
        missing = {line.pk: line.cancelled_quantity + line.undelivered_quantity for line in self.lines}
        return {pk: number + missing[pk] for pk, number in kept.items()}

    def _worth(self, kept: Mapping[UUID, int]) -> dict[UUID, int]:
        plain = [Lowered(paid(line), line.unit_minor) for line in self.lines]
        return offer_refunds.worth(plain, set_returns.bought(self.order, self.lines), kept)


def _travelled(line: OrderLine) -> Travelled | None:
    terms = freight.terms_of(line.content)
    if terms is None or line.is_gift:
        return None
    variant = offers.variant(line.content, line.variant_id)
    grams = (variant.grams if variant else None) or 0
    return Travelled(line.pk, terms, grams if terms.by == "weight" else 1, line.quantity)


def raise_to_present(returning: Return) -> None:
    """More than was shown, where more that hangs together with it has gone back since; never less."""
    picked = list(returning.lines.select_related("line__set_revision", "line__revision"))
    found = parts(
        returning.order,
        [(part.line, part.quantity) for part in picked],
        no_reason=returning.kind == "no_reason",
    )
    now = {step.line_id: step.goods.minor for step in found.sum.steps}
    more = sum(now.values()) - sum(part.goods_minor for part in picked)
    if more <= 0 or not (found.sets or found.offer or returning.order.recounts):
        return
    for part in picked:
        part.goods_minor = now[part.line_id]
        part.save(update_fields=["goods_minor"])
    returning.goods_minor += more
    returning.amount_minor += more
    returning.reckoning = found.frozen()
    returning.save(update_fields=["goods_minor", "amount_minor", "reckoning"])


def take_back(returning: Return) -> Money:
    """The goods are the merchant's; gives what is due for them, less what a case has paid for since."""
    due, more = Money.zero(returning.order.currency), list[tuple[OrderLine, Money]]()
    for part in returning.lines.select_related("line"):
        line, share = part.line, min(part.amount, part.line.left)
        line.returned_quantity += part.quantity
        line.refunded_minor += share.minor
        line.save(update_fields=["returned_quantity", "refunded_minor"])
        part.is_open = False
        part.save(update_fields=["is_open"])
        due += share
        more.append((line, part.amount - share))
    return due + spill(more, order=returning.order)


def spill(more: Iterable[tuple[OrderLine, Money]], *, order: Order) -> Money:
    """Book what is more than a line's own share on other lines that came back; gives what fits.

    What one return kept back because of the rest goes back with the rest, and belongs to lines gone before.
    """
    booked = Money.zero(order.currency)
    for given, rest in more:
        if not rest:
            continue
        for line in _hangs_together(given, order):
            fits = min(rest, line.left if line.gone_quantity else Money.zero(order.currency))
            if fits:
                line.refunded_minor += fits.minor
                line.save(update_fields=["refunded_minor"])
                booked, rest = booked + fits, rest - fits
    return booked


def _hangs_together(line: OrderLine, order: Order) -> Iterable[OrderLine]:
    rows = OrderLine.objects.of_order(line.order_id).exclude(pk=line.pk)
    if order.recounts:
        return rows
    return rows.filter(set_revision_id=line.set_revision_id) if line.set_revision_id else ()
