"""The rows of a checkout: orders with their lines, what came off them, first moves, proofs and facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from catalog import import_tax, promise_terms
from kernel.actor import Actor
from orders import contract_terms, part_returns
from orders.arranged import CartGroup, CartItem
from orders.events import OrderPlaced
from orders.lifecycle import prove_all
from orders.models import DiscountKind, Funder, LineDiscount, Order, OrderLine, OrderMove, Purchase
from orders.promotions import gifts
from orders.recipients import Recipient
from orders.states import OrderState
from outbox import bus
from payments.models import Payment
from rulebook import current
from web.kept_inserts import insert


def order(
    group: CartGroup, purchase: Purchase, recipient: Recipient, destination: str, *, at: datetime
) -> Order:
    """The order's row, with the law and calendar of this instant frozen.

    What is picked up goes nowhere: its order holds no address.
    """
    place, point, nowhere = "CN", group.point, group.way.goes_nowhere
    return Order(
        subject_id=purchase.subject_id,
        merchant=group.merchant,
        purchase=purchase,
        state=OrderState.AWAITING_PAYMENT,
        place=place,
        seller_kind=group.merchant.seller_kind,
        destination="" if nowhere else destination,
        confirm_hours=group.confirm_hours,
        point_id=point.id if point else None,
        point_told=point.told if point else {},
        delivery=group.way.kind,
        express_days=group.way.days or None,
        currency=purchase.currency,
        goods_minor=group.goods.minor,
        discount_minor=group.discount.minor,
        freight_minor=group.freight.minor,
        total_minor=group.total.minor,
        recounts=part_returns.recounts(place, at=at),
        pack_version=current.pack(place, at).version,
        calendar_version=current.calendar(place).version,
        recipient=recipient.name,
        phone=recipient.phone,
        address="" if nowhere else recipient.address,
        note=recipient.note,
        placed_at=at,
    )


def _lines(order: Order, group: CartGroup) -> list[OrderLine]:
    return [
        OrderLine(
            order=order,
            position=position,
            listing=item.listing,
            variant_id=item.variant_id,
            revision=item.listing.live_revision,
            quantity=item.quantity,
            unit_minor=item.unit.minor,
            total_minor=item.goods.minor,
            freight_minor=item.freight.minor,
            express_minor=item.express.minor,
            tax=_tax(item, order),
            set_revision=item.in_set.revision if item.in_set else None,
            discount_minor=item.discount.minor,
            exclusion=item.exclusion,
            confirmed=item.exclusion == "confirm",
            promises=[
                each.frozen()
                for each in promise_terms.of_offer(group.merchant, item.listing.content, at=order.placed_at)
            ],
            confirmed_wording=contract_terms.confirmation_wording() if item.exclusion == "confirm" else "",
        )
        for position, item in enumerate(group.items, start=1)
    ]


def _gifts(order: Order, group: CartGroup, *, at: datetime) -> list[OrderLine]:
    return gifts.lines_of(order, group.gifts, first=len(group.items) + 1, at=at)


def _tax(item: CartItem, order: Order) -> dict[str, object]:
    """The line's tax as it stood when it was ordered."""
    content = item.listing.content
    return import_tax.tax_on(content, item.paid_goods, order.destination, at=order.placed_at).frozen()


def coupons_in(groups: Iterable[CartGroup]) -> list[UUID]:
    """The coupons that take something off what is bought."""
    shares = [share for group in groups for item in group.items for share in item.shares]
    return [share.reference for share in shares if share.kind == DiscountKind.COUPON]


def _discounts(lines: Iterable[OrderLine], items: Iterable[CartItem]) -> list[LineDiscount]:
    """What its set, its threshold offer, its coupon and a campaign take off each line."""
    return [
        LineDiscount(line=line, kind=kind, reference=reference, funder=_funder(kind), amount_minor=amount)
        for line, item in zip(lines, items, strict=True)
        for kind, reference, amount in _causes(item)
        if amount
    ]


def _funder(kind: str) -> Funder:
    return Funder.PLATFORM if kind == DiscountKind.CAMPAIGN else Funder.MERCHANT


def _causes(item: CartItem) -> list[tuple[str, UUID, int]]:
    causes = [(share.kind, share.reference, share.amount_minor) for share in item.shares]
    if item.in_set:
        left = item.discount.minor - sum(amount for _kind, _reference, amount in causes)
        causes.append((DiscountKind.SET, item.in_set.revision.pk, left))
    return causes


def write(
    purchase: Purchase,
    orders: Sequence[Order],
    groups: Sequence[CartGroup],
    payment: Payment,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Write all rows in as many statements as there are tables, whatever the number of lines."""
    purchase.payment_id = payment.pk
    insert([purchase])
    for order in orders:
        order.payment_id = payment.pk
    insert(orders)
    lines = {order.pk: _lines(order, group) for order, group in zip(orders, groups, strict=True)}
    items = [item for group in groups for item in group.items]
    every = [line for each in lines.values() for line in each]
    given = {order.pk: _gifts(order, group, at=at) for order, group in zip(orders, groups, strict=True)}
    insert([*every, *(line for each in given.values() for line in each)])
    insert(_discounts(every, items))
    insert(
        OrderMove(order=order, name="place", from_state="", to_state=order.state, actor=str(actor), at=at)
        for order in orders
    )
    proofs = {order: contract_terms.proof(order, [*lines[order.pk], *given[order.pk]]) for order in orders}
    prove_all("orders.order.place", proofs, at=at)
    facts = [
        OrderPlaced(o.pk, o.merchant_id, o.subject_id, payment.pk, o.total_minor, o.currency) for o in orders
    ]
    bus.publish_all(facts, at=at)
