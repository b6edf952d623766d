"""A part of a set sent back: what it gives, in any order, and how the page explains it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from catalog import sets
from kernel import clock
from kernel.actor import Actor
from orders import asking, invariants, returns
from orders.models import CartLine, Order
from tests.builders.orders import ORDERED, a_tracking_number, drain, scan
from tests.builders.people import a_buyer, a_member
from tests.builders.set_orders import an_order_of_sets
from tests.builders.sets import NAME, a_set, teaware
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)


def bought(shop_set, quantity=1, **more):
    return an_order_of_sets(shop_set, quantity, delivered_at=DELIVERED, **more)


class TestReturn:
    """80.00 and 20.00 alone: the worked examples of test_set_refunds through the use cases."""

    def back(self, order, *lines, kind="no_reason", at=DELIVERED + timedelta(days=1)):
        buyer = Actor.buyer(order.subject_id)
        return returns.ask(
            order_id=order.pk, lines=[(line.pk, 1) for line in lines], kind=kind, actor=buyer, at=at
        )

    def refunded(self, made, *, at=DELIVERED + timedelta(days=3)):
        buyer = Actor.buyer(made.subject_id)
        if made.state == "asked":
            returns.accept(return_id=made.pk, actor=Actor.system(), at=at)
        returns.post(return_id=made.pk, tracking_number=a_tracking_number(), actor=buyer, at=at)
        scan(made.shipments.get(), "delivered", at=at + timedelta(hours=1))
        returns.refund(return_id=made.pk, actor=Actor.system(), at=at + timedelta(hours=2))
        drain(at=at + timedelta(hours=2))
        made.refresh_from_db()
        return made.amount_minor

    def test_what_is_kept_counts_at_its_single_price(self):
        order = bought(a_set(*teaware(), price="90.00"))
        _pot, cup = order.lines.all()
        made = self.back(order, cup)
        assert made.amount_minor == 1000
        assert self.refunded(made) == 1000
        order.refresh_from_db()
        assert order.refunded_minor == 1000 and not invariants.all_offences()

    @pytest.mark.parametrize("first", [0, 1], ids=["pot first", "cup first"])
    def test_both_one_after_the_other_give_back_all(self, first):
        order = bought(a_set(*teaware(), price="70.00"))
        lines = list(order.lines.all())
        one = self.refunded(self.back(order, lines[first]))
        assert one == (5000, 0)[first]
        two = self.refunded(
            self.back(order, lines[1 - first], at=DELIVERED + timedelta(days=4)),
            at=DELIVERED + timedelta(days=5),
        )
        order.refresh_from_db()
        assert one + two == 7000 == order.refunded_minor and order.state == "refunded"
        assert not invariants.all_offences()

    def test_two_returns_at_once_show_the_least_and_give_back_all(self):
        """While the pot is only on its way, the cup alone is worth nothing; once the pot is back, it is."""
        order = bought(a_set(*teaware(), price="70.00"))
        pot, cup = order.lines.all()
        first, second = self.back(order, pot), self.back(order, cup)
        assert (first.amount_minor, second.amount_minor) == (5000, 0)
        assert self.refunded(first) == 5000
        assert self.refunded(second) == 2000
        order.refresh_from_db()
        assert order.refunded_minor == 7000 and not invariants.all_offences()

    def test_what_is_faulty_goes_back_at_its_share(self):
        order = bought(a_set(*teaware(), price="70.00"))
        _pot, cup = order.lines.all()
        assert self.back(order, cup, kind="quality").amount_minor == 1400

    def test_one_of_two_sets_goes_back_at_its_price(self):
        order = bought(a_set(*teaware(), price="70.00"), 2)
        assert self.back(order, *order.lines.all()).amount_minor == 7000

    def test_no_more_than_was_bought(self):
        order = bought(a_set())
        line = order.lines.first()
        with pytest.raises(asking.QuantityOutOfRange):
            asking.check(order, lines=[(line.pk, 2)], kind="no_reason", at=DELIVERED + timedelta(days=1))


class TestPages:
    def buy(self, buyer, shop_set, **more):
        told = {"set": shop_set.pk, "revision": shop_set.live_revision_id, "quantity": 1, **more}
        return buyer.client.post(reverse("orders:cart-sets"), told)

    def test_from_the_set_s_page_to_the_order_and_back(self):
        buyer, (pot, cup) = a_buyer(), teaware()
        shop_set, owner = a_set(pot, cup), a_member(pot.merchant)
        assert self.buy(buyer, shop_set).status_code == 303
        shown = buyer.client.get(reverse("orders:cart")).content.decode()
        assert NAME in shown and "¥70.00" in shown and "¥80.00" in shown
        checked = buyer.client.get(reverse("orders:checkout")).content.decode()
        assert NAME in checked and "按单买价计算" in checked
        with clock.frozen(ORDERED):
            shopping.check_out(buyer.client)
        order = Order.objects.get()
        assert order.total_minor == 7000
        for address in ("orders:order", "orders:contract"):
            shown = buyer.client.get(reverse(address, args=[order.number])).content.decode()
            assert NAME in shown and "¥30.00" in shown
        address = reverse("orders:merchant-order", args=[pot.merchant.slug, order.number])
        Order.objects.filter(pk=order.pk).update(paid_at=ORDERED)
        assert NAME in owner.client.get(address).content.decode()

    def test_what_is_refused_is_said_on_the_cart(self):
        buyer, shop_set = a_buyer(), a_set()
        sets.withdraw(set_id=shop_set.pk, actor=Actor.system(), at=ORDERED)
        answer = self.buy(buyer, shop_set)
        assert answer.status_code == 422 and "不再卖这个套装" in answer.content.decode()
        assert self.buy(buyer, shop_set, quantity="0").status_code == 422
        assert not CartLine.objects.exists()

    def test_the_sum_of_a_part_is_explained_before_it_is_asked_for(self):
        buyer = a_buyer()
        order = bought(a_set(*teaware(), price="90.00"), subject=buyer.subject_id)
        _pot, cup = order.lines.all()
        with clock.frozen(DELIVERED + timedelta(days=1)):
            shown = buyer.client.post(
                reverse("orders:return-check", args=[order.number]),
                {f"line_{cup.pk.hex}": "1", "kind": "no_reason"},
            ).content.decode()
        assert "¥10.00" in shown and "单买合计 ¥80.00" in shown
