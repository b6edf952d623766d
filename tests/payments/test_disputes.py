"""A payer's bank asks a charge back: the money waits apart, and who is right gets it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines import booking
from kernel.ids import new_id
from kernel.money import Money
from payments import accounts, disputes, escrow, fund, ledger, refunds, whereabouts
from payments.erasure import obstacles
from payments.gateways.protocol import DisputeIs, DisputeTold
from payments.invariants import all_offences, settle_constraints
from payments.ledger import Line
from payments.models import Charge, Difference, Dispute, DisputeShare, Payment, ProviderNotice
from payments.sandbox import bank, straight
from payments.sandbox_models import SandboxCharge
from tests.builders import money as builders
from tests.builders.money import OPENED, SYSTEM, a_captured_payment, published, references

pytestmark = pytest.mark.django_db
NOW = OPENED + timedelta(hours=1)
LATER = NOW + timedelta(days=1)


def a_dispute(payment: Payment, fen: int | None = None) -> Dispute:
    return builders.a_dispute(payment, fen, at=NOW)


def decide(held: Dispute, *, won: bool) -> Dispute:
    bank.decide(bank_id(held), won=won, at=LATER)
    straight.run(at=LATER)
    held.refresh_from_db()
    return held


def bank_id(held: Dispute):  # type: ignore[no-untyped-def]
    return held.provider_dispute_id.removeprefix("dp_")


def sound() -> bool:
    settle_constraints()
    return all_offences() == []


def settled(payment: Payment, fen: int = 10_000, left: int | None = None) -> None:
    """All of the payment is the merchant's; `left` fen of it haven't been paid out."""
    part = payment.parts.get()
    escrow.release(
        reference=part.reference, merchant_id=part.merchant_id, amount=Money(fen), fee=Money.zero(),
        purpose="settlement", actor=SYSTEM, at=NOW,
    )  # fmt: skip
    if left is not None:
        # By hand, as if it had gone to the merchant's bank: only the balance matters here.
        other = accounts.available(new_id())
        lines = ledger.move_money(accounts.available(part.merchant_id), other, Money(fen - left))
        ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=NOW)


class TestWhileItRuns:
    def test_the_money_waits_apart(self) -> None:
        payment = a_captured_payment(6_000, 4_000)
        held = a_dispute(payment)
        assert (held.state, held.amount) == ("opened", Money(10_000))
        assert [escrow.balance(one) for one in references(payment)] == [Money.zero(), Money.zero()]
        assert ledger.balance(accounts.dispute(held.pk)) == Money(10_000)
        assert ledger.balance(accounts.provider("sandbox")) == Money(-10_000)
        (line,) = whereabouts.where_is_the_money(references(payment)[0])
        assert (line.place, line.amount) == ("disputed", Money(6_000))
        assert [one["amount_minor"] for one in published("DisputeOpened")] == [6_000, 4_000]
        clock = booking.find(kind=disputes.CLOCK, reference=held.pk)
        assert clock is not None and clock.due_at == held.evidence_due_at == NOW + bank.TIME_TO_ANSWER
        assert sound()

    def test_a_part_is_spread_in_proportion(self) -> None:
        payment = a_captured_payment(6_000, 3_000, 1)
        a_dispute(payment, 1_000)
        sums = [one.amount_minor for one in DisputeShare.objects.order_by("part__position")]
        assert sums == [667, 333]
        assert sound()

    def test_nothing_of_it_goes_back_a_second_time(self) -> None:
        payment = a_captured_payment(10_000)
        a_dispute(payment, 7_000)
        order = references(payment)[0]
        with pytest.raises(refunds.RefundExceedsCaptured):
            refunds.refund(reference=order, amount=Money(3_001), purpose="r", actor=SYSTEM, at=NOW)
        refunds.refund(reference=order, amount=Money(3_000), purpose="r", actor=SYSTEM, at=NOW)
        assert sound()

    def test_more_than_is_left_stands_before_the_money_desk(self) -> None:
        payment = a_captured_payment(10_000)
        refunds.refund(
            reference=references(payment)[0], amount=Money(4_000), purpose="r", actor=SYSTEM, at=NOW
        )
        held = a_dispute(payment)
        assert [one.amount_minor for one in DisputeShare.objects.all()] == [6_000]
        found = Difference.objects.get()
        assert (found.kind, found.key, found.theirs_minor, found.ours_minor) == (
            "dispute", held.provider_dispute_id, -10_000, -6_000,
        )  # fmt: skip
        assert sound()

    def test_after_settlement_it_comes_from_what_the_merchant_has(self) -> None:
        payment = a_captured_payment(10_000)
        settled(payment, left=2_500)
        held = a_dispute(payment)
        share = DisputeShare.objects.get()
        assert (share.from_escrow_minor, share.from_merchant_minor) == (0, 2_500)
        assert ledger.balance(accounts.dispute(held.pk)) == Money(2_500)
        assert sound()


class TestTheEnd:
    def test_won_it_is_where_it_was(self) -> None:
        payment = a_captured_payment(6_000, 4_000)
        held = decide(a_dispute(payment), won=True)
        assert held.state == "won"
        assert [escrow.balance(one) for one in references(payment)] == [Money(6_000), Money(4_000)]
        assert [one["won"] for one in published("DisputeEnded")] == [True, True]
        refunds.refund(
            reference=references(payment)[0], amount=Money(6_000), purpose="r", actor=SYSTEM, at=LATER
        )
        assert sound()

    def test_lost_the_payer_has_it(self) -> None:
        payment = a_captured_payment(10_000)
        held = decide(a_dispute(payment), won=False)
        assert (held.state, booking.find(kind=disputes.CLOCK, reference=held.pk)) == ("lost", None)
        assert ledger.balance(accounts.provider("sandbox")) == Money.zero()
        assert refunds.is_fully_refunded(references(payment)[0])
        (line,) = whereabouts.where_is_the_money(references(payment)[0])
        assert (line.place, line.amount) == ("refunded", Money(10_000))
        assert sound()

    def test_lost_after_payout_balance_deposit_and_fund_pay_in_this_order(self) -> None:
        payment = a_captured_payment(10_000)
        merchant = payment.parts.get().merchant_id
        settled(payment, left=1_000)
        bring(accounts.deposit(merchant), 2_000)
        bring(accounts.FUND, 3_000)
        decide(a_dispute(payment), won=False)
        left = [accounts.available(merchant), accounts.deposit(merchant), accounts.FUND, accounts.FEES]
        assert [ledger.balance(one).minor for one in left] == [0, 0, 0, -4_000]
        assert fund.debt(merchant) == ledger.balance(accounts.CLAIMS) == Money(7_000)
        assert sound()

    def test_the_debt_is_taken_from_later_sales_alone(self) -> None:
        first = a_captured_payment(10_000)
        merchant = first.parts.get().merchant_id
        settled(first, left=0)
        decide(a_dispute(first), won=False)
        assert fund.debt(merchant) == Money(10_000)
        # Another buyer's escrow for the same shop stays whole until it is settled.
        later = a_captured_payment(4_000)
        order = references(later)[0]
        assert escrow.balance(order) == Money(4_000)
        escrow.release(
            reference=order, merchant_id=merchant, amount=Money(4_000), fee=Money(100),
            purpose="settlement", actor=SYSTEM, at=LATER,
        )  # fmt: skip
        assert ledger.balance(accounts.available(merchant)) == Money.zero()
        assert (fund.debt(merchant), fund.balance()) == (Money(6_100), Money(3_900))
        bring(accounts.available(merchant), 10_000)
        fund.recover(merchant_id=merchant, currency="CNY", cause="again", actor=SYSTEM, at=LATER)
        assert fund.debt(merchant) == ledger.balance(accounts.CLAIMS) == Money.zero()
        assert ledger.balance(accounts.available(merchant)) == Money(3_900)
        assert sound()


def bring(account: str, fen: int) -> None:
    """Money out of another merchant's balance: where it comes from doesn't matter here."""
    other = accounts.available(new_id())
    source = a_captured_payment(fen, at=OPENED).parts.get()
    lines = ledger.move_money(accounts.escrow(source.reference), other, Money(fen))
    ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=NOW)
    lines = ledger.move_money(other, account, Money(fen))
    ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=NOW)


class TestOurAnswer:
    def test_is_sent_until_the_bank_has_it(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        disputes.send_evidence(dispute_id=held.pk, evidence="Delivered.", actor=SYSTEM, at=NOW)
        held.refresh_from_db()
        assert (held.state, held.evidence) == ("answered", "Delivered.")
        assert booking.find(kind=disputes.CLOCK, reference=held.pk) is None
        straight.run(at=NOW)
        assert bank.SandboxDispute.objects.get().state == DisputeIs.ANSWERED
        with pytest.raises(disputes.DisputeAnswered):
            disputes.accept(dispute_id=held.pk, actor=SYSTEM, at=NOW)

    def test_may_be_that_we_don_t_contest_it(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        disputes.accept(dispute_id=held.pk, actor=SYSTEM, at=NOW)
        straight.run(at=LATER)
        held.refresh_from_db()
        assert held.state == "lost"
        assert sound()

    def test_isn_t_nothing(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        with pytest.raises(disputes.EvidenceMissing):
            disputes.send_evidence(dispute_id=held.pk, evidence=" \n", actor=SYSTEM, at=NOW)

    def test_late_it_counts_as_late(self) -> None:
        held = a_dispute(a_captured_payment(10_000))
        disputes.on_due(reference=held.pk, due_at=held.evidence_due_at, at=LATER)
        held.refresh_from_db()
        assert held.overdue_at == held.evidence_due_at


def test_while_it_runs_the_payer_isn_t_erased() -> None:
    payment = a_captured_payment(10_000)
    held = a_dispute(payment)
    assert [one.code for one in obstacles(payment.payer_subject_id)] == ["dispute"]
    decide(held, won=True)
    assert obstacles(payment.payer_subject_id) == []


STEPS = [DisputeIs.TO_ANSWER, DisputeIs.ANSWERED]


@given(st.lists(st.sampled_from(STEPS), max_size=6), st.booleans(), st.integers(0, 6), st.booleans())
@settings(max_examples=25)
def test_told_in_any_order_the_books_end_the_same(
    story: list[DisputeIs], won: bool, place: int, refunded: bool
) -> None:
    end = DisputeIs.WON if won else DisputeIs.LOST
    with transaction.atomic():
        payment = a_captured_payment(10_000)
        charge = Charge.objects.get()
        if refunded:
            refunds.refund(
                reference=references(payment)[0], amount=Money(1_000), purpose="r", actor=SYSTEM, at=NOW
            )
        for state in [*story[:place], end, *story[place:], end]:
            told = DisputeTold("dp_1", charge.provider_charge_id, Money(9_000), state)
            held = disputes.note(provider="sandbox", told=told, at=NOW)
        assert held.state == end.value
        assert ledger.balance(accounts.dispute(held.pk)) == Money.zero()
        back = 9_000 if not won else 0
        assert escrow.balance(references(payment)[0]).minor == 10_000 - back - 1_000 * refunded
        assert len(published("DisputeOpened")) == len(published("DisputeEnded")) == 1
        assert sound()
        transaction.set_rollback(True)


def test_before_its_charge_it_is_asked_for_again() -> None:
    payment = a_captured_payment(10_000)
    stranger = SandboxCharge.objects.create(payment_number="PX", amount_minor=5, currency="CNY", taken_at=NOW)
    bank.dispute(stranger, 5, at=NOW)
    straight.run(at=NOW)
    assert not Dispute.objects.exists()
    assert ProviderNotice.objects.filter(kind="dispute.changed").count() == 1
    assert escrow.balance(references(payment)[0]) == Money(10_000)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE payments_dispute SET amount_minor = 1",
        "UPDATE payments_dispute SET state = 'lost'",
        "UPDATE payments_dispute SET state = 'gone', ended_at = now()",
        "DELETE FROM payments_dispute",
        "UPDATE payments_disputeshare SET amount_minor = 1",
        "DELETE FROM payments_disputeshare",
        "INSERT INTO payments_disputeshare SELECT gen_random_uuid(), gen_random_uuid(), merchant_id, 1, 0, 0,"
        " currency, dispute_id, part_id FROM payments_disputeshare",
        "INSERT INTO payments_refund SELECT gen_random_uuid(), reference, 'attack', 9000, 'CNY', 'requested',"
        " now(), NULL, (SELECT charge_id FROM payments_dispute), part_id FROM payments_disputeshare",
    ],
)
def test_sql_is_refused(attack: str) -> None:
    a_dispute(a_captured_payment(10_000), 2_000)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        connection.cursor().execute(attack)
    assert sound()


def test_a_debt_never_rises_above_zero_by_sql() -> None:
    merchant = new_id()
    lines = [Line(accounts.debt(merchant), Money(1)), Line(accounts.FEES, Money(-1))]
    with pytest.raises(IntegrityError, match="above zero"), transaction.atomic():
        ledger.post(reference=new_id(), purpose="test", lines=lines, actor=SYSTEM, at=NOW)
