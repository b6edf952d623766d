"""Money asked for by several processes at once, each with a Django of its own: never more than there is."""

from datetime import timedelta

import pytest

from deadlines import booking
from kernel.money import Money
from orders import deadlines
from orders import invariants as order_rules
from orders.models import Order, Shipment
from payments import accounts, invariants, ledger
from payments.models import Charge, Dispute, DisputeShare, Payment, PointsLot, Refund
from privacy.subjects import create_subject
from tests.builders.gift_cards import a_card
from tests.builders.money import OPENED, a_captured_payment, references, some_points, some_shop_points
from tests.builders.orders import an_order, drain
from tests.builders.shops import a_merchant
from tests.faults import processes

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
from payments.points import lots, redeeming, spending

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

def points(number):
    holder, part = UUID(told["holder"]), capture.Part(new_id(), new_id(), Money(300))
    tendered = spending.choose(subject_id=holder, wanted=Money(300), parts=[part], at=at)
    capture.open_payment(payer_subject_id=holder, parts=[part], tendered=tendered,
        expires_at=at + timedelta(minutes=30), actor=Actor.buyer(holder), at=at)

def redeem(number):
    redeeming.redeem(merchant_id=UUID(told["shop"]), points=300, actor=who, at=at)

def end(number):
    lot = UUID(told["lot"])
    lots.on_due(reference=lot, due_at=at, at=at)

def ship(number):
    fulfilment.ship(order_id=UUID(told["order"]), tracking_number="SF0000000061", actor=who, at=at)

def cancel(number):
    cancellation.cancel(order_id=UUID(told["order"]), cause="never_dispatched", actor=who, at=at)

print("ready", flush=True)
sys.stdin.readline()
for number in range(told["tries"]):
    for act in told["act"].split():
        try:
            globals()[act](number)
            print("done", act, flush=True)
        except DomainError as refusal:
            print(refusal.code, flush=True)
"""


def together(*orders):
    return processes.together(WORKER, *({"tries": 4, "at": LATER.isoformat(), **told} for told in orders))


def test_refunds_above_what_was_captured_against_a_chargeback():
    payment = a_captured_payment(10_000)
    order, charge = references(payment)[0], Charge.objects.get()
    refunders = [{"act": "refund", "name": name, "order": str(order)} for name in "ab"]
    bank = {"act": "chargeback", "charge": charge.provider_charge_id, "fen": 4_000}
    said = together(*refunders, bank)
    gone = sum(Refund.objects.standing().values_list("amount_minor", flat=True))
    apart = sum(DisputeShare.objects.values_list("amount_minor", flat=True))
    assert (said["done refund"], said["done chargeback"]) == (gone // 3_000, 4)
    assert set(said) <= {"done refund", "done chargeback", "refund_exceeds_captured"}
    assert Dispute.objects.count() == 1 and gone + apart <= 10_000
    assert ledger.balance(accounts.escrow(order)) == Money(10_000 - gone - apart)
    assert invariants.all_offences() == []


def test_a_gift_card_is_spent_once():
    holder = create_subject(locale="zh-hans", at=OPENED).pk
    card = a_card(10_000, holder=holder)
    said = together(*[{"act": "spend", "holder": str(holder)}] * 2)
    assert said == {"done spend": 3, "tender_spent": 5}
    assert ledger.balance(card.account) == Money(1_000)
    assert Payment.objects.filter(tendered_minor=3_000).count() == 3
    assert invariants.all_offences() == []


def test_points_of_a_person_and_of_a_shop_are_spent_once():
    holder, shop = create_subject(locale="zh-hans", at=OPENED).pk, a_merchant()
    account = some_points(1_000, owner=holder)
    some_shop_points(shop, points=1_000)
    said = together(*[{"act": "points redeem", "holder": str(holder), "shop": str(shop.pk)}] * 2)
    assert said == {"done points": 3, "tender_spent": 5, "done redeem": 3, "not_enough_points": 5}
    assert ledger.balance(account) == Money(100)
    assert Payment.objects.filter(tendered_minor=300).count() == 3
    assert ledger.balance(accounts.relief(shop.pk)) == Money(900)
    assert invariants.all_offences() == []


def test_points_are_spent_or_end_never_both():
    holder = create_subject(locale="zh-hans", at=OPENED).pk
    account = some_points(1_000, owner=holder)
    lot = PointsLot.objects.get()
    just = (lot.expires_at - timedelta(microseconds=1)).isoformat()
    said = together(
        {"act": "points", "holder": str(holder), "at": just},
        {"act": "end", "lot": str(lot.pk), "at": lot.expires_at.isoformat(), "tries": 1},
    )
    spent = Payment.objects.filter(tendered_minor=300).count()
    assert (said["done points"], said["done end"]) == (spent, 1)
    assert set(said) <= {"done points", "done end", "tender_spent"} and spent <= 3
    assert ledger.balance(account).is_zero
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
