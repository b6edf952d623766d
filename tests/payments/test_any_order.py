"""Notices lost on the way come again, late, twice and in any order: the same ledger in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.money import Money
from payments import accounts, calls, capture, escrow, ledger, refunds, webhooks
from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import Answer, refund_key
from payments.invariants import all_offences, settle_constraints
from payments.models import Charge, LedgerEntry, Payment, Refund
from tests.builders.money import OPENED, SYSTEM, a_payment, references

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(hours=1)


def deliver(payment: Payment, event: str, kind: str, **facts: object) -> None:
    document: dict[str, Any] = {"id": event, "account": "anxin", "live": False, "kind": kind}
    document |= {"payment": payment.number, "amount": 10_000, "currency": "CNY"} | facts
    body = documents.write(document)
    headers = signing.sign(body, secret=sandbox_keys.secrets(sandbox_keys.WEBHOOK)[0], at=NOW)
    webhooks.receive(provider="sandbox", headers=headers, body=body, at=NOW)


# Every way in which one payment's story can be told: its decline, its charge, its expiry, a second charge.
TOLD = ["declined", "captured", "captured again", "charged twice", "expired"]


STORIES = st.lists(st.sampled_from(TOLD), max_size=12).map(lambda more: [*more, "captured", "charged twice"])


@given(STORIES, st.randoms())
@settings(max_examples=60)
def test_capture_ends_the_same(story: list[str], chance: Any) -> None:
    chance.shuffle(story)
    with transaction.atomic():
        payment = a_payment()
        for step in story:
            match step:
                case "declined":
                    deliver(payment, "evt_d", "charge.declined")
                case "captured":
                    deliver(payment, "evt_1", "charge.captured", charge="ch_1")
                case "captured again":
                    deliver(payment, "evt_2", "charge.captured", charge="ch_1")
                case "charged twice":
                    deliver(payment, "evt_3", "charge.captured", charge="ch_2")
                case "expired":
                    capture.expire_payment(payment_id=payment.pk, actor=SYSTEM, at=NOW)
        payment.refresh_from_db()
        assert payment.state == "captured"
        assert escrow.balance(references(payment)[0]) == Money(10_000)
        assert ledger.balance(accounts.provider("sandbox")) == Money(-10_000)
        assert sorted(Charge.objects.values_list("extra", flat=True)) == [False, True]
        assert Refund.objects.get().charge.extra
        entries = ["capture", "extra_charge", "refund:extra_charge"]
        assert sorted(LedgerEntry.objects.values_list("purpose", flat=True)) == entries
        settle_constraints()
        assert all_offences() == []
        transaction.set_rollback(True)


AFTER = ["asked", "no answer", "taken", "paid", "paid in other words"]


@given(st.lists(st.sampled_from(AFTER), max_size=10).map(lambda more: [*more, "paid"]), st.randoms())
@settings(max_examples=60)
def test_a_refund_ends_the_same(story: list[str], chance: Any) -> None:
    chance.shuffle(story)
    with transaction.atomic():
        payment = a_payment()
        deliver(payment, "evt_1", "charge.captured", charge="ch_1")
        order = references(payment)[0]
        ask = {"reference": order, "amount": Money(4_000), "purpose": "p", "actor": SYSTEM, "at": NOW}
        refund = refunds.refund(**ask)
        for number, step in enumerate(story):
            later = NOW + timedelta(hours=number)
            match step:
                case "asked":
                    refunds.refund(**ask)
                case "no answer":
                    calls.make_due(post=lambda _: Answer(0), at=later)
                case "taken":
                    calls.make_due(post=lambda _: Answer(202), at=later)
                case _:
                    event = "evt_p" if step == "paid" else "evt_q"
                    key = refund_key(refund.pk)
                    deliver(payment, event, "refund.paid", refund=key, amount=4_000, charge="ch_1")
        refund.refresh_from_db()
        assert refund.state == "paid"
        assert escrow.balance(order) == Money(6_000)
        assert ledger.balance(accounts.provider("sandbox")) == Money(-6_000)
        settle_constraints()
        assert all_offences() == []
        transaction.set_rollback(True)
