"""Answer, offer, silence: each has one outcome, and silence never costs the buyer."""

from datetime import timedelta

import pytest

from complaints import answering, deadlines, negotiating
from complaints.answering import Answer
from complaints.models import Complaint
from complaints.proposing import OfferOutOfRange, Proposal
from deadlines import booking
from deadlines.booking import TooLate
from deadlines.sweep import sweep_all
from kernel.errors import IllegalMove
from kernel.ids import new_id
from kernel.money import Money
from orders import refunding
from outbox.relay import drain_all
from payments import invariants
from tests.builders.cases import OPENED, a_complaint, an_answered_complaint, member_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(the_law):
    return the_law


def reloaded(complaint):
    return Complaint.objects.with_parts().get(pk=complaint.pk)


def buyer(complaint):
    from kernel.actor import Actor

    return Actor.buyer(complaint.subject_id)


class TestAnswer:
    def test_accepting_pays_at_once_and_ends_the_case(self):
        complaint = an_answered_complaint(kind=Answer.ACCEPT)
        assert (complaint.state, complaint.granted) == ("agreed", complaint.claimed)
        assert refunding.in_escrow(order_id=complaint.order_id) == Money(0)
        assert complaint.order.state == "refunded"
        assert not booking.open_for([complaint.pk])
        assert invariants.all_offences() == []

    def test_an_offer_gives_the_buyer_72_hours(self):
        complaint = an_answered_complaint(offered=Money(1000))
        assert complaint.state == "answered"
        due = booking.find(kind=deadlines.OFFER, reference=complaint.pk)
        assert (due.due_at, due.owner) == (OPENED + timedelta(hours=5 + 72), "buyer")

    @pytest.mark.parametrize("offered", [None, Money(0), Money(-5), Money(10**9)])
    def test_an_offer_out_of_range_changes_nothing(self, offered):
        complaint = a_complaint()
        with pytest.raises(OfferOutOfRange):
            answering.answer(
                complaint_id=complaint.pk,
                kind=Answer.OFFER,
                text="x",
                offered=Proposal(amount=offered),
                actor=member_of(complaint),
                at=OPENED,
            )
        assert reloaded(complaint).state == "open"
        assert complaint.statements.count() == 1

    def test_at_the_deadline_it_is_too_late_even_before_the_sweep(self):
        complaint = a_complaint()
        with pytest.raises(TooLate):
            answering.answer(
                complaint_id=complaint.pk,
                kind=Answer.CONTEST,
                text="x",
                actor=member_of(complaint),
                at=OPENED + timedelta(hours=48),
            )
        assert reloaded(complaint).answered_at is None


class TestSilence:
    def test_of_the_merchant_sends_it_to_the_platform_as_unanswered(self, platform_at):
        complaint = a_complaint()
        platform_at(OPENED + timedelta(hours=48) - timedelta(microseconds=1))
        assert sweep_all() == 0
        platform_at(OPENED + timedelta(hours=48))
        sweep_all()
        drain_all()
        complaint = reloaded(complaint)
        assert (complaint.state, complaint.unanswered) == ("deciding", True)
        assert refunding.in_escrow(order_id=complaint.order_id) == complaint.order.total

    def test_of_the_buyer_sends_it_to_the_platform_too(self, platform_at):
        complaint = an_answered_complaint()
        platform_at(OPENED + timedelta(hours=77))
        sweep_all()
        drain_all()
        complaint = reloaded(complaint)
        assert (complaint.state, complaint.unanswered) == ("deciding", False)

    def test_of_the_platform_brings_a_senior(self, platform_at):
        complaint = a_complaint()
        platform_at(OPENED + timedelta(days=30))
        for _ in range(3):
            sweep_all()
            drain_all()
        platform_at(OPENED + timedelta(days=60))
        sweep_all()
        drain_all()
        assert reloaded(complaint).with_senior
        assert reloaded(complaint).state == "deciding"


class TestAcceptOffer:
    def test_pays_it_and_lets_the_rest_go_on(self):
        complaint = an_answered_complaint(offered=Money(1000))
        offer = negotiating.standing_offer(complaint)
        negotiating.accept_offer(
            complaint_id=complaint.pk,
            offer_id=offer.pk,
            actor=buyer(complaint),
            at=OPENED + timedelta(hours=9),
        )
        drain_all()
        complaint = reloaded(complaint)
        assert (complaint.state, complaint.granted) == ("agreed", Money(1000))
        assert refunding.in_escrow(order_id=complaint.order_id) == complaint.order.total - Money(1000)
        assert complaint.order.state == "delivered"
        assert not complaint.order.holds.filter(lifted_at__isnull=True).exists()
        assert invariants.all_offences() == []

    def test_an_older_or_unknown_offer_is_refused(self):
        complaint = an_answered_complaint(offered=Money(1000))
        old = negotiating.standing_offer(complaint)
        answering.answer(
            complaint_id=complaint.pk,
            kind=Answer.OFFER,
            text="再加一点",
            offered=Proposal(amount=Money(1500)),
            actor=member_of(complaint),
            at=OPENED + timedelta(hours=6),
        )
        for offer_id in (old.pk, new_id()):
            with pytest.raises(negotiating.NoOffer):
                negotiating.accept_offer(
                    complaint_id=complaint.pk, offer_id=offer_id, actor=buyer(complaint), at=OPENED
                )
        assert reloaded(complaint).state == "answered"


class TestAskPlatform:
    def test_before_the_answer_from_72_hours_on_only(self):
        complaint = a_complaint()
        with pytest.raises(negotiating.TooEarlyToRefer):
            negotiating.ask_platform(complaint_id=complaint.pk, actor=buyer(complaint), at=OPENED)
        assert reloaded(complaint).state == "open"

    def test_after_a_contest_at_any_time(self):
        complaint = an_answered_complaint(kind=Answer.CONTEST)
        negotiating.ask_platform(
            complaint_id=complaint.pk, actor=buyer(complaint), at=OPENED + timedelta(hours=6)
        )
        assert reloaded(complaint).state == "deciding"


class TestWithdraw:
    def test_lifts_the_hold_and_ends_every_clock(self):
        complaint = a_complaint()
        negotiating.withdraw(complaint_id=complaint.pk, actor=buyer(complaint), at=OPENED)
        assert reloaded(complaint).state == "withdrawn"
        assert not complaint.order.holds.filter(lifted_at__isnull=True).exists()
        assert not booking.open_for([complaint.pk])
        with pytest.raises(IllegalMove):
            negotiating.withdraw(complaint_id=complaint.pk, actor=buyer(complaint), at=OPENED)
