"""An order that had expired is paid after all: its gift counts as given, or all of the money goes back."""

from datetime import timedelta
from uuid import UUID

import pytest

from catalog.models import Listing
from kernel.actor import Actor
from kernel.money import Money
from orders import cancellation, cart, checkout, invariants
from orders.models import Order, Promotion
from orders.promotions import gifts
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, drain, pay
from tests.builders.promotions import a_gift
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
ENDED = ORDERED + timedelta(hours=2)


def bought(subject: UUID, pot: Listing) -> checkout.Checkout:
    actor = Actor.buyer(subject)
    cart.put(subject_id=subject, listing_id=pot.pk, quantity=2, actor=actor, at=ORDERED)
    return checkout.place_orders(
        subject_id=subject, recipient=LIN_WEI, confirmations={}, actor=actor, at=ORDERED
    )


@pytest.fixture
def late() -> tuple[Listing, Promotion, checkout.Checkout]:
    """The only gift of an offer, in an order that nobody paid in time."""
    shop = a_merchant()
    pot, cup = a_listing(merchant=shop, price="60.00"), a_listing(merchant=shop, price="20.00")
    offer = a_gift(shop, cup, pieces=1)
    done = bought(a_subject(), pot)
    cancellation.expire(purchase_id=done.orders[0].purchase_id, at=ENDED)
    drain(at=ENDED)
    offer.refresh_from_db()
    assert offer.given == 0
    return pot, offer, done


def test_its_gift_counts_as_given_again(late: tuple[Listing, Promotion, checkout.Checkout]) -> None:
    _pot, offer, done = late
    pay(done, at=ENDED, choice="late")
    offer.refresh_from_db()
    assert (Order.objects.get().state, offer.given) == ("paid", 1)
    # What was told before says it again: nothing is given back.
    gifts.take_back(order_id=done.orders[0].pk)
    offer.refresh_from_db()
    assert offer.given == 1
    assert invariants.all_offences() == []


def test_a_gift_that_another_has_by_now(late: tuple[Listing, Promotion, checkout.Checkout]) -> None:
    pot, offer, done = late
    bought(a_subject(), pot)
    pay(done, at=ENDED, choice="late")
    offer.refresh_from_db()
    order = Order.objects.get(pk=done.orders[0].pk)
    assert (order.state, order.left, offer.given) == ("expired", Money(0), 1)
    assert invariants.all_offences() == []
