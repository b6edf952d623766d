"""Anything that can happen to money, in any order, legal or not: the books stay right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from kernel.errors import DomainError
from kernel.ids import new_id
from kernel.money import Money
from merchants.models import Merchant
from payments import accounts, capture, escrow, ledger, payers, refunds, tenders
from payments.invariants import all_offences, settle_constraints
from payments.models import Payment, PaymentPart, PointsLot, Refund, Tender
from payments.paying_out import sending
from payments.points import granting, lots, spending
from payments.sandbox import straight
from payments.sandbox.till import Choice
from payments.whereabouts import where_is_the_money
from privacy.subjects import create_subject
from tests.builders.gift_cards import a_card
from tests.builders.money import OPENED, SYSTEM, some_points
from tests.builders.payouts import a_rich_shop

FEN = st.integers(1, 5_000)
# A share of what an order costs, in thousandths: mostly possible, sometimes too much.
SHARE = st.integers(1, 1_100)
SHOPS: list[Merchant] = []
LIKELY = st.sampled_from([Choice.PAY, Choice.REFUNDS_FAIL, Choice.REFUNDS_FAIL, *Choice])


class MoneyMachine(RuleBasedStateMachine):
    """A few orders of two merchants; refusals are fine, wrong sums are not."""

    orders = Bundle("orders")
    payments = Bundle("payments")

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.now = OPENED
        self.merchants = [shop.pk for shop in SHOPS]
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize()
    def a_payer(self) -> None:
        self.payer = create_subject(locale="zh-hans", at=self.now).pk
        self.values = [some_points(3_000, owner=self.payer), a_card(3_000, holder=self.payer).account]

    def attempt(self, act: Any, **facts: Any) -> None:
        self.steps += 1
        try:
            with transaction.atomic():
                act(actor=SYSTEM, at=self.now, **facts)
        except DomainError:
            pass

    def opened(self, fen: list[int], share: int = 0) -> Payment:
        """`share` thousandths of it are tendered: in points, then from the card, as far as they reach."""
        parts = [capture.Part(new_id(), self.merchants[n % 2], Money(one)) for n, one in enumerate(fen)]
        points, card = self.values
        sources = [
            (points, spending.balance(self.payer, at=self.now).minor),
            (card, ledger.balance(card).minor),
        ]
        wanted = min(sum(fen) * share // 1000, sum(left for _account, left in sources))
        wholes = [(part.reference, part.amount.minor) for part in parts]
        return capture.open_payment(
            payer_subject_id=self.payer,
            parts=parts,
            tendered=tenders.allot(sources, Money(wanted), wholes),
            expires_at=self.now + timedelta(minutes=30),
            actor=SYSTEM,
            at=self.now,
        )

    @rule(target=payments, fen=st.lists(FEN, min_size=1, max_size=3))
    def open(self, fen: list[int]) -> Payment:
        return self.opened(fen)

    @rule(target=payments, fen=st.lists(FEN, min_size=1, max_size=3), share=st.integers(1, 1_000))
    def open_mixed(self, fen: list[int], share: int) -> Payment:
        return self.opened(fen, share)

    @rule(
        target=orders,
        fen=st.lists(FEN, min_size=1, max_size=3),
        choice=LIKELY,
        share=st.sampled_from([0, 0, 333, 1_000]),
    )
    def buy(self, fen: list[int], choice: Choice, share: int) -> Any:
        payment = self.opened(fen, share)
        if not payment.due:
            return multiple(*payment.parts.values_list("reference", flat=True))
        straight.pay(payment.number, at=self.now, choice=choice)
        return multiple(*payment.parts.values_list("reference", flat=True))

    @rule(payment=payments, choice=st.sampled_from(list(Choice)))
    def pay(self, payment: Payment, choice: Choice) -> None:
        if not payment.due:
            return
        straight.pay(payment.number, at=self.now, choice=choice)

    @rule(payment=payments)
    def expire(self, payment: Payment) -> None:
        self.attempt(capture.expire_payment, payment_id=payment.pk)

    def share(self, order: UUID, permille: int) -> Money:
        part = PaymentPart.objects.get(reference=order)
        return Money(max(1, part.amount_minor * permille // 1000))

    @rule(order=orders, share=SHARE, purpose=st.sampled_from(["a", "b", "c"]))
    def refund(self, order: UUID, share: int, purpose: str) -> None:
        self.attempt(refunds.refund, reference=order, amount=self.share(order, share), purpose=purpose)

    @rule(order=orders, share=SHARE, permille=st.integers(0, 1000))
    def release(self, order: UUID, share: int, permille: int) -> None:
        amount = self.share(order, share)
        facts = {"amount": amount, "fee": amount.permille(permille), "purpose": f"release {self.steps}"}
        self.attempt(escrow.release, reference=order, merchant_id=self.merchants[0], **facts)

    @rule(order=orders, share=SHARE)
    def take_back(self, order: UUID, share: int) -> None:
        facts = {"reference": order, "wanted": self.share(order, share), "into": accounts.escrow(order)}
        shop = {"merchant_id": self.merchants[0], "with_fund": False}
        self.attempt(payers.gather, purpose=f"back {self.steps}", **shop, **facts)

    @rule(fen=FEN)
    def pay_out(self, fen: int) -> None:
        self.attempt(sending.request, merchant_id=self.merchants[0], amount=Money(fen), provider="sandbox")

    @rule(order=orders, share=SHARE)
    def grant_points(self, order: UUID, share: int) -> None:
        """As for a settled order of which so much stays paid; a second time is the first."""
        basis = self.share(order, share) * 20
        granting.grant(owner_id=self.payer, reference=order, basis=basis, at=self.now)

    @rule(order=orders, share=SHARE)
    def follow_a_refund(self, order: UUID, share: int) -> None:
        granting.follow(reference=order, basis=self.share(order, share) * 20, at=self.now)

    @rule(days=st.sampled_from([40, 200, 400]))
    def wait_until_points_end(self, days: int) -> None:
        """Not beyond the card's own time."""
        if self.now + timedelta(days=days) < OPENED + timedelta(days=1_000):
            self.now += timedelta(days=days)
            straight.run(at=self.now)

    @rule()
    def sweep_points(self) -> None:
        lots.end_due(lots.account_id_of(self.values[0]), at=self.now)

    @rule()
    def let_messages_through(self) -> None:
        straight.run(at=self.now)

    @rule(minutes=st.sampled_from([1, 31, 600]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        straight.run(at=self.now)

    @invariant()
    def books_are_right(self) -> None:
        settle_constraints()
        assert all_offences() == []

    @invariant()
    def every_fen_of_an_order_is_somewhere(self) -> None:
        for part in PaymentPart.objects.filter(payment__state="captured", kind="order"):
            lines = where_is_the_money(part.reference)
            assert sum(line.amount.minor for line in lines) == part.amount_minor, lines

    @invariant()
    def what_lay_here_is_somewhere(self) -> None:
        """On its account, apart for an open payment, or spent and not yet back."""
        earned = PointsLot.objects.filter(kind="earned")
        points = sum(lot.amount_minor - lot.taken_minor for lot in earned)
        points -= sum(PointsLot.objects.values_list("expired_minor", flat=True))
        for account, value in zip(self.values, (points, 3_000), strict=True):
            spent = sum(
                one.amount_minor - sum(back.amount_minor for back in one.refunds.all())
                for one in Tender.objects.filter(account=account).exclude(payment__state="expired")
            )
            assert ledger.balance(account).minor == value - spent

    @invariant()
    def what_can_be_spent_ends_some_time(self) -> None:
        ends = spending.endings(self.payer, at=self.now)
        assert all(self.now < each.at and each.points > 0 for each in ends)
        assert sum(each.points for each in ends) <= ledger.balance(self.values[0]).minor

    @invariant()
    def nothing_waits_in_suspense_without_a_failed_refund(self) -> None:
        for refund in Refund.objects.filter(part=None).exclude(state="failed"):
            assert ledger.balance(accounts.suspense(refund.charge_id)).is_zero


@pytest.mark.django_db
def test_the_books_stay_right_whatever_happens() -> None:
    # One is paid without trouble, what the other is paid comes back.
    SHOPS[:] = [a_rich_shop(number="62220202001122300" + end) for end in ("04", "09")]
    run_state_machine_as_test(MoneyMachine, settings=settings(max_examples=20, stateful_step_count=20))
