"""The only door to orders for pages and the API: foreign and absent look the same."""

from __future__ import annotations

from django.http import HttpRequest

from accounts import guests
from kernel.actor import Actor
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import Order, Return
from orders.queries import OrderQuerySet, ReturnQuerySet


def buyer_of(request: HttpRequest) -> Actor:
    """Who buys here: the account's person, else the browser's guest.

    :raises NotFound: when it is neither
    """
    actor = guests.actor_of(request)
    if actor.subject_id is None:
        raise NotFound()
    return actor


def orders_of_buyer(actor: Actor) -> OrderQuerySet:
    return Order.objects.of_subject(actor.subject_id) if actor.subject_id else Order.objects.none()


def order_for_buyer(actor: Actor, number: str) -> Order:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    return Order.objects.of_subject(actor.subject_id).with_lines().get_or_not_found(number=number)


def return_for_buyer(actor: Actor, number: str) -> Return:
    """:raises NotFound: also when it is somebody else's"""
    if actor.subject_id is None:
        raise NotFound()
    found = Return.objects.of_subject(actor.subject_id).select_related("order__merchant")
    return found.get_or_not_found(number=number)


def orders_of_merchant(membership: Membership) -> OrderQuerySet:
    membership.require(Capability.READ)
    return Order.objects.of_merchant(membership.merchant_id)


def order_for_merchant(membership: Membership, number: str) -> Order:
    """:raises NotFound: also when it exists but belongs to another merchant, or was never paid for"""
    return orders_of_merchant(membership).shown_to_merchants().with_lines().get_or_not_found(number=number)


def returns_of_merchant(membership: Membership) -> ReturnQuerySet:
    membership.require(Capability.READ)
    return Return.objects.of_merchant(membership.merchant_id).select_related("order")


def return_for_merchant(membership: Membership, number: str) -> Return:
    """:raises NotFound: also when it belongs to another merchant"""
    return returns_of_merchant(membership).get_or_not_found(number=number)


def order_by_id(order_id: object) -> Order:
    """For a signed link that names the order itself. :raises NotFound: when it is gone"""
    return Order.objects.with_lines().get_or_not_found(pk=order_id)
