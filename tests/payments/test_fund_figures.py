"""The fund's balance sheet: worked out from the postings, the same sums for everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from kernel.actor import Actor
from kernel.money import Money
from merchants.models import Merchant
from payments import accounts, fund, fund_figures, ledger
from payments.sandbox import straight
from tests.builders.money import OPENED
from tests.builders.payouts import earns
from tests.payments.test_awards import an_award

pytestmark = pytest.mark.django_db


def paid_in(fen: int) -> None:
    lines = ledger.move_money(accounts.FEES, accounts.FUND, Money(fen))
    ledger.post(reference=accounts.PLATFORM, purpose="fund", lines=lines, actor=Actor.system(), at=OPENED)


def test_nothing_is_all_zero() -> None:
    sheet, on_top = fund_figures.sheet(), fund_figures.compensations()
    assert {sheet.held, sheet.came, sheet.back, sheet.paid, sheet.owed, on_top.owed} == {Money(0)}
    assert (sheet.cases, on_top.count, on_top.median) == (0, 0, None)


def test_what_came_less_what_was_paid_and_taken_back_is_what_is_there() -> None:
    paid_in(1_500)
    award = an_award()
    earned = Money(700)
    shop = award.merchant_id
    earns(Merchant.objects.get(pk=shop), earned.minor)
    fund.recover(merchant_id=shop, currency="CNY", cause="a-sale", actor=Actor.system(), at=OPENED)
    sheet = fund_figures.sheet()
    assert (sheet.came, sheet.paid, sheet.by_platform, sheet.back, sheet.held, sheet.owed, sheet.cases) == (
        Money(1_500),
        Money(2_000),
        Money(500),
        Money(700),
        Money(700),
        Money(1_300),
        1,
    )
    assert sheet.came + sheet.back - (sheet.paid - sheet.by_platform) == sheet.held


def test_compensations_arrive_and_are_counted() -> None:
    an_award()
    an_award(waits=True)
    straight.run(at=OPENED)
    found = fund_figures.compensations()
    assert (found.owed, found.count, found.arrived, found.waiting) == (Money(4_000), 2, Money(2_000), 1)
    # It left with the next payment's calls, a minute later.
    assert (found.median_hours, found.median_minutes) == (0, 1)


def test_anybody_reads_it() -> None:
    an_award()
    for language in ("en", "zh-hans", "zh-hant"):
        answer = Client().get(reverse("payments:books"), headers={"Accept-Language": language})
        assert answer.status_code == 200 and "20.00" in answer.content.decode()
