"""One press of the button: contracts with each merchant, goods set aside, one payment asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog import offers, stock
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.money import Money, total
from law.windows import Window
from orders import cart, deadlines, import_limits, paying_with, placing
from orders.campaigns import taking_off
from orders.cart import Cart, CartGroup, CartItem
from orders.cover import buying as cover_buying
from orders.cover import offering
from orders.delivery_ways import VouchersApart, WayNotOffered, Ways
from orders.models import Order, Purchase
from orders.paying_with import NOTHING, PayWith
from orders.promotions import claiming, gifts
from orders.promotions.available import Picks
from orders.recipients import Recipient, check_place
from payments import capture
from payments.capture import Part
from payments.models import Payment
from privacy import spending
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


@dataclass(frozen=True, slots=True)
class Plan:
    """Until when it is paid, what of it isn't paid at a provider, and which covers are bought with it."""

    window: Window
    pay_with: PayWith
    covers: offering.Chosen


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
    coupons: Picks | None = None,
    without_gifts: Collection[UUID] = (),
    pay_with: PayWith = NOTHING,
    covers: offering.Chosen = offering.NONE,
    ways: Ways | None = None,
    found: Cart | None = None,
) -> Checkout:
    """Order what is in the cart (or only `variant_ids` of it) and open one payment for all of it.

    `found`: as `cart.hold` read it in this transaction. `variant_ids` may name sets by their ids.
    `confirmations` holds the answer for each excludable variant (in a set: for its line); "no" leaves that
    one, or the whole set, in the cart. `coupons` names the coupon of a shop, None for none; else it gets the
    best. `without_gifts`: those not wanted, by promotion. `pay_with`: what isn't due at a provider.
    `ways`: how a shop's goods come, else standard. `covers`: lines to insure, each a part of the payment.
    :raises CouponUsed, CampaignSpent, WayNotOffered, CoverNotOffered: and what `paying_with` raises
    :raises RecipientIncomplete, ConfirmationMissing, NothingToBuy, VouchersApart: with the field to change
    :raises DestinationNeeded, AddressElsewhere, NotSentThere: about the province in `destination`
    :raises TooYoungToBuy, GuardianFirst, GuardianMustAgree, OverOrderLimit, OverYearLimit: by law
    :raises CartChanged, GiftsGone: when a price or the stock isn't what was shown; nothing is charged
    """
    recipient.check_person()
    if found is None or not found.held:
        found = _hold(subject_id, destination, coupons, ways, variant_ids, at=at)
    groups = _groups(found, variant_ids, confirmations, ways or {})
    _check_where(recipient, destination, groups)
    groups = tuple(_wanting(group, without_gifts) for group in groups)
    amount = _allowed_total(subject_id, groups, seen_total, at=at)
    plan = Plan(deadlines.payment_window(at=at), pay_with, covers)
    purchase = _purchase(subject_id, amount, expires_at=plan.window.due_at, at=at)
    return _ordered(purchase, groups, recipient, destination, plan=plan, actor=actor, at=at)


def _hold(
    subject_id: UUID,
    place: str,
    picks: Picks | None,
    ways: Ways | None,
    variant_ids: Sequence[UUID] | None,
    *,
    at: datetime,
) -> Cart:
    return cart.hold(
        subject_id=subject_id, at=at, place=place, picks=picks, ways=ways, variant_ids=variant_ids
    )


def _check_where(recipient: Recipient, destination: str, groups: Sequence[CartGroup]) -> None:
    """An address is needed, and has to lie in its place, for what is sent."""
    if not all(group.way.goes_nowhere for group in groups):
        recipient.check()
        check_place(recipient.address, destination)


def _ordered(
    purchase: Purchase,
    groups: Sequence[CartGroup],
    recipient: Recipient,
    destination: str,
    *,
    plan: Plan,
    actor: Actor,
    at: datetime,
) -> Checkout:
    """Set the goods aside, write the orders, open their payment, and empty the cart of what was bought."""
    _reserve(groups, purchase, at=at)
    orders = [placing.order(group, purchase, recipient, destination, at=at) for group in groups]
    covers = cover_buying.draft(orders, groups, plan.covers, at=at)
    payment = _payment(purchase, orders, cover_buying.parts(covers), plan, actor=actor, at=at)
    placing.write(purchase, orders, groups, payment, actor=actor, at=at)
    cover_buying.write(covers)
    if given := [gift for group in groups for gift in group.gifts]:
        gifts.give(given)
    used = placing.coupons_in(groups)
    claiming.use(coupon_ids=used, subject_id=purchase.subject_id, purchase=purchase, at=at)
    taking_off.bind(purchase, orders, groups, at=at)
    deadlines.book_payment_expiry(purchase, plan.window, at=at)
    cart.take_out([item.line for group in groups for item in group.items])
    return Checkout(payment, tuple(orders))


def _payment(
    purchase: Purchase,
    orders: Sequence[Order],
    more: Sequence[Part],
    plan: Plan,
    *,
    actor: Actor,
    at: datetime,
) -> Payment:
    """One payment of all orders and of `more` besides; reserved first where a shop has to confirm."""
    parts = [Part(order.pk, order.merchant_id, order.total) for order in orders]
    first = any(order.is_unconfirmed for order in orders)
    if first:
        paying_with.require_nothing_tendered(plan.pay_with)
    return capture.open_payment(
        payer_subject_id=purchase.subject_id,
        parts=[*parts, *more],
        tendered=paying_with.tendered(
            plan.pay_with, subject_id=purchase.subject_id, parts=parts, actor=actor, at=at
        ),
        expires_at=plan.window.due_at,
        authorise_first=first,
        actor=actor,
        at=at,
    )


def _allowed_total(
    subject_id: UUID, groups: Sequence[CartGroup], seen: Money | None, *, at: datetime
) -> Money:
    """What is to be paid, if it was shown; minors (privacy.spending) and retail imports have limits."""
    amount = total(group.total for group in groups)
    if seen is not None and seen != amount:
        raise CartChanged()
    import_limits.require_within(subject_id=subject_id, groups=groups, at=at)
    spending.require_may_buy(subject_id=subject_id, amount=amount, at=at)
    return amount


def _purchase(subject_id: UUID, amount: Money, *, expires_at: datetime, at: datetime) -> Purchase:
    return Purchase(
        subject_id=subject_id,
        currency=amount.currency,
        total_minor=amount.minor,
        placed_at=at,
        expires_at=expires_at,
    )


def _groups(
    found: Cart,
    variant_ids: Sequence[UUID] | None,
    confirmations: Mapping[UUID, bool],
    ways: Ways,
) -> tuple[CartGroup, ...]:
    """What is bought of the cart, whose rows are locked."""
    if variant_ids is not None:
        found = cart.only(found, lambda item: item.key in variant_ids)
    away = [item for item in found.blocked if item.problem == cart.NOT_SENT]
    if len(away) < len(found.blocked) or any(item.problem for item in found.items):
        raise CartChanged()
    agreed = _agreed((*found.items, *away), confirmations)
    if not agreed:
        raise NothingToBuy(field="cart")
    if away := [item for item in away if item.key in agreed]:
        raise NotSentThere(away, found.place)
    kept = cart.only(found, lambda item: item.key in agreed)
    if kept.needs_place and not found.place:
        raise DestinationNeeded(field="destination")
    if not all(ways.get(group.merchant.pk, group.way).is_like(group.way) for group in kept.groups):
        raise WayNotOffered()
    for group in kept.groups:
        if not group.way.is_voucher and any(item.is_service for item in group.items):
            raise VouchersApart()
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


def _wanting(group: CartGroup, without_gifts: Collection[UUID]) -> CartGroup:
    return replace(group, gifts=tuple(each for each in group.gifts if each.promotion.pk not in without_gifts))


def _reserve(groups: Sequence[CartGroup], purchase: Purchase, *, at: datetime) -> None:
    bought = [(item.variant_id, item.quantity) for group in groups for item in group.items]
    given = [(gift.variant_id, gift.pieces) for group in groups for gift in group.gifts]
    wanted = sorted(bought + given)
    try:
        stock.reserve(lines=wanted, reference=purchase.pk, expires_at=purchase.expires_at, at=at)
    except stock.OutOfStock as refusal:
        raise CartChanged(variant_ids=refusal.variant_ids) from refusal
