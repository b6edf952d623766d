"""Offers and counter-offers, deeds that a shop undertakes, and what silence does at each turn."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from complaints import answering, deadlines, negotiating, performing
from complaints.answering import Answer
from complaints.limits import TextMissing
from complaints.proposing import DaysOutOfRange, NoOffer, OfferOutOfRange, Proposal
from complaints.remedy_kinds import Remedy
from credit.models import Entry
from deadlines import booking
from deadlines.booking import TooLate
from deadlines.sweep import sweep_all
from kernel.actor import Actor
from kernel.errors import IllegalMove
from kernel.money import Money
from notifications.models import Letter
from orders import refunding
from outbox.relay import drain_all
from payments import invariants
from tests.builders.cases import (
    ANSWERED,
    DAY,
    HOUR,
    OPENED,
    a_complaint,
    an_answered_complaint,
    answered_again,
    countered,
    member_of,
    performed,
    reloaded,
    undertaken,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def law(the_law):
    return the_law


def buyer_of(case):
    return Actor.buyer(case.subject_id)


def told(kind):
    return Letter.objects.filter(kind=f"complaints.{kind}").count()


class TestCounter:
    def test_gives_the_shop_72_hours_and_stands_alone(self):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        assert (case.state, case.offer.seat, case.offer.amount_minor) == ("countered", "buyer", 1500)
        due = booking.find(kind=deadlines.COUNTER, reference=case.pk)
        assert (due.due_at, due.owner) == (ANSWERED + HOUR + timedelta(hours=72), "merchant")
        assert booking.find(kind=deadlines.OFFER, reference=case.pk) is None
        assert told("countered_to_shop") == 1

    def test_accepted_pays_what_was_asked_instead(self):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        case = answered_again(case, Answer.ACCEPT)
        assert (case.state, case.granted) == ("agreed", Money(1500))
        assert refunding.in_escrow(order_id=case.order_id) == case.order.total - Money(1500)
        assert invariants.all_offences() == []

    def test_answered_by_another_offer_gives_the_buyer_the_turn(self):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        case = answered_again(case, offered=Proposal(amount=Money(1200)))
        assert (case.state, case.offer.amount_minor) == ("answered", 1200)
        assert booking.find(kind=deadlines.COUNTER, reference=case.pk) is None

    def test_a_plain_no_leaves_nothing_on_the_table(self):
        case = countered(an_answered_complaint())
        assert (case.state, case.offer) == ("countered", None)
        case = answered_again(case, Answer.CONTEST)
        assert (case.state, case.offer) == ("answered", None)

    def test_accepting_after_a_plain_no_is_the_whole_claim(self):
        case = answered_again(countered(an_answered_complaint()), Answer.ACCEPT)
        assert (case.state, case.granted) == ("agreed", case.claimed)

    def test_the_old_offer_can_not_be_accepted_any_more(self):
        case = an_answered_complaint()
        old = case.offer_id
        countered(case, Proposal(amount=Money(1500)))
        with pytest.raises(NoOffer):
            negotiating.accept_offer(
                complaint_id=case.pk, offer_id=old, actor=buyer_of(case), at=ANSWERED + 2 * HOUR
            )
        assert reloaded(case).state == "countered"

    @pytest.mark.parametrize(
        ("asked", "refusal"),
        [
            (Proposal(amount=Money(0)), OfferOutOfRange),
            (Proposal(amount=Money(10**9)), OfferOutOfRange),
            (Proposal(amount=Money(5, "USD")), OfferOutOfRange),
            (Proposal(Remedy.REPAIR, days=0), DaysOutOfRange),
            (Proposal(Remedy.REPAIR, days=61), DaysOutOfRange),
        ],
    )
    def test_what_can_not_be_asked_changes_nothing(self, asked, refusal):
        case = an_answered_complaint()
        with pytest.raises(refusal):
            negotiating.counter(
                complaint_id=case.pk, text="x", asked=asked, actor=buyer_of(case), at=ANSWERED + HOUR
            )
        left = reloaded(case)
        assert (left.state, left.offer_id, left.statements.count()) == ("answered", case.offer_id, 2)

    def test_without_a_word_is_refused(self):
        case = an_answered_complaint()
        with pytest.raises(TextMissing):
            negotiating.counter(complaint_id=case.pk, text=" ", actor=buyer_of(case), at=ANSWERED + HOUR)

    def test_before_the_answer_there_is_nothing_to_counter(self):
        case = a_complaint()
        with pytest.raises(IllegalMove):
            negotiating.counter(complaint_id=case.pk, text="x", actor=buyer_of(case), at=OPENED + HOUR)

    def test_rounds_never_reach_beyond_seven_days_of_negotiation(self, platform_at):
        case = an_answered_complaint()
        at = ANSWERED
        for round_ in range(3):
            case = countered(case, Proposal(amount=Money(1500 + round_)), at=at + 40 * HOUR)
            case = answered_again(case, offered=Proposal(amount=Money(1000)), at=at + 56 * HOUR)
            at += 56 * HOUR
        due = booking.find(kind=deadlines.OFFER, reference=case.pk)
        assert due.due_at == deadlines.promises.due("silence.negotiation", start=ANSWERED, at=ANSWERED).due_at
        platform_at(due.due_at)
        sweep_all(), drain_all()
        assert reloaded(case).state == "deciding"


class TestSilenceOfTheShop:
    def test_on_a_counter_leads_to_the_ruling_and_is_no_unanswered_complaint(self, platform_at):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        platform_at(ANSWERED + HOUR + timedelta(hours=72))
        sweep_all(), drain_all()
        case = reloaded(case)
        assert (case.state, case.unanswered, case.offer) == ("deciding", False, None)

    def test_at_the_instant_an_answer_is_too_late_before_the_sweep_too(self):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        with pytest.raises(TooLate):
            answered_again(case, Answer.CONTEST, at=ANSWERED + HOUR + timedelta(hours=72))
        assert reloaded(case).state == "countered"


class TestRetract:
    def test_takes_the_offer_from_the_table_and_the_clock_runs_on(self):
        case = an_answered_complaint()
        due = booking.find(kind=deadlines.OFFER, reference=case.pk).due_at
        answering.retract(
            complaint_id=case.pk, offer_id=case.offer_id, actor=member_of(case), at=ANSWERED + HOUR
        )
        left = reloaded(case)
        assert (left.state, left.offer) == ("answered", None)
        assert booking.find(kind=deadlines.OFFER, reference=case.pk).due_at == due
        with pytest.raises(NoOffer):
            negotiating.accept_offer(
                complaint_id=case.pk, offer_id=case.offer_id, actor=buyer_of(case), at=ANSWERED + HOUR
            )

    def test_what_the_buyer_asks_is_not_the_shops_to_take_back(self):
        case = countered(an_answered_complaint(), Proposal(amount=Money(1500)))
        with pytest.raises(NoOffer):
            answering.retract(
                complaint_id=case.pk, offer_id=case.offer_id, actor=member_of(case), at=ANSWERED + 2 * HOUR
            )


class TestADeed:
    def test_accepting_the_complaint_undertakes_what_was_wished(self):
        case = answered_again(a_complaint(wish="exchange"), Answer.ACCEPT, at=ANSWERED)
        assert (case.state, case.remedy, case.granted) == ("performing", "exchange", Money(0))
        due = booking.find(kind=deadlines.PERFORMANCE, reference=case.pk)
        assert (due.due_at - ANSWERED > 7 * DAY - DAY, due.owner) == (True, "merchant")
        assert booking.find(kind=deadlines.ANSWER, reference=case.pk) is None
        assert told("undertaken") == 2
        assert Entry.objects.filter(complaint_id=case.pk).exists()

    def test_keeps_the_money_frozen_until_the_buyer_has_looked(self):
        case = performed(undertaken(days=3))
        assert (case.state, refunding.in_escrow(order_id=case.order_id)) == ("performed", case.order.total)
        assert case.order.holds.filter(lifted_at__isnull=True).count() == 1
        performing.confirm(complaint_id=case.pk, actor=buyer_of(case), at=ANSWERED + 2 * DAY)
        drain_all()
        case = reloaded(case)
        assert (case.state, case.granted, case.remedy) == ("agreed", Money(0), "repair")
        assert not case.order.holds.filter(lifted_at__isnull=True).exists()
        assert not booking.open_for([case.pk])
        assert told("confirmed") == 2

    def test_not_done_in_time_turns_into_a_refund(self, platform_at):
        case = undertaken(days=3)
        due = booking.find(kind=deadlines.PERFORMANCE, reference=case.pk).due_at
        platform_at(due - timedelta(microseconds=1))
        assert sweep_all() == 0
        platform_at(due)
        sweep_all(), drain_all()
        case = reloaded(case)
        assert (case.state, case.granted) == ("agreed", case.claimed)
        assert refunding.in_escrow(order_id=case.order_id) == Money(0)
        assert invariants.all_offences() == []

    def test_done_at_the_last_instant_is_too_late(self):
        case = undertaken(days=3)
        due = booking.find(kind=deadlines.PERFORMANCE, reference=case.pk).due_at
        with pytest.raises(TooLate):
            performed(case, at=due)
        assert (reloaded(case).state, case.statements.count()) == ("performing", 2)

    def test_silence_of_the_buyer_ends_it_as_agreed(self, platform_at):
        case = performed(undertaken(days=3))
        platform_at(booking.find(kind=deadlines.CHECK, reference=case.pk).due_at)
        sweep_all(), drain_all()
        case = reloaded(case)
        assert (case.state, case.granted) == ("agreed", Money(0))
        assert a_complaint(order=case.order, at=ANSWERED + 20 * DAY).state == "open"

    def test_an_objection_goes_to_the_ruling(self):
        case = performed(undertaken(days=3))
        performing.object_to(
            complaint_id=case.pk, text="还是漏水。", actor=buyer_of(case), at=ANSWERED + 2 * DAY
        )
        case = reloaded(case)
        assert (case.state, booking.find(kind=deadlines.CHECK, reference=case.pk)) == ("deciding", None)
        assert booking.find(kind=deadlines.DECISION, reference=case.pk) is not None

    @pytest.mark.parametrize("step", [negotiating.ask_platform, negotiating.withdraw])
    def test_while_it_is_to_be_looked_at_a_bare_call_says_too_little(self, step):
        case = performed(undertaken(days=3))
        if step is negotiating.ask_platform:
            with pytest.raises(IllegalMove):
                step(complaint_id=case.pk, actor=buyer_of(case), at=ANSWERED + 2 * DAY)
            assert reloaded(case).state == "performed"
        else:
            step(complaint_id=case.pk, actor=buyer_of(case), at=ANSWERED + 2 * DAY)
            assert reloaded(case).state == "withdrawn"

    def test_objecting_before_it_is_done_is_refused(self):
        case = undertaken(days=3)
        with pytest.raises(IllegalMove):
            performing.object_to(complaint_id=case.pk, text="x", actor=buyer_of(case), at=ANSWERED + DAY)
        assert (reloaded(case).state, case.statements.count()) == ("performing", 2)


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        "attack",
        [
            "UPDATE complaints_complaint SET state = 'performing'",
            "UPDATE complaints_complaint SET remedy = 'gold'",
            "UPDATE complaints_complaint SET state = 'agreed'",
            "UPDATE complaints_complaint SET closed_at = now()",
            "UPDATE complaints_offer SET amount_minor = 1",
            "INSERT INTO complaints_offer (id, complaint_id, seat, remedy, amount_minor, actor, at)"
            " SELECT gen_random_uuid(), id, 'merchant', 'repair', 0, 'x', now() FROM complaints_complaint",
            "INSERT INTO complaints_offer"
            " (id, complaint_id, seat, remedy, amount_minor, perform_days, actor, at)"
            " SELECT gen_random_uuid(), id, 'merchant', 'refund', 5, 3, 'x', now() FROM complaints_complaint",
            "INSERT INTO complaints_offer (id, complaint_id, seat, remedy, amount_minor, actor, at)"
            " SELECT gen_random_uuid(), id, 'nobody', 'refund', 5, 'x', now() FROM complaints_complaint",
        ],
    )
    def test_by_sql(self, attack):
        an_answered_complaint()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
