"""The database's own rules of shops' points: each attacked in SQL; and many tabs at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, escrow, ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import PointsAccount, PointsLot
from payments.points import lots, redeeming, rewarding
from tests.builders.money import (
    OPENED,
    SYSTEM,
    a_captured_payment,
    a_mixed_payment,
    references,
    some_points,
    some_shop_points,
)
from tests.builders.shops import a_merchant
from tests.payments.test_at_once import at_once, succeeded

NOW = OPENED + timedelta(hours=1)
LOT = (
    "INSERT INTO payments_pointslot (id, account_id, kind, reference, basis_minor, permille, amount_minor,"
    " taken_minor, expired_minor, granted_at, expires_at, grounds) VALUES (%s, %s, %s, %s, 1000, 10, 10, 0,"
    " 0, now(), now() + interval '1 year', %s)"
)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(attack: Callable[[], object], rule: str) -> None:
    with pytest.raises((IntegrityError, DataError), match=rule), transaction.atomic():
        attack()
        settle_constraints()
    settle_constraints()
    assert all_offences() == []


def move(source: str, target: str, fen: int, purpose: str = "attack", reference: UUID | None = None) -> None:
    lines = ledger.move_money(source, target, Money(fen))
    ledger.post(reference=reference or new_id(), purpose=purpose, lines=lines, actor=SYSTEM, at=OPENED)


@pytest.mark.django_db
class TestRules:
    def test_an_account_is_a_person_s_or_a_shop_s(self) -> None:
        columns = "(id, subject_id, merchant_id, opened_at)"
        sql = f"INSERT INTO payments_pointsaccount {columns} VALUES (%s, %s, %s, now())"
        shop = a_merchant()
        refused(lambda: run(sql, new_id(), None, None), "person's or a shop's")
        refused(lambda: run(sql, new_id(), shop.subject_id, shop.pk), "person's or a shop's")

    def test_shops_earn_for_shops_and_say_for_what(self) -> None:
        mine, theirs = some_shop_points(a_merchant()), some_points(500)
        shop, person = mine.account_id, lots.account_id_of(theirs)
        fee = accounts.FEES
        for account, kind, grounds, rule in (
            (person, "reward", ["no_case"], "lies with somebody else"),
            (shop, "earned", [], "lies with somebody else"),
            (shop, "reward", [], "what they are for"),
            (person, "earned", ["no_case"], "what they are for"),
        ):

            def attack(account: UUID = account, kind: str = kind, grounds: list[str] = grounds) -> None:
                lot = new_id()
                run(LOT, lot, account, kind, new_id(), grounds)
                move(fee, f"points:{account}", 10, "points", lot)

            refused(attack, rule)

    def test_points_owed_back_go_first(self) -> None:
        shop = a_merchant()
        lot = some_shop_points(shop)
        redeeming.redeem(merchant_id=shop.pk, points=600, actor=SYSTEM, at=NOW)
        refused(
            lambda: run("UPDATE payments_pointslot SET revoked_at = now()"), "holds points and owes some back"
        )
        assert lot.reference
        rewarding.revoke(reference=lot.reference, at=NOW)
        settle_constraints()
        refused(lambda: run("UPDATE payments_pointslot SET revoked_at = NULL"), "append-only")

    def test_relief_is_made_of_the_shop_s_own_points(self) -> None:
        shop, other = a_merchant(), a_merchant()
        account = some_shop_points(shop).account.account
        relief = accounts.relief(shop.pk)
        refused(lambda: move(accounts.FEES, relief, 100), "were no points of the shop")
        refused(lambda: move(account, accounts.relief(other.pk), 100), "were no points of the shop")

    def test_relief_pays_at_most_the_fee_of_its_order(self) -> None:
        shop = a_merchant()
        some_shop_points(shop)
        redeeming.redeem(merchant_id=shop.pk, points=900, actor=SYSTEM, at=NOW)
        relief, available = accounts.relief(shop.pk), accounts.available(shop.pk)
        order = references(a_captured_payment(10_000))[0]
        escrow.release(
            reference=order, merchant_id=shop.pk, amount=Money(10_000), fee=Money(200), purpose="settlement",
            actor=SYSTEM, at=NOW,
        )  # fmt: skip
        settle_constraints()
        refused(lambda: move(relief, available, 201, "fee_relief", order), "what is no fee of the shop")
        refused(lambda: move(relief, available, 1), "what is no fee of the shop")
        refused(lambda: move(relief, available, 901, "fee_relief", order), "below zero|no fee of the shop")

    def test_a_shop_s_points_pay_nobody_s_order(self) -> None:
        account = some_shop_points(a_merchant()).account.account
        buyer = some_points(10)
        payer = PointsAccount.objects.get(pk=lots.account_id_of(buyer)).subject_id
        refused(lambda: a_mixed_payment((10_000, 100), account=account, payer=payer), "can pay nothing here")


@pytest.mark.django_db(transaction=True)
def test_points_are_used_once_for_fees_or_for_places() -> None:
    shop = a_merchant()
    lot = some_shop_points(shop, points=1_000)

    def use(number: int) -> object:
        said: dict[str, Any] = {"merchant_id": shop.pk, "actor": Actor.system(), "at": NOW}
        if number % 2:
            return redeeming.redeem(points=300, **said)
        redeeming.pay_place(reference=new_id(), amount=Money(300), **said)
        return None

    results = at_once(use)
    assert succeeded(results) == 3
    assert {type(one) for one in results if isinstance(one, Exception)} == {redeeming.NotEnoughPoints}
    assert ledger.balance(lot.account.account) == Money(100) and all_offences() == []


@pytest.mark.django_db(transaction=True)
def test_taken_back_while_it_is_used_is_never_below_nothing() -> None:
    shop = a_merchant()
    lot = some_shop_points(shop, points=1_000)
    order = lot.reference
    assert order is not None

    def race(number: int) -> object:
        if number % 2:
            return redeeming.redeem(merchant_id=shop.pk, points=400, actor=Actor.system(), at=NOW)
        rewarding.revoke(reference=order, at=NOW)
        return None

    at_once(race)
    assert ledger.balance(lot.account.account).is_zero and all_offences() == []
    after = PointsLot.objects.get(pk=lot.pk)
    assert after.taken_minor + ledger.balance(accounts.relief(shop.pk)).minor == 1_000
