"""Refunds that a provider refuses for good: they wait before the money desk, and go out once it says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.staff_roles import Role
from kernel import clock
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.money import Money
from orders import cancellation
from orders.models import OrderCover
from orders.refunding import MOST_ATTEMPTS, refund_part
from payments import accounts, differences, ledger, refunds, stuck_refunds
from payments.gateways.protocol import Answer
from payments.invariants import all_offences, settle_constraints
from payments.models import Difference, Refund
from payments.sandbox import straight
from payments.sandbox_models import SandboxCharge
from tests.builders.covers import a_covered_checkout
from tests.builders.money import SYSTEM, a_difference, a_dispute
from tests.builders.orders import ORDERED, a_checkout, drain, pay
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=1)
DESK = Actor.system()


def runs(at=LATER):
    for _ in range(2 * MOST_ATTEMPTS):
        drain(at=at)
        straight.run(at=at)
    drain(at=at)


def an_order_whose_card_is_closed(choice="refunds_fail"):
    done = a_checkout()
    pay(done, at=ORDERED, choice=choice)
    return done.orders[0]


def stuck():
    order = an_order_whose_card_is_closed()
    refund_part(order_id=order.pk, amount=Money(900), purpose="case:1", actor=SYSTEM, at=LATER)
    runs()
    return order, Difference.objects.get(what="refund_stuck")


def sound():
    settle_constraints()
    return all_offences() == []


def test_after_the_last_attempt_it_stands_at_the_desk():
    order, held = stuck()
    assert Refund.objects.filter(reference=order.pk, state="failed").count() == MOST_ATTEMPTS
    assert (held.kind, held.theirs, held.ours, held.state) == ("refund", None, Money(-900), "open")
    assert ledger.balance(accounts.escrow(order.pk)) == order.total
    assert Difference.objects.count() == 1 and sound()


def test_asked_once_more_the_payer_has_it():
    order, held = stuck()
    SandboxCharge.objects.update(refunds_fail=False)
    desk = a_staff(Role.MONEY_DESK)
    page = reverse("admin:payments_difference_change", args=[held.pk])
    assert (
        "Ask the provider again" in desk.client.get(page, headers={"accept-language": "en"}).content.decode()
    )
    desk.client.post(reverse("admin:payments_difference_again", args=[held.pk]))
    runs(clock.now())
    made = Refund.objects.get(reference=order.pk, state="paid")
    assert (made.amount, made.purpose) == (Money(900), f"case:1~{MOST_ATTEMPTS + 1}")
    assert ledger.balance(accounts.escrow(order.pk)) == order.total - Money(900)
    held.refresh_from_db()
    assert (held.state, held.reason) == ("explained", stuck_refunds.ASKED_AGAIN)
    with pytest.raises(differences.DifferenceEnded):
        stuck_refunds.ask_again(difference_id=held.pk, actor=DESK, at=LATER)
    assert sound()


def test_refused_again_it_stands_there_again():
    order, held = stuck()
    stuck_refunds.ask_again(difference_id=held.pk, actor=DESK, at=LATER)
    runs()
    assert Difference.objects.open().get().key != held.key
    assert ledger.balance(accounts.escrow(order.pk)) == order.total and sound()


def test_a_second_charge_that_can_t_go_back():
    done = a_checkout()
    # Charged twice, and the line is dead until the card of the second is closed.
    straight.pay(done.payment.number, at=ORDERED, choice="twice", wire=lambda _post: lambda _asked: Answer(0))
    SandboxCharge.objects.filter(copy=1).update(refunds_fail=True)
    runs()
    held = Difference.objects.get(what="refund_stuck")
    assert held.ours == -done.payment.amount
    SandboxCharge.objects.update(refunds_fail=False)
    made = stuck_refunds.ask_again(difference_id=held.pk, actor=DESK, at=LATER)
    runs()
    made.refresh_from_db()
    assert (made.state, made.purpose) == ("paid", "extra_charge~2")
    assert ledger.balance(accounts.suspense(made.reference)).is_zero and sound()


def test_what_the_bank_took_meanwhile_isn_t_sent_a_second_time():
    order, held = stuck()
    a_dispute(done_payment(order), at=LATER)
    with pytest.raises(refunds.RefundExceedsCaptured):
        stuck_refunds.ask_again(difference_id=held.pk, actor=DESK, at=LATER)
    held.refresh_from_db()
    assert held.state == "open" and sound()


def done_payment(order):
    return Refund.objects.filter(reference=order.pk)[0].payment


def test_of_another_difference_nothing_is_asked():
    held = a_difference()
    with pytest.raises(NotFound):
        stuck_refunds.ask_again(difference_id=held.pk, actor=DESK, at=LATER)
    assert not Refund.objects.exists()


def test_a_cover_s_premium_stands_there_once_after_its_last_attempt():
    done = a_covered_checkout("transit")
    pay(done, at=ORDERED, choice="refunds_fail")
    cover = OrderCover.objects.get(order=done.orders[0])
    cancellation.cancel(
        order_id=cover.order_id,
        actor=Actor.buyer(done.orders[0].subject_id),
        at=ORDERED + timedelta(minutes=9),
    )
    runs()
    tried = Refund.objects.filter(reference=cover.pk)
    assert (tried.count(), tried.filter(state="failed").count()) == (MOST_ATTEMPTS, MOST_ATTEMPTS)
    premiums = Difference.objects.filter(what="refund_stuck", ours_minor=-cover.premium_minor)
    assert premiums.count() == 1
    SandboxCharge.objects.update(refunds_fail=False)
    stuck_refunds.ask_again(difference_id=premiums.get().pk, actor=DESK, at=LATER)
    runs()
    assert ledger.balance(accounts.escrow(cover.pk)) == Money(0) and sound()
