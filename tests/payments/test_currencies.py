"""A payment is in one currency from the order to the refund: the buyer gets back what was paid."""

import pytest
from django.db import transaction

from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, capture, ledger, refunds
from payments.capture import ChargeDiffers
from payments.gateways import registry
from payments.invariants import all_offences, settle_constraints
from payments.ledger import Line
from payments.models import Charge, Payment
from tests.builders.money import OPENED, SYSTEM, a_part, a_payment, references

pytestmark = pytest.mark.django_db


def paid(amount: Money) -> Payment:
    part = a_part(amount.minor, currency=amount.currency)
    payment = a_payment(parts=[part])
    capture.record(
        payment_id=payment.pk, provider="sandbox", charge_id=f"ch_{payment.pk.hex}", amount=amount,
        actor=SYSTEM, at=OPENED,
    )  # fmt: skip
    return payment


@pytest.mark.parametrize("amount", [Money(12_801, "EUR"), Money(1_281, "JPY"), Money(10_000, "HKD")])
def test_what_was_paid_goes_back_in_three_parts_to_the_last_unit(amount):
    payment = paid(amount)
    (order,) = references(payment)
    third = amount.minor // 3
    for place, minor in enumerate((third, third, amount.minor - 2 * third)):
        made = refunds.refund(
            reference=order, amount=Money(minor, amount.currency), purpose=f"part {place}",
            actor=SYSTEM, at=OPENED,
        )  # fmt: skip
        assert (made.currency, made.through.currency) == (amount.currency, amount.currency)
    assert refunds.is_fully_refunded(order)
    assert ledger.balance(accounts.provider("sandbox"), amount.currency).is_zero
    settle_constraints()
    assert all_offences() == []


def test_a_charge_in_another_currency_is_no_payment():
    payment = a_payment(10_000)
    with pytest.raises(ChargeDiffers):
        capture.record(
            payment_id=payment.pk, provider="sandbox", charge_id="ch_1", amount=Money(10_000, "EUR"),
            actor=SYSTEM, at=OPENED,
        )  # fmt: skip
    assert not Charge.objects.exists()


def test_a_refund_in_another_currency_is_refused():
    payment = paid(Money(10_000, "EUR"))
    (order,) = references(payment)
    with pytest.raises(refunds.RefundExceedsCaptured), transaction.atomic():
        refunds.refund(reference=order, amount=Money(100), purpose="t", actor=SYSTEM, at=OPENED)


def test_only_providers_of_the_orders_currency_are_offered():
    for currency in ("CNY", "EUR"):
        assert all(currency in one.currencies for one in registry.offered(currency))
    with pytest.raises(NotFound):
        registry.offered_gateway("wechatpay", "EUR")


def test_whoever_books_on_the_exchange_alone_turns_the_rule_red():
    lines = [
        Line(accounts.EXCHANGE, Money(-5)), Line(accounts.FEES, Money(5)),
    ]  # fmt: skip
    ledger.post(reference=new_id(), purpose="attack", lines=lines, actor=SYSTEM, at=OPENED)
    settle_constraints()
    assert [one.rule for one in all_offences()] == ["no sum was exchanged, so no difference is booked"]
