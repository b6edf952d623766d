"""Many at the same instant, on real connections: one effect, and never more than there is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from kernel.errors import DomainError
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, calls, escrow, ledger, refunds, webhooks
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import Answer
from payments.invariants import all_offences
from payments.models import Charge, LedgerEntry, ProviderCall, ProviderNotice, Refund
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, a_payment, published, references

pytestmark = pytest.mark.django_db(transaction=True)
NOW = OPENED + timedelta(minutes=1)
THREADS = 8


def at_once(act: Callable[[int], object], threads: int = THREADS) -> list[object]:
    """What `act(0)`, `act(1)` … gave or raised, all started together."""
    gate = Barrier(threads)

    def run(number: int) -> object:
        try:
            gate.wait()
            return act(number)
        except (DomainError, IntegrityError) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def succeeded(results: list[object]) -> int:
    return sum(not isinstance(result, Exception) for result in results)


def test_one_charge_told_eight_times_is_held_once() -> None:
    payment = a_payment(10_000)
    facts = {"account": "anxin", "live": False, "kind": "charge.captured", "payment": payment.number}
    facts |= {"charge": "ch_1", "amount": 10_000, "currency": "CNY"}

    def tell(number: int) -> object:
        # Two of each: the same event again, and other events of the same charge.
        body = documents.write({**facts, "id": f"evt_{number // 2}"})
        headers = signing.sign(body, secret=sandbox_keys.secrets(sandbox_keys.WEBHOOK)[0], at=NOW)
        return webhooks.receive(provider="sandbox", headers=headers, body=body, at=NOW)

    assert succeeded(at_once(tell)) == THREADS
    assert ProviderNotice.objects.count() == THREADS // 2
    assert Charge.objects.count() == LedgerEntry.objects.count() == len(published("PaymentCaptured")) == 1
    assert escrow.balance(references(payment)[0]) == Money(10_000)
    assert all_offences() == []


def test_parallel_refunds_never_exceed_what_was_captured() -> None:
    order = references(a_captured_payment(10_000))[0]

    def refund(number: int) -> object:
        return refunds.refund(
            reference=order, amount=Money(3_000), purpose=f"r{number}", actor=SYSTEM, at=NOW
        )

    results = at_once(refund)
    assert succeeded(results) == Refund.objects.count() == 3
    assert {type(r) for r in results if isinstance(r, Exception)} == {refunds.RefundExceedsCaptured}
    assert escrow.balance(order) == Money(1_000) and all_offences() == []


def test_the_same_refund_eight_times_is_one() -> None:
    order = references(a_captured_payment(10_000))[0]
    ask = {"reference": order, "amount": Money(3_000), "purpose": "r", "actor": SYSTEM, "at": NOW}
    results = at_once(lambda _: refunds.refund(**ask))
    assert succeeded(results) == THREADS and Refund.objects.count() == 1


def test_refund_and_release_race_for_the_same_money() -> None:
    order, merchant = references(a_captured_payment(10_000))[0], new_id()

    def take(number: int) -> object:
        if number % 2:
            return refunds.refund(
                reference=order, amount=Money(10_000), purpose=f"r{number}", actor=SYSTEM, at=NOW
            )
        return escrow.release(
            reference=order,
            merchant_id=merchant,
            amount=Money(10_000),
            fee=Money(0),
            purpose=f"s{number}",
            actor=SYSTEM,
            at=NOW,
        )

    assert succeeded(at_once(take)) == 1
    assert escrow.balance(order).is_zero and all_offences() == []


def test_the_database_alone_stops_an_overdraft() -> None:
    order = references(a_captured_payment(10_000))[0]

    def draw(number: int) -> object:
        lines = ledger.move_money(accounts.escrow(order), accounts.provider("sandbox"), Money(3_000))
        return ledger.post(reference=new_id(), purpose="draw", lines=lines, actor=SYSTEM, at=NOW)

    assert succeeded(at_once(draw)) == 3
    assert escrow.balance(order) == Money(1_000)


def test_a_call_is_made_by_one_worker() -> None:
    order = references(a_captured_payment(10_000))[0]
    refunds.refund(reference=order, amount=Money(3_000), purpose="r", actor=SYSTEM, at=NOW)
    made = at_once(lambda _: calls.make_due(post=lambda _: Answer(202), at=NOW))
    assert sorted(made) == [0] * (THREADS - 1) + [1]  # type: ignore[type-var]
    assert ProviderCall.objects.get(kind="refund").attempts == 1
