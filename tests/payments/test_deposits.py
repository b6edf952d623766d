"""A shop's deposit: called for, filled from sales or through a provider, drawn on, given back."""

from datetime import timedelta

import pytest

from deadlines import near
from deadlines.models import Deadline
from deadlines.sweep import sweep
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from merchants import standing
from merchants.limits import DepositShort
from merchants.models import Merchant
from notifications.models import Letter
from payments import accounts, ledger, payers
from payments.deposits import calling, giving_back, paying_in, shown
from payments.deposits.paying_in import DepositWhole, NothingAvailable
from payments.invariants import all_offences, settle_constraints
from payments.lifecycle import PayoutKind
from payments.models import Deposit, DepositCall, Payment
from payments.paying_out import runs
from payments.sandbox import straight
from tests.builders.applications import admitted
from tests.builders.deposits import a_shop_with_deposit, lies
from tests.builders.money import a_dispute
from tests.builders.orders import an_order, drain
from tests.builders.payouts import MONDAY, a_payout, available, confirmed, earns
from tests.builders.people import a_member
from tests.builders.shops import ADMITTED, a_listing, an_application

pytestmark = pytest.mark.django_db

AT = ADMITTED
SYSTEM = Actor.system()
# Fourteen days after the first of November end at midnight in Beijing.
DUE = ADMITTED + timedelta(days=14)


def call_of(shop: Merchant) -> DepositCall:
    return DepositCall.objects.filter(deposit__merchant_id=shop.pk).latest("opened_at")


def sound() -> bool:
    settle_constraints()
    return all_offences() == []


def draws(shop: Merchant, fen: int, *, at=AT) -> None:
    """A case takes so much of the shop's money."""
    order = new_id()
    payers.gather(
        reference=order, merchant_id=shop.pk, wanted=Money(fen), into=accounts.escrow(order),
        purpose="case", actor=SYSTEM, at=at,
    )  # fmt: skip


def pays(shop: Merchant, *, at=AT, choice: str = "pay") -> Payment:
    """Its owner pays what is missing at the sandbox provider."""
    member = a_member(shop)
    payment = paying_in.by_provider(merchant_id=shop.pk, actor=member.actor, at=at)
    straight.pay(payment.number, at=at + timedelta(minutes=1), choice=choice)
    drain(at=at + timedelta(minutes=2))
    return Payment.objects.get(pk=payment.pk)


class TestCalling:
    def test_an_admitted_shop_is_called_for_what_it_agreed_to(self):
        shop = a_shop_with_deposit(500_000)
        deposit, call = Deposit.objects.get(merchant_id=shop.pk), call_of(shop)
        assert (deposit.required, call.missing, call.ended_at) == (Money(500_000), Money(500_000), None)
        clock = Deadline.objects.get(kind=calling.CLOCK)
        assert (clock.reference, clock.owner, clock.rule_id) == (
            call.pk,
            "merchant",
            "policy.silence.deposit",
        )
        assert clock.due_at == call.due_at > DUE - timedelta(days=1)
        drain(at=AT)
        assert Letter.objects.filter(kind="payments.deposit_called", reference=call.pk).count() == 1
        assert sound()

    def test_it_follows_the_real_admission(self):
        shop = an_application()
        admitted(shop, at=AT)
        drain(at=AT)
        assert Deposit.objects.get(merchant_id=shop.pk).required == Money(500_000)

    def test_a_shop_that_agreed_to_nothing_owes_nothing(self):
        shop = a_shop_with_deposit(0)
        assert not Deposit.objects.filter(merchant_id=shop.pk).exists()
        with pytest.raises(DepositWhole):
            paying_in.from_balance(merchant_id=shop.pk, actor=SYSTEM, at=AT)

    def test_twice_is_once(self):
        shop = a_shop_with_deposit()
        calling.review(shop.pk, at=AT + timedelta(days=1))
        assert DepositCall.objects.count() == Deadline.objects.filter(kind=calling.CLOCK).count() == 1

    @pytest.mark.parametrize(
        ("grade", "fen"), [("A", 250_000), ("B", 375_000), ("C", 500_000), ("N", 500_000)]
    )
    def test_a_good_grade_asks_for_less(self, grade, fen):
        shop = a_shop_with_deposit(500_000)
        Merchant.objects.filter(pk=shop.pk).update(grade=grade)
        calling.review(shop.pk, at=AT)
        assert Deposit.objects.get(merchant_id=shop.pk).required == Money(fen)

    def test_what_a_better_grade_frees_is_the_shops_own(self):
        shop = a_shop_with_deposit(500_000)
        pays(shop)
        Merchant.objects.filter(pk=shop.pk).update(grade="A")
        calling.review(shop.pk, at=AT + timedelta(days=1))
        assert (lies(shop), available(shop)) == (Money(250_000), Money(250_000))
        assert sound()


class TestPayingIn:
    def test_through_a_provider_it_lies_in_the_deposit_and_the_call_ends(self):
        shop = a_shop_with_deposit(500_000)
        payment = pays(shop)
        assert (payment.state, payment.amount) == ("captured", Money(500_000))
        assert (lies(shop), available(shop)) == (Money(500_000), Money(0))
        call = call_of(shop)
        assert (call.ending, Deadline.objects.get(kind=calling.CLOCK).state) == ("filled", "met")
        assert sound()
        with pytest.raises(DepositWhole):
            paying_in.by_provider(merchant_id=shop.pk, actor=Actor.buyer(new_id()), at=AT)

    def test_declined_it_is_still_called_for(self):
        shop = a_shop_with_deposit(500_000)
        assert pays(shop, choice="decline").state == "failed"
        assert (lies(shop), call_of(shop).ended_at) == (Money(0), None)

    def test_the_same_payment_goes_on_and_another_sum_opens_another(self):
        shop = a_shop_with_deposit(500_000)
        actor = a_member(shop).actor
        first = paying_in.by_provider(merchant_id=shop.pk, actor=actor, at=AT)
        assert paying_in.by_provider(merchant_id=shop.pk, actor=actor, at=AT) == first
        earns(shop, 100_000)
        assert paying_in.from_balance(merchant_id=shop.pk, actor=actor, at=AT) == Money(100_000)
        second = paying_in.by_provider(merchant_id=shop.pk, actor=actor, at=AT)
        first.refresh_from_db()
        assert (first.state, second.amount) == ("expired", Money(400_000))

    def test_paid_twice_the_rest_is_the_shops_own(self):
        """The first payment's money comes although it was closed for the second."""
        shop = a_shop_with_deposit(500_000)
        actor = a_member(shop).actor
        first = paying_in.by_provider(merchant_id=shop.pk, actor=actor, at=AT)
        pays(shop, at=AT + timedelta(minutes=40))
        straight.pay(first.number, at=AT + timedelta(minutes=50))
        drain(at=AT + timedelta(minutes=55))
        assert (lies(shop), available(shop)) == (Money(500_000), Money(500_000))
        assert sound()

    def test_from_the_balance_as_far_as_it_goes(self):
        shop = a_shop_with_deposit(500_000)
        with pytest.raises(NothingAvailable):
            paying_in.from_balance(merchant_id=shop.pk, actor=SYSTEM, at=AT)
        earns(shop, 120_000)
        assert paying_in.from_balance(merchant_id=shop.pk, actor=SYSTEM, at=AT) == Money(120_000)
        assert shown.due(shop.pk).missing == Money(380_000)
        earns(shop, 400_000)
        assert paying_in.from_balance(merchant_id=shop.pk, actor=SYSTEM, at=AT) == Money(380_000)
        assert (lies(shop), available(shop), shown.due(shop.pk)) == (Money(500_000), Money(20_000), None)
        assert sound()

    def test_a_payout_fills_it_first(self):
        shop = a_shop_with_deposit(500_000)
        confirmed(shop)
        earns(shop, 510_000)
        made = a_payout(shop, at=MONDAY)
        assert (made.amount, lies(shop)) == (Money(10_000), Money(500_000))
        assert sound()

    def test_nobody_pays_and_the_payment_closes(self, platform_at):
        shop = a_shop_with_deposit(500_000)
        payment = paying_in.by_provider(merchant_id=shop.pk, actor=a_member(shop).actor, at=AT)
        later = platform_at(AT + timedelta(minutes=31))
        sweep()
        drain(at=later)
        payment.refresh_from_db()
        assert (payment.state, call_of(shop).ended_at) == ("expired", None)


class TestDrawn:
    def test_a_case_draws_and_the_rest_is_called_for(self):
        shop = a_shop_with_deposit(500_000)
        pays(shop)
        later = AT + timedelta(days=30)
        draws(shop, 80_000, at=later)
        call = call_of(shop)
        assert (lies(shop), call.missing, call.opened_at) == (Money(420_000), Money(80_000), later)
        draws(shop, 20_000, at=later)
        assert DepositCall.objects.filter(ended_at=None).count() == 1
        assert shown.due(shop.pk).missing == Money(100_000)
        assert sound()

    def test_a_sale_pays_the_fund_before_the_deposit(self):
        shop = a_shop_with_deposit(500_000)
        confirmed(shop)
        draws(shop, 30_000)
        earns(shop, 100_000)
        assert runs.pay(merchant_id=shop.pk, currency="CNY", kind=PayoutKind.SCHEDULED, at=MONDAY) is None
        assert (lies(shop), ledger.balance(accounts.debt(shop.pk))) == (Money(70_000), Money(0))

    def test_a_payer_s_bank_may_ask_back_what_was_paid_in(self):
        shop = a_shop_with_deposit(500_000)
        payment = pays(shop)
        a_dispute(payment, at=AT + timedelta(days=2))
        assert (lies(shop), call_of(shop).ended_at) == (Money(0), None)
        assert sound()


class TestSilence:
    def test_past_its_date_no_new_goods_go_on_sale_until_it_is_whole(self, platform_at):
        shop = a_shop_with_deposit(500_000)
        due = platform_at(call_of(shop).due_at)
        sweep()
        drain(at=due)
        shop.refresh_from_db()
        assert (call_of(shop).overdue_at, shop.deposit_short, shop.state) == (due, True, "trading")
        assert Letter.objects.filter(kind="payments.deposit_overdue").count() == 1
        with pytest.raises(DepositShort):
            a_listing(merchant=shop, at=due)
        assert sound()
        pays(shop, at=due)
        shop.refresh_from_db()
        assert (shop.deposit_short, call_of(shop).ending) == (False, "filled")
        assert sound()

    def test_filled_in_time_nothing_happens(self, platform_at):
        shop = a_shop_with_deposit(500_000)
        pays(shop)
        due = platform_at(call_of(shop).due_at)
        sweep()
        drain(at=due)
        shop.refresh_from_db()
        assert not shop.deposit_short

    def test_reminders_go_out_before(self, platform_at):
        shop = a_shop_with_deposit(500_000)
        soon = platform_at(call_of(shop).due_at - timedelta(days=6))
        near.tell()
        drain(at=soon)
        assert Letter.objects.filter(kind="deadlines.deposit").count() == 1


class TestGivingBack:
    def closed(self, shop, *, at):
        standing.close(merchant_id=shop.pk, reason="it leaves", actor=SYSTEM, at=at)
        drain(at=at)

    def test_after_the_last_window_it_is_the_shops_own(self, platform_at):
        shop = a_shop_with_deposit(500_000)
        pays(shop)
        left = AT + timedelta(days=100)
        self.closed(shop, at=left)
        clock = Deadline.objects.get(kind=giving_back.CLOCK)
        assert clock.due_at > left + timedelta(days=89)
        assert lies(shop) == Money(500_000)
        back = platform_at(clock.due_at)
        Deadline.objects.exclude(kind=giving_back.CLOCK).update(state="cancelled", ended_at=back)
        sweep()
        drain(at=back)
        deposit = Deposit.objects.get(merchant_id=shop.pk)
        assert (lies(shop), available(shop), deposit.given_back_at) == (Money(0), Money(500_000), back)
        assert Letter.objects.filter(kind="payments.deposit_back").count() == 2  # two owners
        assert sound()

    def test_while_it_leaves_nothing_is_called_for(self):
        shop = a_shop_with_deposit(500_000)
        self.closed(shop, at=AT + timedelta(days=2))
        assert call_of(shop).ending == "left"
        earns(shop, 1_000)
        assert paying_in.fill(merchant_id=shop.pk, currency="CNY", actor=SYSTEM, at=AT) == Money(0)
        assert sound()

    def test_what_is_still_held_keeps_it(self):
        shop = a_shop_with_deposit(500_000)
        pays(shop)
        an_order(listing=a_listing(merchant=shop))
        self.closed(shop, at=AT + timedelta(days=100))
        deposit = Deposit.objects.get(merchant_id=shop.pk)
        clock = Deadline.objects.get(kind=giving_back.CLOCK)
        Deadline.objects.filter(pk=clock.pk).update(state="fired", ended_at=clock.due_at)
        giving_back.on_due(reference=deposit.pk, due_at=clock.due_at, at=clock.due_at)
        assert (lies(shop), Deposit.objects.get().given_back_at) == (Money(500_000), None)
        again = Deadline.objects.get(kind=giving_back.CLOCK, state="open")
        assert again.due_at > clock.due_at + timedelta(days=6)
