"""An invoice says what money paid: not what a gift card paid, whose sale is invoiced by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kernel.actor import Actor
from kernel.money import Money
from orders import cart, checkout
from orders.invoices import asking
from orders.invoices.asking import PaidByCard
from orders.models import Invoice, InvoicePaper, Order
from orders.paying_with import PayWith
from tests.builders.gift_cards import a_card
from tests.builders.invoices import PERSON, an_asked_invoice, due_paper, give_back, issue, sound
from tests.builders.orders import LIN_WEI, ORDERED, a_subject, drain, pay
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)


def paid_with_card(fen: int, *, wanted: bool = False) -> Order:
    """100 yuan, `fen` of them from a card of 200."""
    subject = a_subject(at=ORDERED - timedelta(days=2))
    a_card(20_000, buyer=subject, holder=subject, at=ORDERED - timedelta(days=1))
    actor = Actor.buyer(subject)
    cart.put(
        subject_id=subject,
        listing_id=a_listing(price="100.00", freight="0.00").pk,
        quantity=1,
        actor=actor,
        at=ORDERED,
    )
    done = checkout.place_orders(
        subject_id=subject,
        recipient=LIN_WEI,
        confirmations={},
        pay_with=PayWith(cards_minor=fen),
        actor=actor,
        at=ORDERED,
    )
    if wanted:
        asking.want(orders=done.orders, title=PERSON, actor=actor, at=ORDERED)
    if done.payment.due:
        pay(done, at=ORDERED + timedelta(minutes=5))
    drain(at=ORDERED + timedelta(minutes=6))
    return Order.objects.with_lines().get(pk=done.orders[0].pk)


def papers(order: Order) -> Any:
    rows = InvoicePaper.objects.filter(invoice__order_id=order.pk).order_by("made_at", "id")
    return list(rows.values_list("kind", "amount_minor"))


def test_the_card_s_part_is_on_no_paper() -> None:
    order = paid_with_card(3_000)
    an_asked_invoice(order, at=LATER)
    assert due_paper(order).amount == Money(7_000)
    issue(due_paper(order), at=LATER)
    give_back(order, 5_000, at=LATER)
    # 30 of 100 yuan were on the card, so 15 of 50 go back to it and 35 were on the invoice.
    assert papers(order) == [("invoice", 7_000), ("credit_note", 3_500)]
    give_back(order, 5_000, purpose="case:2", at=LATER)
    assert papers(order) == [("invoice", 7_000), ("credit_note", 3_500), ("credit_note", 3_500)]
    assert Invoice.objects.get().apart_minor == 0
    assert sound()


def test_a_refund_before_it_is_issued_lowers_it_by_what_money_paid() -> None:
    order = paid_with_card(3_000, wanted=True)
    assert papers(order) == [("invoice", 7_000)]
    give_back(order, 5_000, at=LATER)
    assert papers(order) == [("invoice", 3_500)]
    assert sound()


def test_nothing_is_invoiced_of_what_a_card_paid_whole() -> None:
    order = paid_with_card(10_000)
    with pytest.raises(PaidByCard):
        asking.ask(order_id=order.pk, title=PERSON, actor=Actor.buyer(order.subject_id), at=LATER)
    assert not Invoice.objects.exists()


def test_a_wish_of_the_checkout_ends_where_a_card_paid_whole() -> None:
    order = paid_with_card(10_000, wanted=True)
    assert Invoice.objects.get().state == "ended"
    assert papers(order) == []
    assert sound()
