"""Each ending becomes an entry, once, judged by the standard of its day."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints import negotiating
from complaints.answering import Answer, answer
from complaints.models import Outcome
from credit import entries, handlers
from credit.entries import KindUnknown, MeasureMissing
from credit.models import Entry, Waiting
from kernel.actor import Actor
from kernel.ids import new_id
from orders import cancellation, returns, settlement
from orders.events import OrderShipped
from orders.models import Order
from tests.builders.cases import (
    DELIVERED,
    a_complaint,
    a_complaint_to_decide,
    a_ruling,
    an_answered_complaint,
    member_of,
    rule,
)
from tests.builders.orders import ORDERED, a_return, an_order, drain, ship
from tests.builders.reviews import a_review
from tests.builders.shops import a_merchant

pytestmark = pytest.mark.django_db


def kinds(**about):
    return sorted(
        Entry.objects.filter(**about).exclude(kind="listing_published").values_list("kind", flat=True)
    )


class TestOrders:
    def test_sent_in_time(self):
        order = an_order(shipped=True)
        entry = Entry.objects.get(order=order)
        assert (entry.kind, entry.at, entry.permille, entry.weight) == (
            "dispatched_on_time", order.shipped_at, 1000, 1000,
        )  # fmt: skip
        assert entry.merchant_id == order.merchant_id and entry.reference == order.pk

    def test_sent_late_counts_once_though_two_facts_say_it(self):
        order = an_order()
        from deadlines import booking
        from orders import handlers as order_handlers

        due = booking.find(kind="orders.dispatch", reference=order.pk).due_at
        order_handlers.OUTCOMES["orders.dispatch"](reference=order.pk, due_at=due, at=due)
        drain(at=due)
        ship(order, at=due + timedelta(hours=3))
        entry = Entry.objects.get(order=order)
        assert (entry.kind, entry.at, entry.permille) == ("dispatch_late", due, 0)

    def test_settled(self):
        order = an_order(delivered_at=DELIVERED)
        settlement.settle(order_id=order.pk, actor=Actor.system(), at=order.settles_at)
        drain(at=order.settles_at)
        assert kinds(order=order) == ["dispatched_on_time", "order_settled"]

    def test_cancelled_by_the_shop_counts_and_by_the_buyer_does_not(self):
        mine, theirs = an_order(), an_order()
        at = ORDERED + timedelta(hours=2)
        cancellation.cancel(order_id=mine.pk, cause="changed_mind", actor=Actor.buyer(mine.subject_id), at=at)
        member = Actor.member(new_id(), theirs.merchant_id)
        cancellation.cancel(order_id=theirs.pk, cause="out_of_stock", actor=member, at=at)
        drain(at=at)
        assert Entry.objects.get(order=mine).weight == 0
        assert Entry.objects.get(order=theirs).kind == "cancelled_by_shop"

    def test_returned_and_refunded_in_time(self):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=DELIVERED + timedelta(hours=5), received=True)
        at = DELIVERED + timedelta(days=2)
        returns.refund(return_id=made.pk, actor=Actor.member(new_id(), order.merchant_id), at=at)
        drain(at=at)
        assert kinds(order=order) == ["dispatched_on_time", "order_refunded", "return_refunded"]
        assert Entry.objects.get(kind="return_refunded").reference == made.pk

    def test_returned_and_refunded_by_silence(self):
        order = an_order(delivered_at=DELIVERED)
        made = a_return(order, at=DELIVERED + timedelta(hours=5), received=True)
        at = DELIVERED + timedelta(days=4)
        returns.refund(return_id=made.pk, by_silence=True, actor=Actor.system(), at=at)
        drain(at=at)
        assert Entry.objects.get(reference=made.pk).kind == "return_refund_overdue"


class TestComplaints:
    def test_silence_and_a_ruling_for_the_buyer(self):
        case = a_complaint_to_decide(field="net_content")
        rule(case, a_ruling(case, Outcome.UPHELD), at=case.opened_at + timedelta(days=3))
        assert kinds(complaint=case) == ["answer_overdue", "complaint_upheld", "disclosure_wrong"]

    def test_a_ruling_for_the_shop_weighs_nothing(self):
        case = a_complaint_to_decide()
        rule(case, a_ruling(case, Outcome.REFUSED), at=case.opened_at + timedelta(days=3))
        assert Entry.objects.get(kind="complaint_refused").weight == 0

    def test_settled_early_weighs_nothing_and_the_quick_answer_counts(self):
        case = a_complaint()
        at = case.opened_at + timedelta(hours=3)
        answer(complaint_id=case.pk, kind=Answer.ACCEPT, text="马上退。", actor=member_of(case), at=at)
        drain(at=at)
        assert kinds(complaint=case) == ["answered_quickly", "complaint_agreed"]
        assert Entry.objects.get(kind="complaint_agreed").weight == 0

    def test_answered_on_the_second_day_is_in_time_but_not_quick(self):
        case = a_complaint()
        at = case.opened_at + timedelta(hours=24)
        answer(complaint_id=case.pk, kind=Answer.CONTEST, text="不同意。", actor=member_of(case), at=at)
        drain(at=at)
        assert kinds(complaint=case) == ["answered_in_time"]

    def test_withdrawn(self):
        case = an_answered_complaint()
        at = case.opened_at + timedelta(hours=9)
        negotiating.withdraw(complaint_id=case.pk, actor=Actor.buyer(case.subject_id), at=at)
        drain(at=at)
        assert Entry.objects.get(kind="complaint_withdrawn").weight == 0


class TestReviews:
    def test_goods_and_description_count_together_and_after_sales_apart(self):
        review = a_review(goods=5, description=2, aftersales=3)
        found = {entry.kind: entry.permille for entry in Entry.objects.filter(review=review)}
        assert found == {"review": 625, "review_aftersales": 500}


class TestOnce:
    def test_the_same_fact_twice_is_one_entry(self):
        merchant, reference = a_merchant(), new_id()
        told = {"merchant_id": merchant.pk, "kind": "parcel_lost", "reference": reference,
                "happened_at": ORDERED, "at": ORDERED}  # fmt: skip
        assert entries.record(**told) is not None
        assert entries.record(**told) is None
        assert Entry.objects.filter(reference=reference).count() == 1

    def test_the_same_event_handed_on_twice_changes_nothing(self):
        order = an_order(shipped=True)
        fact = OrderShipped(order.pk, order.merchant_id, order.subject_id, order.shipments.get().pk, True)
        for _ in range(2):
            handlers.on_order_shipped(fact, at=ORDERED + timedelta(days=1))
        assert kinds(order=order) == ["dispatched_on_time"]

    def test_the_shop_waits_to_be_reckoned(self):
        order = an_order(shipped=True)
        assert Waiting.objects.filter(merchant_id=order.merchant_id).exists()

    def test_unknown_facts_and_missing_measures_are_refused(self):
        told = {"merchant_id": a_merchant().pk, "reference": new_id(), "happened_at": ORDERED, "at": ORDERED}
        with pytest.raises(KindUnknown):
            entries.record(kind="bought_followers", **told)
        for measure in (None, -1, 1001):
            with pytest.raises(MeasureMissing):
                entries.record(kind="review", measure=measure, **told)

    def test_nothing_happens_after_it_is_written_down(self):
        at = datetime(2026, 11, 3, tzinfo=UTC)
        told = {"merchant_id": a_merchant().pk, "kind": "parcel_lost", "reference": new_id()}
        made = entries.record(happened_at=at + timedelta(days=9), at=at, **told)
        assert made.at == at
        assert Order.objects.count() == 0
