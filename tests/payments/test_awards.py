"""Compensations in the books: what the database refuses, how they travel, what comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from law.compensation import promised_share
from payments import accounts, fund, invariants, ledger, reconciliation, statements
from payments.awards import owing, sending, shown
from payments.lifecycle import AwardCause
from payments.models import Award, Difference, Payment, ProviderCall
from payments.sandbox import straight
from tests.builders.money import OPENED, a_captured_payment, references
from tests.builders.payouts import earns
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()
HOUR = timedelta(hours=1)
RULE = "policy.compensation.shop_cancelled"


def an_award(
    *, base: int = 20_000, waits: bool = False, earned: int = 0, payment: Payment | None = None
) -> Award:
    paid = payment or a_captured_payment(base)
    shop = a_merchant()
    if earned:
        earns(shop, earned)
    reckoned = promised_share(rule_id=RULE, base=Money(base), permille=100, least=500, most=10_000)
    made = owing.owe(
        order_id=references(paid)[0],
        merchant_id=shop.pk,
        subject_id=paid.payer_subject_id,
        cause=AwardCause.SHOP_CANCELLED,
        cause_id=new_id(),
        reckoned=reckoned,
        waits=waits,
        actor=SYSTEM,
        at=OPENED,
    )
    assert made is not None
    return Award.objects.get(pk=made.pk)


def refused(rule: str, sql: str, *values: object) -> None:
    with (
        pytest.raises((IntegrityError, InternalError), match=rule),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, values)


class TestSum:
    def test_is_what_the_rule_gives_and_nothing_else(self) -> None:
        award = an_award()
        own = "id cause_id transfer_id state provider sent_at funded_at fund_minor".split()
        columns = [field.column for field in Award._meta.concrete_fields if field.column not in own]
        names = ", ".join(columns)
        for column, wrong in (("amount_minor", 2_001), ("floor_minor", 2_001), ("most_minor", 1_999)):
            values = ", ".join(str(wrong) if name == column else name for name in columns)
            refused(
                "an award is what its rule gives",
                f"INSERT INTO payments_award (id, cause_id, state, provider, fund_minor, {names})"
                f" SELECT gen_random_uuid(), gen_random_uuid(), 'owed', '', 0, {values}"
                " FROM payments_award WHERE id = %s",
                award.pk,
            )

    @pytest.mark.parametrize(
        "change",
        [
            "amount_minor = 1",
            "merchant_id = gen_random_uuid()",
            "rule_id = 'cn.fraud'",
            "fund_minor = 0, balance_minor = 2000",
            "state = 'owed'",
        ],
    )
    def test_stays_what_was_reckoned(self, change: str) -> None:
        award = an_award()
        refused("stays what it was", f"UPDATE payments_award SET {change} WHERE id = %s", award.pk)

    def test_is_kept(self) -> None:
        award = an_award()
        refused("Cannot delete", "DELETE FROM payments_award WHERE id = %s", award.pk)

    def test_is_given_whole_or_not_yet(self) -> None:
        award = an_award(waits=True)
        refused(
            "given whole",
            "UPDATE payments_award SET state = 'held', funded_at = now(), fund_minor = 1 WHERE id = %s",
            award.pk,
        )
        refused("names its way", "UPDATE payments_award SET state = 'sent', funded_at = now(),"
                " fund_minor = 2000 WHERE id = %s", award.pk)  # fmt: skip

    def test_is_owed_once_per_fact(self) -> None:
        award = an_award()
        again = owing.owe(
            order_id=award.order_id,
            merchant_id=award.merchant_id,
            subject_id=award.subject_id,
            cause=AwardCause.SHOP_CANCELLED,
            cause_id=award.cause_id,
            reckoned=promised_share(rule_id=RULE, base=Money(100), permille=100, least=500, most=10_000),
            waits=False,
            actor=SYSTEM,
            at=OPENED,
        )
        assert again is not None and (again.pk, again.amount) == (award.pk, Money(2000))
        assert fund.debt(award.merchant_id) == Money(2000)

    def test_of_nothing_is_nothing(self) -> None:
        found = promised_share(rule_id=RULE, base=Money(0), permille=100, least=500, most=10_000)
        assert found.extra == Money(0)


class TestMoney:
    def test_comes_from_the_balance_then_the_fund_as_a_debt(self) -> None:
        award = an_award(earned=1_500)
        assert (award.balance_minor, award.fund_minor) == (1_500, 500)
        assert fund.debt(award.merchant_id) == Money(500)
        assert ledger.balance(accounts.award(award.pk)) == Money(0)
        assert invariants.all_offences() == []

    def test_says_how_it_was_reckoned(self) -> None:
        (row,) = shown.rows([an_award(earned=1_500)])
        assert "¥200.00" in row.reckoning.replace(" ", "") and row.reckoning.endswith("20.00")
        assert [sum_.minor for _, sum_ in row.given] == [1_500, 500]

    def test_waits_where_a_dispute_comes_first(self) -> None:
        award = an_award(waits=True)
        assert (award.state, fund.debt(award.merchant_id)) == ("owed", Money(0))
        owing.gather_waiting(award.order_id, at=OPENED + HOUR)
        award.refresh_from_db()
        assert (award.state, award.fund_minor) == ("requested", 2_000)


class TestWay:
    def test_ends_with_the_buyer_and_reconciles(self) -> None:
        award = an_award()
        straight.run(at=OPENED)
        award.refresh_from_db()
        assert (award.state, award.settled_at) == ("paid", OPENED)
        statements.ask_due(at=OPENED + timedelta(days=2))
        straight.run(at=OPENED + timedelta(days=2))
        reconciliation.compare_open(provider="sandbox", at=OPENED + timedelta(days=2))
        assert not Difference.objects.filter(kind="payout").exists()
        assert invariants.all_offences() == []

    def test_what_comes_back_waits_on_its_account(self) -> None:
        award = an_award()
        straight.run(at=OPENED)
        assert sending.give_up(award_id=award.pk, actor=SYSTEM, at=OPENED + HOUR, reason="CLOSED")
        assert not sending.give_up(award_id=award.pk, actor=SYSTEM, at=OPENED + HOUR, reason="CLOSED")
        award.refresh_from_db()
        assert (award.state, award.reason, award.settled_at) == ("held", "CLOSED", None)
        assert ledger.balance(accounts.award(award.pk)) == award.amount
        assert sending.send_waiting(at=OPENED + 2 * HOUR) == 0
        assert invariants.all_offences() == []

    def test_an_unknown_charge_is_refused_and_comes_back(self, monkeypatch: pytest.MonkeyPatch) -> None:
        award = an_award()
        monkeypatch.setattr("payments.sandbox.interface.charge_named", lambda _text: None)
        straight.run(at=OPENED)
        award.refresh_from_db()
        assert (award.state, award.reason) == ("held", "unfit")

    def test_without_a_way_it_waits_for_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("payments.gateways.sandbox_payouts.SandboxPaymaster.repays_payers", False)
        award = an_award()
        assert award.state == "held"
        assert ledger.balance(accounts.award(award.pk)) == award.amount
        monkeypatch.undo()
        assert sending.send_waiting(at=OPENED + HOUR) == 1
        assert sending.send_waiting(at=OPENED + HOUR) == 0
        award.refresh_from_db()
        assert award.state == "requested"

    def test_the_same_word_twice_changes_nothing(self) -> None:
        award = an_award()
        straight.run(at=OPENED)
        assert not sending.confirm(award_id=award.pk, actor=SYSTEM, at=OPENED + HOUR)
        assert ProviderCall.objects.filter(kind="award").count() == 1
