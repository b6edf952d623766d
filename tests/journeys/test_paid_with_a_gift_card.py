"""A card is bought, claimed by a friend with its code, pays a part of an order, and gets its share back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from orders.models import Order
from payments import escrow, ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import Charge, GiftCard, Payment
from payments.sandbox import straight
from tests.builders.people import a_buyer
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.frozen(NOW):
        yield
    settle_constraints()
    assert all_offences() == []


def bought(browser: Client, value: str, kind: str = "bearer") -> GiftCard:
    """Through the form and the sandbox's till."""
    key = shopping.hidden(browser.get(reverse("payments:card-buy")), "idempotency_key")
    told = {"kind": kind, "value": value, "idempotency_key": key}
    answer = browser.post(reverse("payments:card-buy"), told)
    assert answer.status_code == 303, answer.content.decode()
    number = answer["Location"].rstrip("/").rpartition("/")[2]
    straight.pay(number, at=NOW)
    shopping.drain(NOW)
    return GiftCard.objects.get(payment__number=number)


def code_of(browser: Client, card: GiftCard) -> str:
    page = browser.post(reverse("payments:card-code", args=[card.pk])).content.decode()
    found = re.search(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b", page)
    assert found, page
    return found.group(0)


def claimed(browser: Client, code: str) -> Any:
    return browser.post(reverse("payments:card-claim"), {"code": code})


def placed(browser: Client, cards: str) -> Payment:
    """Open the wallet on the checkout page, enter the sum, reckon, and press the button."""
    address = reverse("orders:checkout")
    page = browser.get(address)
    told = {**shopping.RECIPIENT, "idempotency_key": shopping.hidden(page, "idempotency_key")}
    told["seen_total"] = shopping.hidden(page, "seen_total")
    opened = browser.post(address, {**told, "wallet": "1"})
    assert 'name="pay_cards"' in opened.content.decode()
    told |= {"wallet": "1", "pay_cards": cards}
    told["idempotency_key"] = shopping.hidden(opened, "idempotency_key")
    reckoned = browser.post(address, {**told, "reckon": "1"})
    told |= {name: shopping.hidden(reckoned, name) for name in ("seen_wallet", "idempotency_key")}
    answer = browser.post(address, told)
    assert answer.status_code == 303, answer.content.decode()
    return Payment.objects.get(number=answer["Location"].rstrip("/").rpartition("/")[2])


def test_from_buying_it_to_getting_its_share_back() -> None:
    giver, friend = a_buyer(), a_buyer("许知夏")
    card = bought(giver.client, "100")
    code = code_of(giver.client, card)
    assert code in mail.outbox[-1].body
    assert code not in giver.client.get(reverse("payments:card", args=[card.pk])).content.decode()
    assert claimed(friend.client, code.lower()).status_code == 303
    wallet = friend.client.get(reverse("payments:cards"), headers={"accept-language": "en"}).content.decode()
    assert "¥100.00" in wallet

    listing = a_listing(price_minor=12_800, stock=5)
    shopping.put_in_cart(friend.client, listing)
    payment = placed(friend.client, "50")
    assert (payment.tendered, ledger.balance(card.account)) == (Money(5_000), Money(5_000))
    page = friend.client.get(reverse("payments:payment", args=[payment.number])).content.decode()
    assert "¥50.00" in page
    straight.pay(payment.number, at=NOW)
    shopping.drain(NOW)
    order = Order.objects.get(payment_id=payment.pk)
    assert Charge.objects.get(payment=payment).amount == order.total - Money(5_000)
    assert escrow.balance(order.pk) == order.total

    told = {"idempotency_key": shopping.key()}
    answer = friend.client.post(reverse("orders:cancellation", args=[order.number]), told)
    assert answer.status_code == 303, answer.content.decode()
    straight.run(at=NOW)
    shopping.drain(NOW)
    assert ledger.balance(card.account) == Money(10_000)
    shown = friend.client.get(reverse("orders:order", args=[order.number]), headers={"accept-language": "en"})
    assert "Back on your gift cards and points" in shown.content.decode()
    moved = friend.client.get(reverse("payments:card", args=[card.pk]), headers={"accept-language": "en"})
    assert "Back from an order" in moved.content.decode()


def test_an_order_paid_by_the_card_alone_needs_no_provider() -> None:
    buyer = a_buyer()
    card = bought(buyer.client, "900")
    buyer.client.post(reverse("payments:card-keep", args=[card.pk]))
    listing = a_listing(price_minor=12_800, stock=5)
    shopping.put_in_cart(buyer.client, listing)
    total = Money(int(shopping.hidden(buyer.client.get(reverse("orders:checkout")), "seen_total")))
    payment = placed(buyer.client, total.decimal_text)
    shopping.drain(NOW)
    assert (payment.state, payment.due, payment.provider) == ("captured", Money(0), "")
    assert Order.objects.get(payment_id=payment.pk).state == "paid"
    page = buyer.client.get(reverse("payments:payment", args=[payment.number]))
    assert page.status_code == 200


def test_another_sum_than_the_page_showed_is_checked_first() -> None:
    buyer = a_buyer()
    bought(buyer.client, "100")
    buyer.client.post(reverse("payments:card-keep", args=[GiftCard.objects.get().pk]))
    shopping.put_in_cart(buyer.client, a_listing(price_minor=12_800))
    answer = shopping.check_out(buyer.client, wallet="1", pay_cards="30", seen_wallet="5000")
    assert answer.status_code == 422
    assert not Payment.objects.filter(tendered_minor__gt=0).exists()
    assert ledger.balance(GiftCard.objects.get().account) == Money(10_000)


def test_wrong_and_used_codes_read_alike_and_many_tries_are_stopped() -> None:
    giver, friend = a_buyer(), a_buyer("许知夏")
    code = code_of(giver.client, bought(giver.client, "100"))
    assert claimed(friend.client, code).status_code == 303
    pages = set()
    for text in (code, "0000-0000-0000-0000"):
        answer = claimed(friend.client, text)
        assert answer.status_code == 422
        found = re.search(r'<p class="err"[^>]*>.*?</p>', answer.content.decode(), re.DOTALL)
        assert found
        pages.add(re.sub(r'id="[^"]*"', "", found.group(0)))
    assert len(pages) == 1
    for _again in range(9):
        claimed(friend.client, "0000-0000-0000-0000")
    other = code_of(giver.client, bought(giver.client, "100"))
    assert claimed(friend.client, other).status_code == 422
    assert GiftCard.objects.filter(holder=friend.subject_id).count() == 1


def test_a_stranger_sees_nothing_of_a_card() -> None:
    giver, stranger = a_buyer(), a_buyer("许知夏")
    card = bought(giver.client, "100")
    for name in ("card-code", "card-keep", "card-return", "card-extension"):
        told = {"idempotency_key": shopping.key()}
        assert stranger.client.post(reverse(f"payments:{name}", args=[card.pk]), told).status_code == 404
    assert stranger.client.get(reverse("payments:card", args=[card.pk])).status_code == 404
    assert Client().get(reverse("payments:cards")).status_code == 302


def test_given_back_unused() -> None:
    buyer = a_buyer()
    card = bought(buyer.client, "100")
    page = buyer.client.get(reverse("payments:card", args=[card.pk]))
    told = {"idempotency_key": shopping.hidden(page, "idempotency_key")}
    with clock.frozen(NOW + timedelta(days=1)):
        assert buyer.client.post(reverse("payments:card-return", args=[card.pk]), told).status_code == 303
    card.refresh_from_db()
    assert card.state == "given_back"
    assert ledger.balance(card.account).is_zero


def test_the_law_s_limit_is_said_at_the_field() -> None:
    buyer = a_buyer()
    key = shopping.hidden(buyer.client.get(reverse("payments:card-buy")), "idempotency_key")
    told = {"kind": "bearer", "value": "1000.01", "idempotency_key": key}
    answer = buyer.client.post(reverse("payments:card-buy"), told, headers={"accept-language": "en"})
    assert answer.status_code == 422 and "1,000" in answer.content.decode()
    assert not GiftCard.objects.exists()
