"""Into the cart, ordered, paid or not, cancelled."""

from __future__ import annotations

from uuid import UUID

from catalog import destinations
from demo.script import Step
from demo.stage import Stage, shop_of
from kernel.actor import Actor
from orders import address_book, cancellation, cart, checkout
from orders.delivery_ways import Way, WayKind
from orders.models import Order
from orders.paying_with import NOTHING, PayWith
from orders.recipients import Recipient
from payments.models import Payment
from payments.points import spending
from payments.sandbox import straight


def buy(stage: Stage, step: Step) -> None:
    shopper = step.facts["shopper"]
    actor = stage.buyer(shopper)
    subject_id = stage.get(f"person:{shopper}")
    for goods, quantity in step.facts["basket"]:
        listing_id = stage.get(f"goods:{goods}")
        cart.put(subject_id=subject_id, listing_id=listing_id, quantity=quantity, actor=actor, at=stage.at)
    recipient, wanted = _recipient(stage, shopper), set(step.facts.get("covers", ()))
    done = checkout.place_orders(
        subject_id=subject_id,
        recipient=recipient,
        destination=_province(recipient.address),
        covers={stage.get(f"goods:{goods}"): wanted for goods, _ in step.facts["basket"] if wanted},
        ways=_ways(stage, step),
        pay_with=_means(stage, step, subject_id),
        confirmations={stage.get(f"goods:{goods}"): True for goods in step.facts["confirmed"]},
        actor=actor,
        at=stage.at,
    )
    for order in done.orders:
        stage.call(f"order:{step.key}/{order.merchant.slug}", order.pk)


def _means(stage: Stage, step: Step, subject_id: UUID) -> PayWith:
    """As many points as the script wants, and no more than half of those that there are."""
    wanted = step.facts["points"]
    if not wanted:
        return NOTHING
    return PayWith(points_minor=min(wanted, spending.balance(subject_id, at=stage.at).minor // 2))


def _ways(stage: Stage, step: Step) -> dict[UUID, Way]:
    """How it comes from each shop of the basket; empty for the standard way."""
    kind, _, point = step.facts.get("way", "").partition(":")
    if not kind:
        return {}
    way = Way(WayKind(kind), point=stage.get(f"point:{point}") if point else None)
    return {stage.get(f"shop:{goods.partition('/')[0]}"): way for goods, _ in step.facts["basket"]}


def keep_address(stage: Stage, step: Step) -> None:
    """Into the shopper's book, under a word of their own."""
    shopper, place = step.facts["shopper"], step.facts["address"]
    person = stage.content.shoppers[shopper]
    written = address_book.Written(
        Recipient(person["name"], person["phone"], place), _province(place), step.facts["label"]
    )
    address_book.keep(written=written, actor=stage.buyer(shopper), at=stage.at)


def _recipient(stage: Stage, shopper: str) -> Recipient:
    person = stage.content.shoppers[shopper]
    return Recipient(person["name"], person["phone"], person["address"])


def _province(address: str) -> str:
    """Of the mainland's, the one whose name the address begins with."""
    there = (each for each in destinations.places().values() if each.code in destinations.mainland())
    return next(each.code for each in there if address.startswith(tuple(each.names.values())))


def pay(stage: Stage, step: Step) -> None:
    payment = Payment.objects.get(parts__reference=stage.get(f"order:{step.key}"))
    straight.pay(payment.number, at=stage.at, choice=step.facts["choice"])


def cancel(stage: Stage, step: Step) -> None:
    """By the buyer, or by the shop that hasn't got it after all."""
    order = Order.objects.get(pk=stage.get(f"order:{step.key}"))
    actor = Actor.buyer(order.subject_id)
    if step.facts["by"] == "shop":
        actor = stage.member(shop_of(step.key))
    cancellation.cancel(order_id=order.pk, actor=actor, at=stage.at)
