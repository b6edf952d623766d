"""Import tax that the price holds: apart at settlement, back with a refund, to the fen."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.actor import Actor
from kernel.money import Money
from orders import invariants, refunding, settlement, taking_back
from orders.models import Order
from payments import accounts, ledger
from payments import invariants as money_rules
from payments.whereabouts import where_is_the_money
from tests.builders.imports import an_import
from tests.builders.orders import an_order, drain
from tests.builders.payouts import within_reach
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
SYSTEM = Actor.system()


def settled(*, price: str = "109.10", quantity: int = 2, freight: str = "0.00") -> Order:
    goods = an_import(price=price, freight=freight)
    order = an_order(listing=goods, quantity=quantity, delivered_at=DELIVERED)
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    drain(at=order.settles_at)
    return Order.objects.get(pk=order.pk)


def goes_back(order: Order, fen: int, name: str) -> None:
    at = order.settled_at + timedelta(days=1)
    locked = Order.objects.get(pk=order.pk)
    taking_back.fill(locked, Money(fen), purpose=name, actor=SYSTEM, at=at)
    refunding.refund_part(order_id=order.pk, amount=Money(fen), purpose=name, actor=SYSTEM, at=at)


def apart() -> Money:
    return ledger.balance(accounts.tax("cn"))


def sound() -> bool:
    money_rules.settle_constraints()
    return money_rules.all_offences() == [] and list(invariants.all_offences()) == []


def test_a_settlement_sets_it_apart_and_takes_its_fee_of_the_rest():
    # Twice 109.10 at 9.1 %: each holds 9.10. Fee: 2 % of 200.00.
    order = settled()
    assert apart() == Money(1820)
    assert within_reach(order.merchant_id) == Money(20000 - 400)
    assert {line.place: line.amount.minor for line in where_is_the_money(order.pk)}["tax"] == 1820
    assert sum(line.amount.minor for line in where_is_the_money(order.pk)) == order.total.minor
    assert sound()


def test_one_of_two_that_goes_back_takes_its_share_along():
    order = settled()
    before = within_reach(order.merchant_id)
    goes_back(order, 10910, "complaint:1")
    assert apart() == Money(910)
    # The shop gave 109.10 and got 9.10 of it from what was set apart.
    assert within_reach(order.merchant_id) == before - Money(10000)
    assert sound()


def test_parts_in_any_order_leave_nothing_of_the_whole():
    first, second = settled(price="33.37", quantity=3), settled(price="33.37", quantity=3)
    held = apart()
    for fen, name in ((3337, "a"), (1, "b"), (6673, "c")):
        goes_back(first, fen, name)
    halfway = apart()
    goes_back(second, 10011, "all")
    assert (held.minor % 2, halfway, apart()) == (0, Money(held.minor // 2), Money(0))
    assert sound()


def test_goods_that_cross_no_border_set_nothing_apart():
    order = an_order(listing=a_listing(price="109.10"), delivered_at=DELIVERED)
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    assert apart() == Money(0)
    assert sound()


def test_refunded_before_the_settlement_none_was_ever_set_apart():
    order = an_order(listing=an_import(price="109.10"), quantity=2, delivered_at=DELIVERED)
    refunding.refund_part(
        order_id=order.pk, amount=Money(10910), purpose="complaint:1", actor=SYSTEM, at=DELIVERED
    )
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    assert apart() == Money(910)
    assert sound()
