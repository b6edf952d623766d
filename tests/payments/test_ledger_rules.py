"""The database itself keeps the books: each rule attacked in SQL."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, ledger
from payments.invariants import all_offences, settle_constraints
from payments.models import Charge, LedgerEntry, Posting, Refund
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, a_payment, references

pytestmark = pytest.mark.django_db

ENTRY = (
    "INSERT INTO payments_ledgerentry (id, reference, purpose, occurred_at, actor) "
    "VALUES (%s, %s, %s, now(), 'x')"
)
POSTING = (
    "INSERT INTO payments_posting (id, entry_id, account, amount_minor, currency) "
    "SELECT gen_random_uuid(), %s, a, m, c FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS t(a, m, c)"
)


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def enter(*lines: tuple[str, int, str]) -> None:
    """An entry with these postings, past all Python."""
    entry = new_id()
    run(ENTRY, entry, new_id(), "attack")
    if lines:
        run(POSTING, entry, *(list(column) for column in zip(*lines, strict=True)))
    settle_constraints()


def refused(attack: Callable[[], object], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule) as refusal, transaction.atomic():
        attack()
    assert refusal.value is not None
    settle_constraints()


@pytest.fixture
def held() -> UUID:
    """An order with ¥100.00 in escrow."""
    return references(a_captured_payment(10_000))[0]


class TestEntry:
    def test_must_balance(self) -> None:
        lines = [("provider:x", -100, "CNY"), ("fees:platform", 99, "CNY")]
        refused(lambda: enter(*lines), "is not balanced")

    def test_must_balance_in_each_currency(self) -> None:
        lines = [("provider:x", -100, "CNY"), ("fees:platform", 100, "JPY")]
        refused(lambda: enter(*lines), "is not balanced")

    def test_has_postings(self) -> None:
        refused(lambda: enter(), "has no postings")

    def test_cannot_be_added_to_later(self, held: UUID) -> None:
        entry = LedgerEntry.objects.get(purpose="capture")
        refused(
            lambda: (run(POSTING, entry.pk, ["fees:platform"], [5], ["CNY"]), settle_constraints()),
            "balanced",
        )

    def test_posts_something(self) -> None:
        refused(lambda: enter(("provider:x", 0, "CNY"), ("fees:platform", 0, "CNY")), "moves something")

    @pytest.mark.parametrize(
        "account",
        ["escrow:1", "wallet:x", "merchant:x:available", "fees:platform2", "card:1", "tax:CN", "tax:cny", ""],
    )
    def test_names_known_accounts(self, account: str) -> None:
        refused(lambda: enter(("provider:x", -1, "CNY"), (account, 1, "CNY")), "known kind of account")

    def test_knows_every_account_that_has_a_name(self) -> None:
        one = new_id()
        named = [
            accounts.campaign(one),
            accounts.reserve(one),
            accounts.tax("kr"),
            accounts.insurer("sandbox"),
            accounts.EXCHANGE,
            accounts.CHARGES,
        ]
        enter(("provider:x", -len(named), "CNY"), *((each, 1, "CNY") for each in named))
        settle_constraints()
        assert all(accounts.is_valid(each) for each in (*named, accounts.card(one), accounts.points(one)))

    def test_is_in_a_known_currency(self) -> None:
        refused(lambda: enter(("provider:x", -1, "XXX"), ("fees:platform", 1, "XXX")), "known currency")

    def test_is_made_once_per_purpose(self, held: UUID) -> None:
        entry = LedgerEntry.objects.get(purpose="capture")
        refused(lambda: run(ENTRY, new_id(), entry.reference, "capture"), "once per purpose")


class TestAppendOnly:
    TABLES = (
        "payments_ledgerentry",
        "payments_posting",
        "payments_charge",
        "payments_paymentpart",
        "payments_move",
    )

    @pytest.mark.parametrize("table", TABLES)
    @pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_rows_stay(self, held: UUID, table: str, sql: str) -> None:
        refused(lambda: run(sql.format(table)), "append-only")

    @pytest.mark.parametrize("table", TABLES)
    def test_tables_are_never_emptied(self, held: UUID, table: str) -> None:
        settle_constraints()
        run("SET LOCAL anxin.guard_truncate = 'on'")
        refused(lambda: run(f"TRUNCATE {table} CASCADE"), "append-only")

    @pytest.mark.parametrize("change", ["amount_minor = 1", "currency = 'JPY'", "number = 'P1'"])
    def test_a_payment_keeps_what_was_asked(self, held: UUID, change: str) -> None:
        refused(lambda: run(f"UPDATE payments_payment SET {change}"), "append-only")

    def test_a_payment_is_kept(self, held: UUID) -> None:
        refused(lambda: run("DELETE FROM payments_payment"), "append-only")


class TestHeldMoney:
    def test_never_falls_below_zero(self, held: UUID) -> None:
        lines = [(accounts.escrow(held), -10_001, "CNY"), ("provider:sandbox", 10_001, "CNY")]
        refused(lambda: enter(*lines), "below zero")

    @pytest.mark.parametrize(
        "account_of", [accounts.card, accounts.points, accounts.campaign, accounts.reserve]
    )
    def test_never_falls_below_zero_on(self, account_of: Callable[[UUID], str]) -> None:
        lines = [(account_of(new_id()), -1, "CNY"), ("provider:x", 1, "CNY")]
        refused(lambda: enter(*lines), "below zero")

    @pytest.mark.parametrize("account", ["insurer:sandbox", "fx:difference", "fees:provider"])
    def test_falls_below_zero_outside(self, account: str) -> None:
        enter((account, -1, "CNY"), ("provider:x", 1, "CNY"))
        settle_constraints()

    def test_never_falls_below_zero_in_another_currency(self, held: UUID) -> None:
        lines = [(accounts.escrow(held), -1, "JPY"), ("provider:sandbox", 1, "JPY")]
        refused(lambda: enter(*lines), "below zero")

    @pytest.mark.parametrize(
        "account",
        [accounts.available(new_id()), accounts.deposit(new_id()), accounts.FUND],
        ids=["available", "deposit", "fund"],
    )
    def test_no_other_account_owes_either(self, account: str) -> None:
        refused(lambda: enter((account, -1, "CNY"), ("provider:x", 1, "CNY")), "below zero")

    def test_may_be_drawn_to_nothing(self, held: UUID) -> None:
        enter((accounts.escrow(held), -10_000, "CNY"), ("provider:sandbox", 10_000, "CNY"))
        assert ledger.balance(accounts.escrow(held)).is_zero


class TestRefund:
    def attack(self, held: UUID, **changes: object) -> Refund:
        charge = Charge.objects.get()
        fields = {
            "charge": charge,
            "part": charge.payment.parts.first(),
            "reference": held,
            "purpose": "attack",
            "amount_minor": 1,
            "currency": "CNY",
            "requested_at": OPENED,
        }
        return Refund.objects.create(**(fields | changes))

    def test_never_exceeds_captured(self, held: UUID) -> None:
        refused(lambda: self.attack(held, amount_minor=10_001), "than was captured")

    def test_never_exceeds_captured_in_sum(self, held: UUID) -> None:
        self.attack(held, amount_minor=6_000, purpose="first")
        refused(lambda: self.attack(held, amount_minor=4_001), "than was captured")

    def test_never_exceeds_its_order(self) -> None:
        payment = a_captured_payment(7_000, 3_000)
        part = payment.parts.get(amount_minor=3_000)
        refused(lambda: self.attack(part.reference, part=part, amount_minor=3_001), "than was captured")

    def test_is_in_the_currency_charged(self, held: UUID) -> None:
        refused(lambda: self.attack(held, currency="JPY"), "another currency")

    def test_keeps_its_sum(self, held: UUID) -> None:
        self.attack(held)
        refused(lambda: run("UPDATE payments_refund SET amount_minor = 2"), "append-only")

    def test_cannot_come_back_to_life_over_the_sum(self, held: UUID) -> None:
        self.attack(held, amount_minor=6_000, purpose="first")
        failed = self.attack(held, amount_minor=5_000, state="failed", settled_at=OPENED)
        sql = "UPDATE payments_refund SET state = 'requested', settled_at = NULL WHERE id = %s"
        refused(lambda: run(sql, failed.pk), "than was captured")


class TestPayment:
    def test_equals_its_parts(self) -> None:
        payment = a_payment(100)
        sql = (
            "INSERT INTO payments_payment (id, number, payer_subject_id, state, amount_minor, currency,"
            " provider, opened_at, expires_at) SELECT gen_random_uuid(), 'P1', payer_subject_id, 'open', 5,"
            " 'CNY', '', now(), now() FROM payments_payment WHERE id = %s"
        )
        refused(lambda: (run(sql, payment.pk), settle_constraints()), "differ from its amount")


def test_python_refuses_an_unbalanced_entry_first() -> None:
    lines = [ledger.Line("provider:x", Money(-5)), ledger.Line(accounts.FEES, Money(4))]
    with pytest.raises(ledger.Unbalanced):
        ledger.post(reference=new_id(), purpose="x", lines=lines, actor=SYSTEM, at=OPENED)
    assert not Posting.objects.exists() and not all_offences()
