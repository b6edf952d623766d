"""Many at once, over real connections: the last pieces are sold exactly once, a payment pays once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from catalog.models import Stock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import cart, checkout, fulfilment
from orders import invariants as order_rules
from orders.checkout import CartChanged
from orders.models import Order, OrderMove
from payments import invariants as money_rules
from payments.sandbox import straight
from tests.builders.orders import LIN_WEI, ORDERED, a_checkout, a_subject
from tests.builders.shops import a_listing

BUYERS, PIECES, DOORS = 64, 1, 16


def at_once(step: Any, cases: list[Any]) -> list[Any]:
    """Run the step for every case in threads that start together; a refusal is its own answer."""
    gate = Barrier(min(DOORS, len(cases)))

    def run(case: Any) -> Any:
        try:
            if cases.index(case) < gate.parties:
                gate.wait()
            return step(case)
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(DOORS) as pool:
        return list(pool.map(run, cases))


@pytest.mark.django_db(transaction=True)
def test_the_last_piece_is_sold_once_under_64_buyers() -> None:
    listing = a_listing(stock=PIECES)
    buyers = [a_subject() for _ in range(BUYERS)]
    for buyer in buyers:
        cart.put(subject_id=buyer, listing_id=listing.pk, quantity=1, actor=Actor.buyer(buyer), at=ORDERED)

    def order(buyer: Any) -> Any:
        return checkout.place_orders(
            subject_id=buyer, recipient=LIN_WEI, confirmations={}, actor=Actor.buyer(buyer), at=ORDERED
        )

    answers = at_once(order, buyers)
    refused = [answer for answer in answers if isinstance(answer, CartChanged)]
    assert len(refused) == BUYERS - PIECES and len(answers) == BUYERS
    row = Stock.objects.get(pk=listing.pk)
    assert (row.on_hand, row.reserved, Order.objects.count()) == (PIECES, PIECES, PIECES)
    assert money_rules.all_offences() == [] and order_rules.all_offences() == []


@pytest.mark.django_db(transaction=True)
def test_two_listings_in_any_order_never_wait_for_each_other() -> None:
    first, second = a_listing(stock=40), a_listing(stock=40)
    buyers = [a_subject() for _ in range(24)]
    for number, buyer in enumerate(buyers):
        for listing in (first, second) if number % 2 else (second, first):
            cart.put(
                subject_id=buyer, listing_id=listing.pk, quantity=1, actor=Actor.buyer(buyer), at=ORDERED
            )

    def order(buyer: Any) -> Any:
        return checkout.place_orders(
            subject_id=buyer, recipient=LIN_WEI, confirmations={}, actor=Actor.buyer(buyer), at=ORDERED
        )

    assert not [answer for answer in at_once(order, buyers) if isinstance(answer, DomainError)]
    assert Order.objects.count() == 48


@pytest.mark.django_db(transaction=True)
def test_sixteen_notices_of_one_payment_pay_once() -> None:
    done = a_checkout()
    straight.pay(done.payment.number, at=ORDERED)

    def mark(number: int) -> Any:
        return fulfilment.mark_paid(payment_id=done.payment.pk, actor=Actor.provider("sandbox"), at=ORDERED)

    at_once(mark, list(range(16)))
    assert OrderMove.objects.filter(order=done.orders[0], name="pay").count() == 1
    assert order_rules.all_offences() == []
