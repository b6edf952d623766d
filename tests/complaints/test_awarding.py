"""Three-fold and ten-fold: the deciding person finds the ground, the law gives the sum."""

from datetime import timedelta

import pytest

from accounts.staff import Role
from complaints import awarding, decisions
from complaints.awarding import Ground, GroundRefused, GroundUnfit, LossUnfit, OnTop, SumNotSeen
from complaints.decisions import Ruling
from complaints.models import Complaint, Decision, Outcome
from kernel.money import Money
from notifications.models import Letter
from orders.models import Order
from payments import fund, invariants
from payments.models import Award, Payment
from payments.sandbox import bank, straight
from payments.sandbox_models import SandboxCharge
from tests.builders.cases import DELIVERED, OPENED, a_complaint_to_decide, a_ruling, rule
from tests.builders.orders import an_order, drain
from tests.builders.payouts import earns
from tests.builders.people import a_staff
from tests.builders.private_sellers import a_private_person, a_used_thing
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
AT = OPENED + timedelta(days=3)
LAYERS = timedelta(hours=1)


@pytest.fixture(autouse=True)
def law(the_law):
    return the_law


def with_on_top(complaint, on_top, outcome=Outcome.UPHELD):
    base = a_ruling(complaint, outcome)
    return Ruling(base.outcome, base.amount, base.facts, base.reasons, base.rule_ids, on_top)


def found(ground, seen, **more):
    return OnTop(ground=ground, seen=Money.parse(seen), **more)


def a_case(price="39.00", **listing):
    return a_complaint_to_decide(
        order=an_order(listing=a_listing(price=price, **listing), delivered_at=DELIVERED)
    )


class TestFraud:
    def test_pays_the_price_back_and_three_times_on_top_at_least_500(self):
        complaint = a_case("39.00")
        rule(complaint, with_on_top(complaint, found(Ground.FRAUD, "500.00")), at=AT)
        award = Award.objects.get(cause_id=complaint.pk)
        assert (award.rule_id, award.base_minor, award.multiple, award.amount_minor) == (
            "cn.fraud",
            3900,
            3,
            50_000,
        )
        order = Order.objects.get(pk=complaint.order_id)
        assert (order.state, order.refunded) == ("refunded", order.total)
        decision = Decision.objects.get(complaint=complaint)
        assert decision.rule_ids == ["cn.quality.return", "cn.fraud"]
        straight.run(at=AT)
        award.refresh_from_db()
        assert award.state == "paid"
        assert invariants.all_offences() == []

    def test_comes_from_the_shop_and_then_the_fund(self):
        complaint = a_case("400.00")
        earns(complaint.merchant, 100_000)
        rule(complaint, with_on_top(complaint, found(Ground.FRAUD, "1200.00")), at=AT)
        award = Award.objects.get(cause_id=complaint.pk)
        assert (award.balance_minor, award.fund_minor) == (100_000, 20_000)
        assert fund.debt(complaint.merchant_id) == Money(20_000)

    def test_is_reckoned_from_the_price_whatever_went_back_before(self):
        complaint = a_case("400.00")
        line = complaint.order.lines.get()
        line.refunded_minor = 10_000
        line.save(update_fields=["refunded_minor"])
        assert awarding.reckon(complaint, Ground.FRAUD).extra == Money(120_000)

    def test_two_letters_say_so(self):
        complaint = a_case()
        rule(complaint, with_on_top(complaint, found(Ground.FRAUD, "500.00")), at=AT)
        drain(at=AT)
        owed = Letter.objects.get(kind="orders.award_owed")
        assert owed.subject_id == complaint.subject_id
        assert Letter.objects.filter(kind="orders.award_costs").count() >= 1


class TestFood:
    def test_ten_times_the_price_or_three_times_the_loss(self):
        complaint = a_case("120.00")
        assert awarding.reckon(complaint, Ground.UNSAFE_FOOD).extra == Money(120_000)
        lost = found(
            Ground.UNSAFE_FOOD, "2400.00", loss=Money(80_000), loss_shown="医院收据 800 元，见附件 2。"
        )
        rule(complaint, with_on_top(complaint, lost), at=AT)
        award = Award.objects.get(cause_id=complaint.pk)
        assert (award.amount_minor, award.loss_minor, award.loss_multiple) == (240_000, 80_000, 3)
        assert "医院收据" in Decision.objects.get(complaint=complaint).facts


class TestRefusals:
    @pytest.mark.parametrize(
        ("on_top", "outcome", "refusal"),
        [
            (found(Ground.FRAUD, "499.99"), Outcome.UPHELD, SumNotSeen),
            (found(Ground.FRAUD, "500.01"), Outcome.UPHELD, SumNotSeen),
            (found(Ground.FRAUD, "500.00"), Outcome.REFUSED, GroundRefused),
            (found(Ground.FRAUD, "500.00", loss=Money(100), loss_shown="x"), Outcome.UPHELD, LossUnfit),
            (found(Ground.UNSAFE_FOOD, "1000.00", loss=Money(100)), Outcome.UPHELD, LossUnfit),
            (found(Ground.UNSAFE_FOOD, "1000.00", loss=Money(0), loss_shown="x"), Outcome.UPHELD, LossUnfit),
        ],
    )
    def test_nothing_is_changed(self, on_top, outcome, refusal):
        complaint = a_case()
        with pytest.raises(refusal):
            rule(complaint, with_on_top(complaint, on_top, outcome), at=AT)
        assert not Decision.objects.exists() and not Award.objects.exists()
        assert Complaint.objects.get(pk=complaint.pk).state == "deciding"

    def test_a_private_person_owes_no_multiple(self):
        order = an_order(listing=a_used_thing(a_private_person()), delivered_at=DELIVERED)
        complaint = a_complaint_to_decide(order=order)
        assert awarding.grounds(complaint) == []
        with pytest.raises(GroundUnfit):
            rule(complaint, with_on_top(complaint, found(Ground.FRAUD, "500.00")), at=AT)


class TestDispute:
    def test_waits_until_the_bank_has_spoken(self):
        complaint = a_case()
        payment = Payment.objects.get(pk=complaint.order.payment_id)
        held = bank.dispute(SandboxCharge.objects.get(payment_number=payment.number), 1000, at=OPENED)
        straight.run(at=OPENED)
        drain(at=OPENED)
        rule(complaint, with_on_top(complaint, found(Ground.FRAUD, "500.00")), at=AT)
        assert Award.objects.get(cause_id=complaint.pk).state == "owed"
        bank.decide(held.pk, won=False, at=AT + LAYERS)
        straight.run(at=AT + LAYERS)
        drain(at=AT + LAYERS)
        straight.run(at=AT + 2 * LAYERS)
        assert Award.objects.get(cause_id=complaint.pk).state == "paid"
        assert invariants.all_offences() == []


class TestWorkbench:
    def form(self, complaint, **more):
        return {
            "outcome": "upheld",
            "facts": "检验报告显示不是标称的材质。",
            "reasons": "商家明知，仍按原样描述。",
            "rule_ids": ["cn.quality.return"],
            "ground": "fraud",
        } | more

    def test_shows_the_sum_before_it_is_signed(self):
        complaint = a_case("400.00")
        client = a_staff(Role.REVIEWER).client
        url = f"/admin/complaints/complaint/{complaint.pk}/change/"
        shown = client.get(url).content.decode()
        assert "400.00" in shown and "1,200.00" in shown
        first = client.post(url, self.form(complaint))
        assert first.status_code == 422 and not Award.objects.exists()
        assert 'name="seen" value="1200.00"' in first.content.decode()
        second = client.post(url, self.form(complaint, seen="1200.00"))
        assert second.status_code == 303
        assert Award.objects.get(cause_id=complaint.pk).amount == Money(120_000)
        assert "1,200.00" in client.get(url).content.decode()

    def test_a_bad_sum_is_refused_in_words(self):
        complaint = a_case("400.00")
        client = a_staff(Role.REVIEWER).client
        url = f"/admin/complaints/complaint/{complaint.pk}/change/"
        for change in (
            {"seen": "abc"},
            {"ground": "nothing"},
            {"loss": "-5"},
            {"loss": "5", "seen": "1200.00"},
        ):
            answer = client.post(url, self.form(complaint, **change))
            assert answer.status_code == 422, change
        assert not Award.objects.exists() and not Decision.objects.exists()


def test_the_decision_s_own_refusals_come_first():
    complaint = a_case()
    with pytest.raises(decisions.AmountUnfit):
        base = with_on_top(complaint, found(Ground.FRAUD, "500.00"))
        rule(
            complaint,
            Ruling(base.outcome, Money(1), base.facts, base.reasons, base.rule_ids, base.on_top),
            at=AT,
        )
