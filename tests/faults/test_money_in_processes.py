"""Money asked for by several processes at once, each with a Django of its own: never more than there is."""

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from deadlines import booking
from embedded.places import ROOT
from kernel.money import Money
from orders import deadlines
from orders import invariants as order_rules
from orders.models import Order, Shipment
from payments import accounts, invariants, ledger
from payments.models import Charge, Dispute, DisputeShare, Payment, Refund
from privacy.subjects import create_subject
from tests.builders.gift_cards import a_card
from tests.builders.money import OPENED, a_captured_payment, references
from tests.builders.orders import an_order, drain

pytestmark = pytest.mark.django_db(transaction=True)
LATER = OPENED + timedelta(hours=1)
# Reads what to do, waits for the word, and tells how each try ended.
WORKER = """
import json, sys, django; django.setup()
from datetime import datetime, timedelta
from uuid import UUID
from kernel.actor import Actor
from kernel.errors import DomainError
from kernel.ids import new_id
from kernel.money import Money
from orders import cancellation, fulfilment
from payments import capture, disputes, refunds
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.gift_cards import wallet

told = json.loads(sys.argv[1])
at = datetime.fromisoformat(told["at"])
who = Actor.system()

def refund(number):
    purpose = f"{told['name']}-{number}"
    refunds.refund(reference=UUID(told["order"]), amount=Money(3_000), purpose=purpose, actor=who, at=at)

def chargeback(number):
    is_ = DisputeTold("dp_1", told["charge"], Money(told["fen"]), DisputeIs.TO_ANSWER)
    disputes.note(provider="sandbox", told=is_, at=at)

def spend(number):
    holder, part = UUID(told["holder"]), capture.Part(new_id(), new_id(), Money(3_000))
    tendered = wallet.choose(subject_id=holder, wanted=Money(3_000), parts=[part], at=at)
    capture.open_payment(payer_subject_id=holder, parts=[part], tendered=tendered,
        expires_at=at + timedelta(minutes=30), actor=Actor.buyer(holder), at=at)

def ship(number):
    fulfilment.ship(order_id=UUID(told["order"]), tracking_number="SF0000000061", actor=who, at=at)

def cancel(number):
    cancellation.cancel(order_id=UUID(told["order"]), cause="never_dispatched", actor=who, at=at)

print("ready", flush=True)
sys.stdin.readline()
for number in range(told["tries"]):
    try:
        globals()[told["act"]](number)
        print("done", flush=True)
    except DomainError as refusal:
        print(refusal.code, flush=True)
"""


def together(*orders):
    """How often each ending came, over all processes; they start when all of them are ready."""
    own = connection.settings_dict
    address = f"postgres://{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}/{own['NAME']}"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, json.dumps({"tries": 4, "at": LATER.isoformat(), **told})],
            cwd=ROOT, text=True, env={**os.environ, "DATABASE_URL": address},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for told in orders
    ]  # fmt: skip
    try:
        for each in started:
            assert each.stdout.readline() == "ready\n"
        for each in started:
            each.stdin.write("go\n")
            each.stdin.flush()
        said = [line for each in started for line in each.communicate(timeout=300)[0].splitlines()]
    finally:
        for each in started:
            each.kill()
    return Counter(said)


def test_refunds_above_what_was_captured_against_a_chargeback():
    payment = a_captured_payment(10_000)
    order, charge = references(payment)[0], Charge.objects.get()
    refunders = [{"act": "refund", "name": name, "order": str(order)} for name in "ab"]
    bank = {"act": "chargeback", "charge": charge.provider_charge_id, "fen": 4_000}
    said = together(*refunders, bank)
    gone = sum(Refund.objects.standing().values_list("amount_minor", flat=True))
    apart = sum(DisputeShare.objects.values_list("amount_minor", flat=True))
    assert said["done"] == gone // 3_000 + 4 and set(said) <= {"done", "refund_exceeds_captured"}
    assert Dispute.objects.count() == 1 and gone + apart <= 10_000
    assert ledger.balance(accounts.escrow(order)) == Money(10_000 - gone - apart)
    assert invariants.all_offences() == []


def test_a_gift_card_is_spent_once():
    holder = create_subject(locale="zh-hans", at=OPENED).pk
    card = a_card(10_000, holder=holder)
    said = together(*[{"act": "spend", "holder": str(holder)}] * 2)
    assert said == {"done": 3, "tender_spent": 5}
    assert ledger.balance(card.account) == Money(1_000)
    assert Payment.objects.filter(tendered_minor=3_000).count() == 3
    assert invariants.all_offences() == []


def test_sent_in_the_last_instant_or_cancelled_never_both():
    order = an_order()
    # When silence cancels it: from there on nothing is sent any more.
    last = booking.find(kind=deadlines.DISPATCH_LIMIT, reference=order.pk).due_at
    just = (last - timedelta(microseconds=1)).isoformat()
    together(
        {"act": "ship", "order": str(order.pk), "at": just, "tries": 1},
        {"act": "cancel", "order": str(order.pk), "at": last.isoformat(), "tries": 1},
    )
    drain(at=last)
    order.refresh_from_db()
    sent = Shipment.objects.filter(order=order).count()
    assert (order.state, sent, order.refunded) in [
        ("shipped", 1, Money(0)),
        ("cancelled", 0, order.total),
    ]
    assert invariants.all_offences() == [] and order_rules.all_offences() == []
    assert Order.objects.count() == 1
