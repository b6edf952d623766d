"""64 buyers in four processes after the last pieces: each is sold and paid once, nobody pays for none."""

from collections import Counter

import pytest

from catalog.models import Stock
from kernel.actor import Actor
from orders import cart
from orders import invariants as order_rules
from orders.models import Order
from payments import invariants as money_rules
from tests.builders.orders import ORDERED, a_subject, drain
from tests.builders.shops import a_listing
from tests.faults import processes

pytestmark = pytest.mark.django_db(transaction=True)
BUYERS, PROCESSES, PIECES = 64, 4, 5
BUYER = """
import json, sys, django; django.setup()
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID
from django.db import connection
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import checkout
from payments.sandbox import straight
from tests.builders.orders import LIN_WEI

told = json.loads(sys.argv[1])
at = datetime.fromisoformat(told["at"])

def order(number):
    who = UUID(number)
    try:
        buyer = {"subject_id": who, "actor": Actor.buyer(who)}
        done = checkout.place_orders(recipient=LIN_WEI, confirmations={}, at=at, **buyer)
        straight.pay(done.payment.number, at=at + timedelta(minutes=1), choice="twice")
        return "paid"
    except DomainError as refusal:
        return refusal.code
    finally:
        connection.close()

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(8) as pool:
    for each in pool.map(order, told["buyers"]):
        print(each, flush=True)
"""


def test_the_last_pieces_are_sold_once():
    listing = a_listing(stock=PIECES)
    buyers = [a_subject() for _ in range(BUYERS)]
    for buyer in buyers:
        cart.put(subject_id=buyer, listing_id=listing.pk, quantity=1, actor=Actor.buyer(buyer), at=ORDERED)
    shares = [[str(each) for each in buyers[turn::PROCESSES]] for turn in range(PROCESSES)]
    told = ({"at": ORDERED.isoformat(), "buyers": share} for share in shares)
    assert processes.together(BUYER, *told) == {"paid": PIECES, "cart_changed": BUYERS - PIECES}
    drain(at=ORDERED)
    row = Stock.objects.get(pk=listing.pk)
    assert (row.on_hand, row.reserved, row.sold) == (0, 0, PIECES)
    assert Counter(Order.objects.values_list("state", flat=True)) == {"paid": PIECES}
    assert money_rules.all_offences() == [] and order_rules.all_offences() == []
