"""The same instant in processes of their own: the shop is paid or a case holds the money, in either order."""

from datetime import timedelta
from select import select

import pytest

from complaints.models import Complaint
from kernel.actor import Actor
from kernel.money import Money
from orders import invariants as order_rules
from orders import settlement
from orders.models import Order
from outbox import platform_clock
from payments import accounts, escrow, invariants, ledger
from payments.models import LedgerEntry
from tests.builders.cases import DELIVERED
from tests.builders.orders import an_order, drain
from tests.builders.shops import a_listing
from tests.faults import processes

pytestmark = pytest.mark.django_db(transaction=True)
# Does its act in a transaction, says so, and commits at the word.
ONE = """
import json, sys, django; django.setup()
from datetime import datetime
from uuid import UUID
from django.db import transaction
from complaints.intake import Story, open_complaint
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import settlement
from orders.models import Order

told = json.loads(sys.argv[1])
at = datetime.fromisoformat(told["at"])

def settle(order):
    settlement.settle(order_id=order.pk, actor=Actor.system(), at=at)

def complain(order):
    story = Story(category="damaged", wish="refund", text="茶壶有一条裂纹。")
    open_complaint(order_id=order.pk, story=story, actor=Actor.buyer(order.subject_id), at=at)

print("ready", flush=True)
sys.stdin.readline()
for order in told["orders"]:
    try:
        with transaction.atomic():
            globals()[told["act"]](Order.objects.get(pk=UUID(order)))
            print("acted", flush=True)
            if told["waits"]:
                sys.stdin.readline()
        print("done", flush=True)
    except DomainError as refusal:
        print(refusal.code, flush=True)
"""
SWEEPER = """
import json, sys, django; django.setup()
from datetime import datetime
from deadlines.sweep import sweep_all
from outbox import platform_clock
from outbox.relay import drain_all

told = json.loads(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with platform_clock.frozen(datetime.fromisoformat(told["at"])):
    for _ in range(3):
        sweep_all()
        drain_all()
print("swept", flush=True)
"""


BOTH = f"""
import json, sys
told = json.loads(sys.argv[1])
exec({ONE!r} if "act" in told else {SWEEPER!r})
"""


@pytest.fixture
def order():
    return an_order(delivered_at=DELIVERED)


def one_after_the_other(order, first, second, *, at):
    """`first` has acted and not committed when `second` starts; how both ended."""
    about = {"orders": [str(order.pk)], "at": at.isoformat()}
    with (
        processes.one(ONE, {**about, "act": first, "waits": True}) as a,
        processes.one(ONE, {**about, "act": second, "waits": False}) as b,
    ):
        processes.say(a)
        assert a.stdout.readline() == "acted\n"
        processes.say(b)
        # Long enough for the second to stand before what the first has locked.
        assert a.poll() is None and not select([b.stdout], [], [], 0.7)[0], "nothing is decided yet"
        processes.say(a)
        ended, said = a.stdout.readline().strip(), b.stdout.readline().strip()
        return ended, b.stdout.readline().strip() if said == "acted" else said


def money(order):
    """(what waits in escrow, what is the shop's, its reserve with it), with all rules kept."""
    assert invariants.all_offences() == [] and order_rules.all_offences() == []
    of_the_shop = accounts.available(order.merchant_id), accounts.reserve(order.merchant_id)
    return escrow.balance(order.pk), sum(map(ledger.balance, of_the_shop), Money(0))


def test_the_complaint_first_holds_all_of_the_money(order):
    last = order.settles_at
    assert one_after_the_other(order, "complain", "settle", at=last) == ("done", "money_held")
    drain(at=last)
    found = Order.objects.get(pk=order.pk)
    assert (found.state, found.holds.filter(lifted_at=None).count()) == ("delivered", 1)
    assert money(order) == (order.total, Money(0))
    # Nor does the clock pay later: only the end of the case does.
    with pytest.raises(settlement.MoneyHeld):
        settlement.settle(order_id=order.pk, actor=Actor.system(), at=last + timedelta(days=30))


def test_the_payment_first_leaves_the_case_its_order(order):
    """The complaint comes in all the same; what the shop was paid it can still be asked for."""
    last = order.settles_at
    assert one_after_the_other(order, "settle", "complain", at=last) == ("done", "done")
    drain(at=last)
    found = Order.objects.get(pk=order.pk)
    assert found.state == "settled" and Complaint.objects.get().order_id == order.pk
    waits, paid = money(order)
    assert waits.is_zero and paid == order.total - settlement.fee_on(order.total, order)


def test_two_sweepers_pay_each_shop_once():
    listing = a_listing(stock=10)
    orders = [an_order(listing=listing, delivered_at=DELIVERED) for _ in range(6)]
    last = orders[0].settles_at
    platform_clock.allow_shifting(allowed=True)
    told = {"at": last.isoformat()}
    assert processes.together(SWEEPER, told, told) == {"swept": 2}
    assert {each.state for each in Order.objects.all()} == {"settled"}
    for order in orders:
        assert LedgerEntry.objects.filter(reference=order.pk, purpose="settlement").count() == 1
    earned = sum((each.total - settlement.fee_on(each.total, each)).minor for each in orders)
    assert money(orders[0]) == (Money(0), Money(earned))


def test_the_sweep_against_complaints_of_the_last_instant():
    """Whoever is first of the two: an order is settled or held, and its money is in exactly one place."""
    listing = a_listing(stock=10)
    orders = [an_order(listing=listing, delivered_at=DELIVERED) for _ in range(4)]
    last = orders[0].settles_at
    platform_clock.allow_shifting(allowed=True)
    just = (last - timedelta(microseconds=1)).isoformat()
    told = {"orders": [str(each.pk) for each in orders], "at": just, "waits": False}
    said = processes.together(BOTH, {"at": last.isoformat()}, {**told, "act": "complain"})
    assert said == {"swept": 1, "acted": 4, "done": 4}
    for order in orders:
        found, waits = Order.objects.get(pk=order.pk), escrow.balance(order.pk)
        assert (found.state, waits) in [("settled", Money(0)), ("delivered", order.total)]
        assert found.holds.filter(lifted_at=None).exists()
    money(orders[0])
