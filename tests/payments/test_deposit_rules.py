"""What the database refuses about deposits, whoever writes; and two who fill one at once."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from embedded.places import ROOT
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, ledger
from payments.deposits import paying_in
from payments.invariants import RULES, all_offences, settle_constraints
from payments.ledger import Line
from payments.models import Deposit, DepositCall
from tests.builders.deposits import a_shop_with_deposit, lies
from tests.builders.payouts import SYSTEM, available, earns
from tests.builders.shops import ADMITTED, a_merchant

pytestmark = pytest.mark.django_db
AT = ADMITTED
SHORT = "what a deposit lacks is called for, unless its shop has left"


def a_filled_shop(fen=500_000):
    shop = a_shop_with_deposit(fen)
    earns(shop, fen)
    paying_in.from_balance(merchant_id=shop.pk, actor=SYSTEM, at=AT)
    settle_constraints()
    return shop


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(words, sql, *values):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        run(sql, *values)
        settle_constraints()


def takes(shop, fen, to):
    lines = [Line(accounts.deposit(shop.pk), Money(-fen)), Line(to, Money(fen))]
    ledger.post(reference=new_id(), purpose="attack", lines=lines, actor=SYSTEM, at=AT)


def test_what_is_required_never_goes_back_to_the_shop():
    shop = a_filled_shop()
    with pytest.raises(IntegrityError, match="still required"), transaction.atomic():
        takes(shop, 1, accounts.available(shop.pk))
        # Even with a call for what is missing then.
        DepositCall.objects.create(
            deposit=Deposit.objects.get(), missing_minor=1, opened_at=AT, due_at=AT + timedelta(days=1)
        )
        settle_constraints()
    assert (lies(shop), available(shop)) == (Money(500_000), Money(0))


def test_nobody_draws_without_a_call_for_what_is_missing_then():
    shop = a_filled_shop()
    with pytest.raises(IntegrityError, match="not called for"), transaction.atomic():
        takes(shop, 1, accounts.escrow(new_id()))
        settle_constraints()
    assert lies(shop) == Money(500_000) and all_offences() == []


def test_a_call_ends_only_when_it_is_filled():
    a_shop_with_deposit()
    settle_constraints()
    refused("not called for", "UPDATE payments_depositcall SET ended_at = opened_at, ending = 'filled'")


@pytest.mark.parametrize(
    ("words", "sql"),
    [
        ("only ends", "UPDATE payments_depositcall SET missing_minor = 1"),
        ("only ends", "UPDATE payments_depositcall SET due_at = due_at + interval '1 day'"),
        ("says how", "UPDATE payments_depositcall SET ended_at = opened_at"),
        ("time to pay", "UPDATE payments_depositcall SET overdue_at = opened_at"),
        ("required below zero", "UPDATE payments_deposit SET required_minor = -1"),
        ("who has left", "UPDATE payments_deposit SET given_back_at = now()"),
        ("append-only|kept|change", "UPDATE payments_deposit SET merchant_id = gen_random_uuid()"),
        ("one deposit in a currency", "INSERT INTO payments_deposit SELECT gen_random_uuid(),"
         " merchant_id, currency, 0, NULL, NULL FROM payments_deposit"),
        ("called for once", "INSERT INTO payments_depositcall SELECT gen_random_uuid(), 1, opened_at,"
         " due_at, NULL, NULL, '', deposit_id FROM payments_depositcall"),
    ],
)  # fmt: skip
def test_the_rows_say_what_is_so(words, sql):
    a_shop_with_deposit()
    settle_constraints()
    with pytest.raises(Exception, match=words), transaction.atomic():
        run(sql)
        settle_constraints()
    assert all_offences() == []


@pytest.mark.parametrize("table", ["payments_deposit", "payments_depositcall"])
def test_nothing_of_it_is_deleted(table):
    a_shop_with_deposit()
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        run(f"DELETE FROM {table}")


def test_the_checks_name_what_is_wrong():
    assert SHORT in RULES
    shop = a_merchant()
    shop.deposit_short = True
    shop.save(update_fields=["deposit_short"])
    assert [one.rule for one in all_offences()] == ["new goods wait exactly while a deposit is overdue"]


FILL = """
import sys, django; django.setup()
from datetime import datetime
from uuid import UUID
from kernel.actor import Actor
from kernel.errors import DomainError
from payments.deposits import paying_in
print("ready", flush=True); sys.stdin.readline()
try:
    moved = paying_in.from_balance(
        merchant_id=UUID(sys.argv[1]), actor=Actor.system(), at=datetime.fromisoformat(sys.argv[2]))
    print(moved.minor, flush=True)
except DomainError as refused:
    print(refused.code, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_who_fill_it_at_once_fill_it_once():
    shop = a_shop_with_deposit(500_000)
    earns(shop, 800_000)
    given = connection.settings_dict
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", FILL, str(shop.pk), AT.isoformat()],
            cwd=ROOT, env=os.environ | {"DATABASE_URL": url},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for one in processes:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    answers = sorted(one.communicate("go\n", timeout=120)[0].strip() for one in processes)
    assert answers == ["500000", "deposit_whole"]
    assert (lies(shop), available(shop)) == (Money(500_000), Money(300_000))
    assert all_offences() == []
