"""An order is settled and earns points; the next is partly paid with them, cancelled, and they are back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.token_scopes import Scope
from deadlines import near
from kernel import clock
from kernel.money import Money
from notifications.models import Letter
from orders.models import Order
from outbox import platform_clock, relay
from payments import ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import Charge, Payment, PointsLot
from payments.points import spending
from payments.sandbox import straight
from tests.builders.gift_cards import a_card
from tests.builders.money import some_points
from tests.builders.people import Person, a_buyer, a_member
from tests.builders.programs import Program
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def books_hold() -> Any:
    yield
    settle_constraints()
    assert all_offences() == []


def placed(browser: Client, points: str, **more: str) -> Any:
    """Open the wallet on the checkout page, enter the points, reckon, and press the button."""
    address = reverse("orders:checkout")
    page = browser.get(address)
    told = {**shopping.RECIPIENT, "idempotency_key": shopping.hidden(page, "idempotency_key")}
    told["seen_total"] = shopping.hidden(page, "seen_total")
    opened = browser.post(address, {**told, "wallet": "1"})
    assert 'name="pay_points"' in opened.content.decode()
    told |= {"wallet": "1", "pay_points": points, "pay_cards": "", **more}
    told["idempotency_key"] = shopping.hidden(opened, "idempotency_key")
    reckoned = browser.post(address, {**told, "reckon": "1"})
    told |= {name: shopping.hidden(reckoned, name) for name in ("seen_wallet", "idempotency_key")}
    return browser.post(address, told)


def payment_of(answer: Any) -> Payment:
    assert answer.status_code == 303, answer.content.decode()
    return Payment.objects.get(number=answer["Location"].rstrip("/").rpartition("/")[2])


def a_settled_order(buyer: Person) -> Order:
    """Of 100.00, over HTTP and with the clocks' own steps."""
    platform_clock.allow_shifting(allowed=True)
    listing = a_listing(price="100.00", freight="0.00")
    with clock.frozen(NOW):
        shopping.put_in_cart(buyer.client, listing)
        (order,) = shopping.buy(buyer.client, NOW)
        shopping.ship(a_member(order.merchant).client, order, "SF5500000001")
    delivered = NOW + timedelta(days=2)
    with clock.frozen(delivered):
        shopping.carrier_says("SF5500000001", "delivered", delivered)
    order.refresh_from_db()
    shopping.time_passes(order.settles_at)
    return Order.objects.get(pk=order.pk)


def test_earned_spent_and_back() -> None:
    buyer = a_buyer()
    order = a_settled_order(buyer)
    later = order.settles_at + timedelta(days=1)
    with clock.frozen(later):
        page = buyer.client.get(reverse("orders:order", args=[order.number]), headers=ENGLISH)
        assert "It earned 100 points." in page.content.decode()
        mine = buyer.client.get(reverse("payments:points"), headers=ENGLISH).content.decode()
        assert "100 bonus points" in mine and "Earned with an order" in mine

        shopping.put_in_cart(buyer.client, a_listing(price="20.00", freight="0.00"))
        payment = payment_of(placed(buyer.client, "80"))
        assert (payment.tendered, payment.due) == (Money(80), Money(1_920))
        straight.pay(payment.number, at=later)
        shopping.drain(later)
        second = Order.objects.get(payment_id=payment.pk)
        shown = buyer.client.get(reverse("orders:order", args=[second.number]), headers=ENGLISH)
        assert "Bonus points" in shown.content.decode() and "¥0.80" in shown.content.decode()

        told = {"idempotency_key": shopping.key()}
        answer = buyer.client.post(reverse("orders:cancellation", args=[second.number]), told)
        assert answer.status_code == 303
        straight.run(at=later)
        shopping.drain(later)
        assert spending.balance(buyer.subject_id, at=later) == Money(100)
        assert Charge.objects.get(payment=payment).amount == Money(1_920)
        moved = buyer.client.get(reverse("payments:points"), {"kind": "back"}, headers=ENGLISH)
        assert "Back from an order" in moved.content.decode()
        assert "Earned with an order" not in moved.content.decode()


def near_its_end(at: datetime) -> None:
    """The sweep that tells what ends soon, and the letters."""
    with platform_clock.frozen(at):
        near.tell()
        relay.drain_all()


def test_the_letter_comes_before_they_end_and_the_sweep_ends_them() -> None:
    buyer = a_buyer()
    a_settled_order(buyer)
    lot = PointsLot.objects.get(kind="earned")
    near_its_end(lot.expires_at - timedelta(days=29))
    letter = Letter.objects.get(subject_id=buyer.subject_id, kind="deadlines.points_expiry")
    assert letter.params["number"] == "100" and letter.params["path"] == reverse("payments:points")
    shopping.time_passes(lot.expires_at)
    lot.refresh_from_db()
    assert lot.expired_minor == 100 and ledger.balance(lot.account.account).is_zero


def test_more_than_the_share_is_refused_and_said() -> None:
    with clock.frozen(NOW):
        buyer = a_buyer()
        some_points(5_000, owner=buyer.subject_id, at=NOW - timedelta(hours=1))
        shopping.put_in_cart(buyer.client, a_listing(price="20.00", freight="0.00"))
        told = {"wallet": "1", "pay_cards": "", "pay_points": "1001", "seen_wallet": "0+1001"}
        answer = shopping.check_out(buyer.client, **told)
        assert answer.status_code == 422
        told["pay_points"] = "many"
        assert shopping.check_out(buyer.client, **told).status_code == 422
        assert not Payment.objects.exists()
        assert spending.balance(buyer.subject_id, at=NOW) == Money(5_000)
        assert payment_of(placed(buyer.client, "1000")).tendered == Money(1_000)


def test_the_file_says_what_the_page_says() -> None:
    with clock.frozen(NOW):
        buyer = a_buyer()
        some_points(250, owner=buyer.subject_id, at=NOW - timedelta(hours=1))
        answer = buyer.client.get(reverse("payments:points"), {"format": "csv"}, headers=ENGLISH)
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Time,Movement,Payment,Bonus points,Points afterwards"
    assert lines[1] == "2026-11-03T09:00:00+08:00,Earned with an order,,250,250"


def test_a_person_s_program_reads_the_wallet() -> None:
    with clock.frozen(NOW):
        buyer = a_buyer()
        some_points(250, owner=buyer.subject_id, at=NOW - timedelta(hours=1))
        card = a_card(10_000, buyer=buyer.subject_id, holder=buyer.subject_id, at=NOW - timedelta(hours=1))
    program = Program(buyer, at=NOW + timedelta(hours=1))
    told = program.get("/points/").json()
    (ends,) = told["ends"]
    assert (told["points"], ends["points"]) == (250, 250)
    assert datetime.fromisoformat(ends["at"]) == datetime(2027, 11, 30, 16, 0, tzinfo=UTC)
    (held,) = program.get("/cards/").json()["cards"]
    assert (held["id"], held["balance_minor"], held["value_minor"]) == (str(card.pk), 10_000, 10_000)
    assert "code" not in held and "digest" not in held
    assert (
        Program(buyer, scopes=[Scope.OWN_ORDERS], at=NOW + timedelta(hours=1)).get("/points/").status_code
        == 403
    )
