"""What a claim on a cover asks for, by the frozen terms: of the price, and beside it; pure."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money
from orders.cover_states import CAUSES, Cause, CoverKind
from orders.models import OrderCover


@dataclass(frozen=True, slots=True)
class Asked:
    """`goods` of the price that isn't back yet, `beside` on top; both together within the limit."""

    goods: Money
    beside: Money

    @property
    def amount(self) -> Money:
        return self.goods + self.beside


def reckon(cover: OrderCover, cause: Cause, *, quantity: int, spent: Money) -> Asked:
    """For so many pieces of the cover's line; `spent` is what sending them back cost the buyer.

    The price is paid once: what has gone back of the line already isn't asked for again.
    """
    line, terms = cover.line, cover.terms
    if cause is Cause.FREIGHT:
        return Asked(Money.zero(cover.currency), min(spent, cover.limit))
    share = line.paid.minor * quantity // line.quantity
    of_price = min(share * terms["price_permille"] // 1000, line.left.minor, cover.limit_minor)
    goods = Money(max(of_price, 0), cover.currency)
    top = Money(share * terms["top_permille"] // 1000, cover.currency)
    return Asked(goods, min(top, cover.limit - goods))


def most(cover: OrderCover) -> Money:
    """The most that a claim for the whole line would bring today; of a freight, the limit."""
    causes = CAUSES[CoverKind(cover.kind)]
    if causes[0] is Cause.FREIGHT:
        return cover.limit
    return reckon(cover, causes[0], quantity=cover.line.quantity, spent=Money.zero(cover.currency)).amount
