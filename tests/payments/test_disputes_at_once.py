"""Refunds and a bank's dispute of one charge at the same instant: never more goes back than came in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel.money import Money
from payments import accounts, disputes, ledger, refunds
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.invariants import all_offences
from payments.models import Charge, Dispute, DisputeShare, Refund
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, references
from tests.payments.test_at_once import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = OPENED + timedelta(hours=1)


@pytest.mark.parametrize("disputed", [10_000, 4_000])
def test_refunds_against_a_chargeback(disputed: int) -> None:
    payment = a_captured_payment(10_000)
    order, charge = references(payment)[0], Charge.objects.get()
    told = DisputeTold("dp_1", charge.provider_charge_id, Money(disputed), DisputeIs.TO_ANSWER)

    def act(number: int) -> object:
        if number % 2:
            return disputes.note(provider="sandbox", told=told, at=NOW)
        return refunds.refund(
            reference=order, amount=Money(3_000), purpose=f"r{number}", actor=SYSTEM, at=NOW
        )

    at_once(act)
    gone = sum(Refund.objects.standing().values_list("amount_minor", flat=True))
    apart = sum(DisputeShare.objects.values_list("amount_minor", flat=True))
    assert Dispute.objects.count() == 1 and gone % 3_000 == 0
    assert gone + apart <= 10_000
    assert ledger.balance(accounts.escrow(order)) == Money(10_000 - gone - apart)
    assert all_offences() == []


def test_told_eight_times_that_it_is_lost_it_is_lost_once() -> None:
    payment = a_captured_payment(10_000)
    charge = Charge.objects.get()
    states = [DisputeIs.TO_ANSWER, DisputeIs.LOST]

    def act(number: int) -> object:
        told = DisputeTold("dp_1", charge.provider_charge_id, Money(10_000), states[number % 2])
        return disputes.note(provider="sandbox", told=told, at=NOW)

    at_once(act, THREADS)
    assert Dispute.objects.get().state == "lost"
    assert ledger.balance(accounts.provider("sandbox")) == Money.zero()
    assert ledger.balance(accounts.escrow(references(payment)[0])) == Money.zero()
    assert all_offences() == []
