"""The database's own rules of bonus points: each attacked in SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, ledger
from payments.invariants import all_offences, settle_constraints
from payments.ledger import Line
from payments.models import PointsAccount, PointsLot
from payments.points import lots
from privacy.subjects import create_subject
from tests.builders.money import OPENED, SYSTEM, a_mixed_payment, a_payment, owner_of, some_points

pytestmark = pytest.mark.django_db
LOT = (
    "INSERT INTO payments_pointslot (id, account_id, kind, reference, basis_minor, permille, amount_minor,"
    " taken_minor, expired_minor, granted_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, 0, 0, now(),"
    " now() + interval '1 year')"
)

TENDER = (
    "INSERT INTO payments_tender (id, payment_id, part_id, position, account, amount_minor, currency)"
    " VALUES (%s, %s, %s, 0, %s, 50, 'CNY')"
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


def credit(account: str, amount: Money) -> None:
    lines = [Line(accounts.FEES, -amount), Line(account, amount)]
    ledger.post(reference=new_id(), purpose="attack", lines=lines, actor=SYSTEM, at=OPENED)


@pytest.fixture
def account() -> str:
    return some_points(500)


def of(account: str) -> UUID:
    return lots.account_id_of(account)


class TestBooks:
    def test_no_points_without_a_lot(self, account: str) -> None:
        refused(lambda: credit(account, Money(1)), "more than its lots")

    def test_no_points_of_nobody(self) -> None:
        refused(lambda: credit(accounts.points(new_id()), Money(1)), "more than its lots")

    def test_no_points_but_in_yuan(self, account: str) -> None:
        refused(lambda: credit(account, Money(1, "JPY")), "more than its lots")

    def test_a_lot_without_its_entry(self, account: str) -> None:
        values = (new_id(), of(account), "earned", new_id(), 1_000, 10, 10)
        refused(lambda: run(LOT, *values), "differs from the books")

    def test_what_is_taken_back_is_booked(self, account: str) -> None:
        refused(
            lambda: run("UPDATE payments_pointslot SET taken_minor = 5"),
            "differs from the books|more than its lots",
        )

    def test_what_ended_is_booked(self, account: str) -> None:
        end = "UPDATE payments_pointslot SET ended_at = now()"
        refused(lambda: run(end), "more than its lots")
        refused(lambda: run(end + ", expired_minor = 500"), "differs from the books|more than its lots")


class TestLot:
    @pytest.mark.parametrize(
        ("kind", "basis", "permille", "amount", "rule"),
        [
            ("earned", 1_000, 10, 11, "policy's share"),
            ("earned", 1_000, 10, 9, "policy's share"),
            ("earned", None, 10, 10, "say for what"),
            ("gift", 1_000, 10, 10, "say for what"),
            ("back", 1_000, 10, 10, "say for what"),
            ("earned", 0, 10, 0, "above zero"),
        ],
        ids=["more", "less", "without a basis", "another kind", "back with a basis", "nothing"],
    )
    def test_is_what_it_says(
        self, account: str, kind: str, basis: int | None, permille: int, amount: int, rule: str
    ) -> None:
        values = (new_id(), of(account), kind, new_id(), basis, permille, amount)
        refused(lambda: run(LOT, *values), rule)

    def test_is_one_per_order(self, account: str) -> None:
        order = PointsLot.objects.get().reference
        values = (new_id(), of(account), "earned", order, 1_000, 10, 10)
        refused(lambda: run(LOT, *values), "earns points once")

    @pytest.mark.parametrize(
        "change",
        [
            "amount_minor = 400, basis_minor = 40000",
            "expires_at = expires_at - interval '1 day'",
            "reference = id",
            "granted_at = granted_at - interval '1 day'",
        ],
    )
    def test_stays_what_it_was(self, account: str, change: str) -> None:
        refused(lambda: run(f"UPDATE payments_pointslot SET {change}"), "append-only")

    def test_never_gives_more_than_it_is(self, account: str) -> None:
        refused(lambda: run("UPDATE payments_pointslot SET taken_minor = 501"), "no more than it is")
        refused(
            lambda: run("UPDATE payments_pointslot SET taken_minor = -1"), "append-only|no more than it is"
        )

    def test_that_ended_never_begins_again(self, account: str) -> None:
        lots.end_all(of(account), at=OPENED + timedelta(days=1))
        settle_constraints()
        refused(
            lambda: run("UPDATE payments_pointslot SET ended_at = NULL, expired_minor = 0"), "append-only"
        )

    def test_and_its_account_stay(self, account: str) -> None:
        refused(lambda: run("DELETE FROM payments_pointslot"), "append-only")
        refused(lambda: run("DELETE FROM payments_pointsaccount"), "append-only|foreign key")
        other = create_subject(locale="zh-hans", at=OPENED).pk
        refused(lambda: run("UPDATE payments_pointsaccount SET subject_id = %s", other), "append-only")

    def test_is_of_one_account_per_person(self, account: str) -> None:
        owner = PointsAccount.objects.get().subject_id
        sql = "INSERT INTO payments_pointsaccount (id, subject_id, opened_at) VALUES (%s, %s, now())"
        refused(lambda: run(sql, new_id(), owner), "subject_id")


class TestTender:
    def test_pays_only_for_their_owner(self, account: str) -> None:
        stranger = create_subject(locale="zh-hans", at=OPENED).pk
        refused(
            lambda: a_mixed_payment((10_000, 100), account=account, payer=stranger), "can pay nothing here"
        )

    def test_pays_with_nothing_that_has_ended(self, account: str) -> None:
        """The use case would have ended it first; here the late order comes past it."""
        lot = PointsLot.objects.get()
        payment = a_payment(10_000, payer=owner_of(account), at=lot.expires_at)
        values = (new_id(), payment.pk, payment.parts.get().pk, account)
        refused(lambda: run(TENDER, *values), "with what has ended")
