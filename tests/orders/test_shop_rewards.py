"""A shop's points, from the order that earns them to the fee that they lower; its page, and its refusals."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from kernel import clock
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants.capabilities import Capability
from orders import holds, refunding, rewarding, settlement, taking_back
from orders.events import OrderSettled
from orders.models import Order
from payments import accounts, ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import PointsLot
from payments.points import redeeming, shop_view
from tests.builders.money import some_shop_points
from tests.builders.orders import ORDERED, a_subject, an_order, deliver, drain, ship
from tests.builders.people import a_member
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
ENGLISH = {"accept-language": "en"}
NOW = ORDERED + timedelta(days=60)


@pytest.fixture(autouse=True)
def books_hold() -> object:
    yield
    settle_constraints()
    assert all_offences() == []


def delivered() -> Order:
    """Of 100.00; the platform's fee on it is 2.00."""
    order = an_order(listing=a_listing(price="100.00", freight="0.00"), subject_id=a_subject())
    ship(order, at=ORDERED + timedelta(hours=6))
    deliver(order, at=ORDERED + timedelta(days=2))
    return Order.objects.get(pk=order.pk)


ARRIVED = ORDERED + timedelta(days=2)


def settled(order: Order) -> Order:
    assert order.settles_at is not None
    settlement.settle(order_id=order.pk, actor=SYSTEM, at=order.settles_at)
    drain(at=order.settles_at)
    return Order.objects.get(pk=order.pk)


def earned(order: Order) -> list[tuple[int, list[str]]]:
    rows = PointsLot.objects.filter(reference=order.pk, kind="reward")
    return [(lot.amount_minor, lot.grounds) for lot in rows]


def held(order: Order) -> int:
    return shop_view.standing(order.merchant_id, at=NOW).balance.minor


class TestEarning:
    def test_in_time_and_without_a_case(self) -> None:
        """5 % and 5 % of a fee of 200 fen."""
        assert earned(settled(delivered())) == [(20, ["sent_in_time", "no_case"])]

    def test_a_case_in_between_costs_its_share(self) -> None:
        order, case = delivered(), uuid4()
        holds.place(order_id=order.pk, reason="complaint", reference=case, actor=SYSTEM, at=ARRIVED)
        holds.lift(order_id=order.pk, reason="complaint", reference=case, actor=SYSTEM, at=ARRIVED)
        assert earned(settled(order)) == [(10, ["sent_in_time"])]

    def test_of_which_money_went_back_there_is_none(self) -> None:
        order = delivered()
        refunding.refund_part(order_id=order.pk, amount=Money(1), purpose="case:1", actor=SYSTEM, at=ARRIVED)
        assert earned(settled(order)) == []

    def test_told_twice_is_once(self) -> None:
        order = settled(delivered())
        rewarding.on_order_settled(
            OrderSettled(order.pk, order.merchant_id, order.subject_id, 10_000, 200), at=NOW
        )
        assert held(order) == 20

    def test_a_refund_afterwards_takes_all_of_it(self) -> None:
        order = settled(delivered())
        again = Order.objects.locked(order.pk)
        taking_back.fill(again, Money(1), purpose="back", actor=SYSTEM, at=NOW)
        refunding.give_back(again, amount=Money(1), purpose="case:1", actor=SYSTEM, at=NOW)
        lot = PointsLot.objects.get(reference=order.pk, kind="reward")
        assert (lot.taken_minor, lot.revoked_at, held(order)) == (20, NOW, 0)


class TestRelief:
    def test_lowers_the_fee_of_the_next_settlement(self) -> None:
        order = delivered()
        some_shop_points(order.merchant, points=150, at=ORDERED)
        redeeming.redeem(merchant_id=order.merchant_id, points=150, actor=SYSTEM, at=ORDERED)
        order = settled(order)
        available = ledger.balance(accounts.available(order.merchant_id))
        reserved = ledger.balance(accounts.reserve(order.merchant_id))
        assert available + reserved == Money(10_000 - 200 + 150)
        # Only the 50 that it paid itself earn: 10 %.
        assert earned(order)[0][0] == 5


class TestPage:
    def test_shows_and_redeems_once(self) -> None:
        shop = a_merchant()
        owner = a_member(shop)
        some_shop_points(shop, points=500, at=ORDERED)
        path = f"/merchant/{shop.slug}/rewards/"
        with clock.frozen(NOW):
            shown = owner.client.get(path, headers=ENGLISH).content.decode()
            assert "500 points" in shown and "50 points for every ¥10.00 of fee" in shown
            form = {"points": "300", "idempotency_key": new_id().hex}
            for _twice in range(2):
                assert owner.client.post(path, form).status_code == 303
            assert shop_view.standing(shop.pk, at=NOW).balance == Money(200)
            shown = owner.client.get(path, headers=ENGLISH).content.decode()
            assert "lower by ¥3.00 together" in shown
            refused = owner.client.post(
                path, {"points": "201", "idempotency_key": new_id().hex}, headers=ENGLISH
            )
            assert refused.status_code == 422 and "has 200 points to use" in refused.content.decode()
            for nonsense in ("0", "-1", "many", "", "1.5"):
                asked = {"points": nonsense, "idempotency_key": new_id().hex}
                assert owner.client.post(path, asked).status_code == 422
            assert shop_view.standing(shop.pk, at=NOW).balance == Money(200)

    def test_only_for_who_keeps_the_money(self) -> None:
        shop = a_merchant()
        some_shop_points(shop, points=500, at=ORDERED)
        member = a_member(shop, [Capability.ORDERS])
        path = f"/merchant/{shop.slug}/rewards/"
        with clock.frozen(NOW):
            asked = {"points": "1", "idempotency_key": new_id().hex}
            assert member.client.get(path).status_code == member.client.post(path, asked).status_code == 404
        assert shop_view.standing(shop.pk, at=NOW).balance == Money(500)

    def test_the_file_says_what_the_page_says(self) -> None:
        order = settled(delivered())
        owner = a_member(order.merchant)
        path = f"/merchant/{order.merchant.slug}/rewards/"
        with clock.frozen(NOW):
            asked = {"format": "csv", "kind": "earned"}
            answer = owner.client.get(path, asked, headers=ENGLISH)
            page = owner.client.get(path, headers=ENGLISH).content.decode()
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert lines[0] == "Time,Movement,Order,Points,Points afterwards"
        assert lines[1].endswith(f",{order.number},20,20") and "sent in time" in lines[1]
        assert order.number in page

    def test_a_place_is_paid_with_points_and_comes_back_in_kind(self) -> None:
        listing = a_listing(code="T-1")
        owner = a_member(listing.merchant)
        some_shop_points(listing.merchant, points=5_000, at=ORDERED)
        day = (NOW + timedelta(days=2)).date().isoformat()
        form = {
            "listing": str(listing.pk), "first_day": day, "days": "2", "paid_with": "points",
            "idempotency_key": new_id().hex,
        }  # fmt: skip
        with clock.frozen(NOW):
            path = f"/merchant/{listing.merchant.slug}/placements/"
            assert owner.client.post(path, form).status_code == 303
            shown = owner.client.get(path, headers=ENGLISH).content.decode()
        assert "4000 points paid" in shown or "4,000 points paid" in shown
        assert shop_view.standing(listing.merchant_id, at=NOW).balance == Money(1_000)
        assert ledger.balance(accounts.available(listing.merchant_id)).is_zero
