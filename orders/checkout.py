"""One press of the button: contracts with each merchant, goods set aside, one payment asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import import_tax, offers, promise_terms, stock
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money, total
from orders import cart, contract_terms, deadlines, import_limits, set_lines
from orders.cart import CartGroup, CartItem
from orders.events import OrderPlaced
from orders.lifecycle import prove_all
from orders.models import CartLine, LineDiscount, Order, OrderLine, OrderMove, Purchase
from orders.recipients import Recipient, check_place
from orders.states import OrderState
from outbox import bus
from payments import capture
from payments.capture import Part
from payments.models import Payment
from privacy import spending
from rulebook import current
from web.languages import listed, said_to_reader


class NothingToBuy(Invalid):
    code = "nothing_to_buy"
    message = N_("Nothing is left to buy in this checkout. Go back to your cart.")


class CartChanged(DomainError):
    code = "cart_changed"
    status = 409
    message = N_(
        "Something in your cart has changed. Check it again before you pay: nothing has been charged."
    )


class ConfirmationMissing(Invalid):
    code = "confirmation_missing"
    message = N_("Choose one of the two answers for this item: only you can decide it.")


class DestinationNeeded(Invalid):
    code = "destination_needed"
    message = N_("Choose the province or country where it goes: the freight depends on it.")


class NotSentThere(DomainError):
    """`variant_ids` names every line that can't go there."""

    code = "not_sent_there"
    message = N_(
        "The seller doesn't send this to where you are: %(titles)s. Take it out, or choose another place."
        " Nothing has been charged."
    )

    def __init__(self, items: Sequence[CartItem], place: str) -> None:
        contents = [item.listing.content for item in items]
        titles = said_to_reader(
            lambda locale: listed([offers.title(each, locale) for each in contents], locale)
        )
        variant_ids = [str(item.variant_id) for item in items]
        super().__init__(titles=titles, place=place, variant_ids=variant_ids)


@dataclass(frozen=True, slots=True)
class Checkout:
    """One payment over all orders, one order per merchant."""

    payment: Payment
    orders: tuple[Order, ...]


@transaction.atomic
def place_orders(
    *,
    subject_id: UUID,
    recipient: Recipient,
    confirmations: Mapping[UUID, bool],
    actor: Actor,
    at: datetime,
    variant_ids: Sequence[UUID] | None = None,
    seen_total: Money | None = None,
    destination: str = "",
) -> Checkout:
    """Order what is in the cart (or only `variant_ids` of it) and open one payment for all of it.

    `variant_ids` may name sets. `confirmations` holds the answer for each excludable variant (in a set: for
    its line); "no" leaves that one, or the whole set, in the cart.
    :raises RecipientIncomplete, ConfirmationMissing, NothingToBuy: with the field to change
    :raises DestinationNeeded, AddressElsewhere, NotSentThere: about the province in `destination`
    :raises TooYoungToBuy, GuardianFirst, GuardianMustAgree, OverOrderLimit, OverYearLimit: by law
    :raises CartChanged: when a price or the stock isn't what was shown; nothing is ordered or charged
    """
    recipient.check()
    check_place(recipient.address, destination)
    groups = _groups(subject_id, variant_ids, confirmations, destination)
    amount = total(group.total for group in groups)
    if seen_total is not None and seen_total != amount:
        raise CartChanged()
    _require_allowed(subject_id, groups, amount, at=at)
    window = deadlines.payment_window(at=at)
    purchase = _purchase(subject_id, amount, expires_at=window.due_at, at=at)
    _reserve(groups, purchase, at=at)
    orders = [_order(group, purchase, recipient, destination, at=at) for group in groups]
    parts = [Part(order.pk, order.merchant_id, order.total) for order in orders]
    payment = capture.open_payment(
        payer_subject_id=subject_id, parts=parts, expires_at=window.due_at, actor=actor, at=at
    )
    _write(purchase, orders, groups, payment, actor=actor, at=at)
    deadlines.book_payment_expiry(purchase, window, at=at)
    bought = [item.line.pk for group in groups for item in group.items]
    CartLine.objects.filter(pk__in=bought).delete()
    return Checkout(payment, tuple(orders))


def _require_allowed(subject_id: UUID, groups: Sequence[CartGroup], amount: Money, *, at: datetime) -> None:
    """Minors (privacy.spending) and retail imports (import_limits) have limits."""
    import_limits.require_within(subject_id=subject_id, groups=groups, at=at)
    spending.require_may_buy(subject_id=subject_id, amount=amount, at=at)


def _purchase(subject_id: UUID, amount: Money, *, expires_at: datetime, at: datetime) -> Purchase:
    return Purchase(
        subject_id=subject_id,
        currency=amount.currency,
        total_minor=amount.minor,
        placed_at=at,
        expires_at=expires_at,
    )


def _groups(
    subject_id: UUID,
    variant_ids: Sequence[UUID] | None,
    confirmations: Mapping[UUID, bool],
    destination: str,
) -> tuple[CartGroup, ...]:
    """What is bought of the cart, its rows locked in one order."""
    lines = CartLine.objects.of_subject(subject_id).with_listings()
    if variant_ids is not None:
        lines = lines.chosen(variant_ids)
    found = cart.arrange(lines.select_for_update(of=("self",)).order_by("pk"), destination)
    away = [item for item in found.blocked if item.problem == "not_sent"]
    if len(away) < len(found.blocked) or any(item.problem for item in found.items):
        raise CartChanged()
    agreed = _agreed((*found.items, *away), confirmations)
    if not agreed:
        raise NothingToBuy(field="cart")
    if away := [item for item in away if item.key in agreed]:
        raise NotSentThere(away, destination)
    kept = cart.only(found, lambda item: item.key in agreed)
    if kept.needs_place and not destination:
        raise DestinationNeeded(field="destination")
    return kept.groups


def _agreed(items: Sequence[CartItem], confirmations: Mapping[UUID, bool]) -> set[UUID]:
    """What is bought: "no" to one part of a set leaves the whole set in the cart."""
    left = set()
    for item in items:
        if item.exclusion != "confirm":
            continue
        if item.answer_key not in confirmations:
            raise ConfirmationMissing(field=f"confirm_{item.answer_key.hex}", variant_id=item.variant_id)
        if confirmations[item.answer_key] is not True:
            left.add(item.key)
    return {item.key for item in items} - left


def _reserve(groups: Sequence[CartGroup], purchase: Purchase, *, at: datetime) -> None:
    wanted = sorted((item.variant_id, item.quantity) for group in groups for item in group.items)
    try:
        stock.reserve(lines=wanted, reference=purchase.pk, expires_at=purchase.expires_at, at=at)
    except stock.OutOfStock as refusal:
        raise CartChanged(variant_ids=refusal.variant_ids) from refusal


def _order(
    group: CartGroup, purchase: Purchase, recipient: Recipient, destination: str, *, at: datetime
) -> Order:
    """The order's row, with the law and calendar of this instant frozen."""
    place = "CN"
    return Order(
        subject_id=purchase.subject_id,
        merchant=group.merchant,
        purchase=purchase,
        state=OrderState.AWAITING_PAYMENT,
        place=place,
        seller_kind=group.merchant.seller_kind,
        destination=destination,
        currency=purchase.currency,
        goods_minor=group.goods.minor,
        discount_minor=group.discount.minor,
        freight_minor=group.freight.minor,
        total_minor=group.total.minor,
        pack_version=current.pack(place, at).version,
        calendar_version=current.calendar(place).version,
        recipient=recipient.name,
        phone=recipient.phone,
        address=recipient.address,
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


def _tax(item: CartItem, order: Order) -> dict[str, object]:
    """The line's tax as it stood when it was ordered."""
    content = item.listing.content
    return import_tax.tax_on(content, item.paid_goods, order.destination, at=order.placed_at).frozen()


def _write(
    purchase: Purchase,
    orders: Sequence[Order],
    groups: Sequence[CartGroup],
    payment: Payment,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """All rows in as many statements as there are tables, whatever the number of lines."""
    purchase.payment_id = payment.pk
    purchase.save(force_insert=True)
    for order in orders:
        order.payment_id = payment.pk
    Order.objects.bulk_create(orders)
    lines = {order.pk: _lines(order, group) for order, group in zip(orders, groups, strict=True)}
    OrderLine.objects.bulk_create(line for each in lines.values() for line in each)
    LineDiscount.objects.bulk_create(set_lines.discounts(lines.values()))
    OrderMove.objects.bulk_create(
        OrderMove(order=order, name="place", from_state="", to_state=order.state, actor=str(actor), at=at)
        for order in orders
    )
    proofs = {order: contract_terms.proof(order, lines[order.pk]) for order in orders}
    prove_all("orders.order.place", proofs, at=at)
    facts = [
        OrderPlaced(o.pk, o.merchant_id, o.subject_id, payment.pk, o.total_minor, o.currency) for o in orders
    ]
    bus.publish_all(facts, at=at)
