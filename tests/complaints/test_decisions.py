"""Rulings: reasons and rules, executed in the same step, whoever has to pay."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.staff import Role
from complaints import decisions
from complaints.models import Complaint, Decision, Outcome
from deadlines.sweep import sweep_all
from kernel.errors import IllegalMove, NotFound
from kernel.money import Money
from orders import refunding
from orders.models import Order
from outbox.relay import drain_all
from payments import invariants
from tests.builders.cases import (
    DELIVERED,
    OPENED,
    a_complaint,
    a_complaint_to_decide,
    a_ruling,
    member_of,
    rule,
)
from tests.builders.orders import an_order
from tests.builders.people import a_staff

pytestmark = pytest.mark.django_db
AT = OPENED + timedelta(days=3)


@pytest.fixture(autouse=True)
def law(the_law):
    return the_law


class TestDecide:
    def test_upheld_pays_all_of_it_from_escrow(self):
        complaint = a_complaint_to_decide()
        rule(complaint, a_ruling(complaint), at=AT)
        complaint = Complaint.objects.with_parts().get(pk=complaint.pk)
        assert (complaint.state, complaint.granted) == ("decided", complaint.claimed)
        assert complaint.order.state == "refunded"
        assert complaint.decision.reasons == "商家未在期限内答复，也没有提出相反证据。"
        assert invariants.all_offences() == []

    def test_partly_pays_the_part_and_the_order_goes_on(self):
        complaint = a_complaint_to_decide()
        rule(complaint, a_ruling(complaint, Outcome.PARTLY, Money(700)), at=AT)
        order = Order.objects.get(pk=complaint.order_id)
        assert refunding.in_escrow(order_id=order.pk) == order.total - Money(700)
        assert not order.holds.filter(lifted_at__isnull=True).exists()

    def test_refused_pays_nothing_and_lets_go(self):
        complaint = a_complaint_to_decide()
        rule(complaint, a_ruling(complaint, Outcome.REFUSED), at=AT)
        order = Order.objects.get(pk=complaint.order_id)
        assert refunding.in_escrow(order_id=order.pk) == order.total
        assert not order.holds.filter(lifted_at__isnull=True).exists()

    def test_after_settlement_the_merchant_and_then_the_fund_pay(self, platform_at):
        order = an_order(delivered_at=DELIVERED)
        platform_at(DELIVERED + timedelta(days=40))
        sweep_all()
        drain_all()
        order.refresh_from_db()
        assert order.state == "settled"
        complaint = a_complaint(order=order, at=DELIVERED + timedelta(days=41))
        due = complaint.opened_at + timedelta(hours=48)
        platform_at(due)
        sweep_all()
        drain_all()
        rule(complaint, a_ruling(complaint), at=due)
        order.refresh_from_db()
        # The platform's fee had gone: the merchant pays what it got, the fund the rest.
        assert order.refunded == order.total
        assert invariants.all_offences() == []

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"rule_ids": []}, decisions.RulesMissing),
            ({"rule_ids": ["cn.made.up"]}, decisions.RuleUnknown),
            ({"amount": Money(1)}, decisions.AmountUnfit),
            ({"outcome": Outcome.REFUSED}, decisions.AmountUnfit),
            ({"reasons": " "}, decisions.limits.TextMissing),
        ],
    )
    def test_an_unfit_ruling_changes_nothing(self, change, refusal):
        complaint = a_complaint_to_decide()
        base = a_ruling(complaint)
        values = {name: getattr(base, name) for name in ("outcome", "amount", "facts", "reasons", "rule_ids")}
        with pytest.raises(refusal):
            rule(complaint, decisions.Ruling(**(values | change)), at=AT)
        assert Decision.objects.count() == 0
        assert Complaint.objects.get(pk=complaint.pk).state == "deciding"

    def test_only_staff_who_are_no_party_decide(self):
        complaint = a_complaint_to_decide()
        for actor in (member_of(complaint), a_staff(Role.REVIEWER).actor.buyer(complaint.subject_id)):
            with pytest.raises(NotFound):
                decisions.decide(complaint_id=complaint.pk, ruling=a_ruling(complaint), actor=actor, at=AT)
        party = a_staff(Role.REVIEWER).actor.staff(complaint.subject_id)
        with pytest.raises(decisions.PartyMayNotDecide):
            decisions.decide(complaint_id=complaint.pk, ruling=a_ruling(complaint), actor=party, at=AT)

    def test_twice_is_refused(self):
        complaint = a_complaint_to_decide()
        rule(complaint, a_ruling(complaint), at=AT)
        with pytest.raises((IllegalMove, IntegrityError)):
            rule(complaint, a_ruling(complaint), at=AT)

    def test_while_it_is_the_merchants_turn_it_is_too_early(self):
        complaint = a_complaint()
        with pytest.raises(IllegalMove):
            rule(complaint, a_ruling(complaint), at=AT)


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE complaints_decision SET amount_minor = 0",
            "DELETE FROM complaints_decision",
            "UPDATE complaints_statement SET seat = 'buyer'",
            "DELETE FROM complaints_complaintmove",
        ],
    )
    def test_by_sql(self, attack):
        complaint = a_complaint_to_decide()
        rule(complaint, a_ruling(complaint), at=AT)
        from django.db import DatabaseError

        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
