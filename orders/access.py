"""The only door to orders for pages and the API: foreign and absent look the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, prefetch_related_objects
from django.http import HttpRequest

from accounts import acting, guests
from accounts.mandate_scopes import Scope
from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.access import return_address
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import FaultClaim, Order, OrderMove, Return, ReturnLabel, ReturnMove, Scan, Shipment
from orders.queries import OrderQuerySet, ReturnQuerySet
from payments.models import Award, Payment, PaymentPart
from privacy import access_record, keys
from rulebook import policies

MASKED_NAME = "privacy.masked_name"
RECIPIENT = (
    "orders.Order.recipient",
    "orders.Order.phone",
    "orders.Order.address",
    "orders.Order.note",
)
WITH_RETURN = ("orders.Return.note", "orders.Return.refusal")


def buyer_of(request: HttpRequest, *, scope: str) -> Actor:
    """Who buys here: the account's person, else the browser's guest; under a mandate its principal.

    :raises NotFound: when it is nobody, or the mandate doesn't name `scope`
    """
    actor = acting.actor_for(request, scope) or guests.actor_of(request)
    if actor.subject_id is None:
        raise NotFound()
    return actor


def shopper_of(request: HttpRequest) -> Actor:
    """Who may check out: like `buyer_of`, but not a browser that only came by an order's link.

    :raises NotFound: when it is nobody
    """
    actor = acting.actor_for(request, Scope.BUY) or guests.shopper_of(request)
    if actor.subject_id is None:
        raise NotFound()
    return actor


def shopper_or_nobody(request: HttpRequest) -> Actor | None:
    actor = acting.actor_for(request, Scope.BUY) or guests.shopper_of(request)
    return actor if actor.subject_id else None


def shopper_made(request: HttpRequest, *, at: datetime) -> Actor:
    """Like `shopper_of`, but a visitor becomes a guest: only where something is put aside."""
    return acting.actor_for(request, Scope.BUY) or Actor.buyer(guests.subject_for(request, at=at))


def who_may_claim(request: HttpRequest) -> tuple[bool, Actor | None]:
    """Whether this browser may claim a coupon, and for whom; a mandate that isn't for buying may not."""
    try:
        return True, shopper_or_nobody(request)
    except NotFound:
        return False, None


def buyer_or_nobody(request: HttpRequest) -> Actor | None:
    actor = acting.actor_for(request, Scope.ORDERS) or guests.actor_of(request)
    return actor if actor.subject_id else None


def last_recipient(actor: Actor) -> dict[str, str]:
    """To whom this person's last order went, so that nobody types it twice."""
    last = orders_of_buyer(actor).newest_first().first()
    return {"name": last.recipient, "phone": last.phone, "address": last.address} if last else {}


def subject_of_number(number: str) -> UUID | None:
    """Whose order has this number, for officers who have only the paper of an erased person."""
    return Order.objects.filter(number=number).values_list("subject_id", flat=True).first()


def running_order_of(number: str, subject_id: UUID) -> UUID | None:
    """The id of this person's order with this number while its money hasn't gone its way."""
    found = Order.objects.filter(number=number, subject_id=subject_id, closed_at=None)
    return found.values_list("pk", flat=True).first()


def payment_number(order: Order) -> str:
    """The number of the payment over this order. :raises NotFound: before there is one"""
    found = Payment.objects.filter(pk=order.payment_id).only("number").first() if order.payment_id else None
    if found is None:
        raise NotFound()
    return found.number


def orders_of_payment(actor: Actor, payment_number: str) -> list[Order]:
    """:raises NotFound: also when somebody else paid"""
    payment = Payment.objects.filter(number=payment_number).first()
    found = list(orders_of_buyer(actor).of_payment(payment.pk).with_lines()) if payment else []
    if not found:
        raise NotFound()
    return found


def orders_of_buyer(actor: Actor) -> OrderQuerySet:
    """Also those that the account's person bought as a guest before signing in."""
    return Order.objects.of_person(actor.subject_id) if actor.subject_id else Order.objects.none()


def order_for_buyer(actor: Actor, number: str) -> Order:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    orders = Order.objects.of_person(actor.subject_id).with_lines()
    tendered = Exists(PaymentPart.objects.filter(reference=OuterRef("pk"), tendered_minor__gt=0))
    covered = Exists(Order.objects.filter(pk=OuterRef("pk"), covers__isnull=False))
    awarded = Exists(Award.objects.filter(order_id=OuterRef("pk")))
    marked = orders.annotate(has_tenders=tendered, has_covers=covered, has_awards=awarded)
    return marked.get_or_not_found(number=number)


def return_for_buyer(actor: Actor, number: str) -> Return:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    found = Return.objects.of_person(actor.subject_id).select_related("order__merchant")
    return found.get_or_not_found(number=number)


def returns_of_buyer(actor: Actor) -> ReturnQuerySet:
    return Return.objects.of_person(actor.subject_id) if actor.subject_id else Return.objects.none()


def orders_of_merchant(membership: Membership) -> OrderQuerySet:
    membership.require(Capability.READ)
    return Order.objects.of_merchant(membership.merchant_id)


def order_for_merchant(membership: Membership, number: str) -> Order:
    """:raises NotFound: also when it is another merchant's, or was neither paid for nor reserved"""
    return orders_of_merchant(membership).shown_to_merchants().with_lines().get_or_not_found(number=number)


def recipient_for_merchant(membership: Membership, order: Order, *, at: datetime) -> dict[str, str]:
    """Name, telephone and address while the merchant needs them to fulfil; each look is recorded.

    Others of the shop, and everybody after the order's end, see the name's first character, and some weeks
    later nothing at all.
    """
    if membership.can(Capability.ORDERS) and order.needs_its_address(at=at):
        _record(membership, order.subject_id, "orders.fulfilment", RECIPIENT, at=at)
        where = {"name": order.recipient, "phone": order.phone, "address": order.address}
        return {**where, "note": order.note or ""}
    name = ""
    if still_named(order, at=at):
        _record(membership, order.subject_id, "orders.masked", RECIPIENT[:1], at=at)
        name = mask(order.recipient)
    return {"name": name, "phone": "", "address": "", "note": ""}


def still_named(order: Order, *, at: datetime) -> bool:
    """Whether a shop may still tell this order's person from others: weeks after its end it may not."""
    try:
        keys.current(order.subject_id)
    except keys.KeyDestroyed:
        return False
    days = int(policies.value(MASKED_NAME, at)["days"])
    return order.closed_at is None or at < order.closed_at + timedelta(days=days)


def refusal_shown(returning: Return, *, seat: str) -> str:
    """Why the shop refused: to the buyer as long as it is kept, to the shop while the order runs."""
    if seat == "member" and returning.order.closed_at is not None:
        return ""
    return returning.refusal or ""


def _record(
    membership: Membership, subject_id: UUID, purpose: str, fields: Sequence[str], *, at: datetime
) -> None:
    access_record.record(actor=membership.actor, subject_id=subject_id, purpose=purpose, fields=fields, at=at)


def mask(name: str) -> str:
    """ "林未" → "林*": enough to tell two parcels apart."""
    return f"{name[:1]}{'*' * max(len(name) - 1, 1)}" if name else ""


def returns_of_merchant(membership: Membership) -> ReturnQuerySet:
    membership.require(Capability.READ)
    return Return.objects.of_merchant(membership.merchant_id).select_related("order")


def return_for_merchant(membership: Membership, number: str) -> Return:
    """:raises NotFound: also when it belongs to another merchant"""
    return returns_of_merchant(membership).get_or_not_found(number=number)


def order_by_id(order_id: object) -> Order:
    """For a signed link that names the order itself. :raises NotFound: when it is gone"""
    return Order.objects.with_lines().get_or_not_found(pk=order_id)


def goes_back_to(returning: Return | FaultClaim, *, at: datetime) -> dict[str, str]:
    """Where an accepted return or claim goes, to its buyer alone; the shop sees that it was looked at."""
    shop = returning.order.merchant
    found = return_address(shop)
    if not found:
        public = {"address": shop.address_public, "contact": shop.contact_public}
        return {"name": shop.display_name, **public}
    reader = Actor.buyer(returning.subject_id)
    fields = ("merchants.ApplicationTask.answers",)
    access_record.record(
        actor=reader, subject_id=shop.subject_id, purpose="orders.return_address", fields=fields, at=at
    )
    return found


def note_for_merchant(membership: Membership, returning: Return, *, at: datetime) -> str:
    """What the buyer wrote with a return, until some weeks after the order's end; each look is recorded."""
    if not still_named(returning.order, at=at):
        return ""
    _record(membership, returning.subject_id, "orders.return", WITH_RETURN, at=at)
    return returning.note or ""


def moves_of(order: Order) -> list[OrderMove]:
    return list(OrderMove.objects.filter(order=order).order_by("id"))


def return_moves_of(order: Order) -> list[ReturnMove]:
    return list(
        ReturnMove.objects.filter(returning__order=order).select_related("returning__point").order_by("id")
    )


def scans_of(order: Order) -> list[Scan]:
    return list(Scan.objects.filter(shipment__order=order).order_by("happened_at", "id"))


def parcels_of(order: Order) -> list[Shipment]:
    """With what they hold, the first first; the order keeps them for the rest of its page."""
    prefetch_related_objects([order], "shipments__lines")
    return sorted(order.shipments.all(), key=attrgetter("handed_over_at", "pk"))


def parcel_for_buyer(order: Order, parcel_id: UUID) -> Shipment:
    """One on its way to them. :raises NotFound: also when it belongs to another order"""
    found = Shipment.objects.filter(
        order=order, returning__isnull=True, claim__isnull=True, pk=parcel_id
    ).first()
    if found is None:
        raise NotFound()
    return found


def parcels_of_return(returning: Return) -> list[Shipment]:
    return list(Shipment.objects.filter(returning=returning).order_by("handed_over_at", "id"))


def returns_of(order: Order) -> list[Return]:
    return list(Return.objects.of_order(order.pk).order_by("-asked_at", "-id"))


def parcel(tracking_number: str) -> Shipment | ReturnLabel:
    """For the sandbox carrier's page, also a label not seen yet. :raises NotFound: for a number not ours"""
    told = {"carrier": "sandbox", "tracking_number": tracking_number}
    found = Shipment.objects.filter(**told).first() or ReturnLabel.objects.filter(**told).first()
    if found is None:
        raise NotFound()
    return found
