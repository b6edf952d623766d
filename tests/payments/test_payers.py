"""Who pays what a shop owes: balance, reserve, deposit, fund; never below zero, never another's escrow."""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from embedded.places import ROOT
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, escrow, fund, ledger, payers, reserve
from payments.invariants import all_offences, settle_constraints
from payments.ledger import Line
from payments.payers import Given
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, references
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
AT = OPENED + timedelta(days=1)


def bring(account: str, fen: int) -> None:
    """Money of an order that ends here: where it comes from doesn't matter."""
    source = a_captured_payment(fen).parts.get()
    lines = ledger.move_money(accounts.escrow(source.reference), account, Money(fen))
    ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=AT)


def a_shop(*, balance: int = 0, kept: int = 0, deposit: int = 0) -> UUID:
    """`kept` stays back in its reserve."""
    shop = a_merchant()
    if balance + kept:
        bring(accounts.available(shop.pk), balance + kept)
    if kept:
        share = reserve.keep(merchant_id=shop.pk, reference=new_id(), net=Money(kept * 10), at=AT)
        assert share is not None and share.amount_minor == kept
    if deposit:
        bring(accounts.deposit(shop.pk), deposit)
    return shop.pk


def sums(shop: UUID) -> tuple[int, int, int, int]:
    names = (accounts.available(shop), accounts.reserve(shop), accounts.deposit(shop), accounts.debt(shop))
    return tuple(ledger.balance(one).minor for one in names)  # type: ignore[return-value]


def gather(shop: UUID, fen: int, *, order: UUID | None = None, with_fund: bool = True) -> Given:
    order = order or new_id()
    return payers.gather(
        reference=order, merchant_id=shop, wanted=Money(fen), into=accounts.escrow(order),
        purpose="case", actor=SYSTEM, at=AT, with_fund=with_fund,
    )  # fmt: skip


def sound() -> bool:
    settle_constraints()
    return all_offences() == []


def test_each_gives_what_it_has_in_turn() -> None:
    shop = a_shop(balance=9_000, kept=1_000, deposit=2_000)
    bring(accounts.FUND, 500)
    order = new_id()
    assert gather(shop, 13_000, order=order) == Given(Money(9_000), Money(1_000), Money(2_000), Money(1_000))
    assert sums(shop) == (0, 0, 0, -1_000)
    # What the fund lacks the platform gives; the shop owes all of it to the fund.
    assert (fund.balance(), ledger.balance(accounts.FEES)) == (Money(0), Money(-500))
    assert (escrow.balance(order), fund.debt(shop)) == (Money(13_000), Money(1_000))
    assert sound()


@pytest.mark.parametrize(
    ("wanted", "given"),
    [(9_000, (9_000, 0, 0)), (9_500, (9_000, 500, 0)), (11_000, (9_000, 1_000, 1_000))],
)
def test_nothing_further_is_touched_than_is_needed(wanted: int, given: tuple[int, int, int]) -> None:
    shop = a_shop(balance=9_000, kept=1_000, deposit=2_000)
    found = gather(shop, wanted)
    assert (found.balance.minor, found.reserve.minor, found.deposit.minor, found.fund.minor) == (*given, 0)
    assert sound()


def test_without_the_fund_it_is_what_the_shop_has() -> None:
    shop = a_shop(deposit=300)
    assert gather(shop, 1_000, with_fund=False).all == Money(300)
    assert gather(a_shop(), 1_000, with_fund=False).all == Money(0)
    assert sums(shop) == (0, 0, 0, 0) and sound()


def test_what_the_fund_paid_comes_back_from_later_sales() -> None:
    shop = a_shop()
    gather(shop, 4_000)
    sale = a_captured_payment(10_000)
    escrow.release(
        reference=references(sale)[0], merchant_id=shop, amount=Money(10_000), fee=Money(500),
        purpose="settlement", actor=SYSTEM, at=AT,
    )  # fmt: skip
    assert sums(shop) == (5_500, 0, 0, 0)
    assert fund.balance() == Money(4_000) and sound()


@pytest.mark.parametrize("account", ["available", "deposit"])
def test_the_database_refuses_to_draw_more_than_is_there(account: str) -> None:
    shop, order = a_shop(balance=1_000, deposit=1_000), new_id()
    name = getattr(accounts, account)(shop)
    lines = [Line(name, Money(-1_001)), Line(accounts.escrow(order), Money(1_001))]
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        ledger.post(reference=order, purpose="theft", lines=lines, actor=SYSTEM, at=AT)
    assert sums(shop) == (1_000, 0, 1_000, 0)


CASE = """
import sys, django; django.setup()
from datetime import datetime
from uuid import UUID
from kernel.actor import Actor
from kernel.money import Money
from payments import accounts, payers
print("ready", flush=True); sys.stdin.readline()
shop, order = UUID(sys.argv[1]), UUID(sys.argv[2])
given = payers.gather(reference=order, merchant_id=shop, wanted=Money(9_000), into=accounts.escrow(order),
    purpose="case", actor=Actor.system(), at=datetime.fromisoformat(sys.argv[3]))
print(given.balance.minor, given.reserve.minor, given.deposit.minor, given.fund.minor, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_two_cases_at_once_drain_one_shop_and_nobody_else() -> None:
    """Two processes, each wants 90 of the 100 that the shop has: the fund gives what is missing, once."""
    shop = a_shop(balance=6_300, kept=700, deposit=3_000)
    bystander = references(a_captured_payment(5_000))[0]
    cases = [new_id(), new_id()]
    processes = [_start(shop, case) for case in cases]
    for one in processes:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    answers = sorted(one.communicate("go\n", timeout=120)[0].strip() for one in processes)
    assert answers == ["0 0 1000 8000", "6300 700 2000 0"]
    assert sums(shop) == (0, 0, 0, -8_000)
    assert [escrow.balance(case).minor for case in (*cases, bystander)] == [9_000, 9_000, 5_000]
    assert sound()


def _start(shop: UUID, case: UUID) -> "subprocess.Popen[str]":
    given = connection.settings_dict
    url = f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", CASE, str(shop), str(case), AT.isoformat()],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
