"""A carrier's visits at the door; and labels and visits attacked by SQL."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from kernel.actor import Actor
from kernel.money import Money
from orders.labels import collecting, visits
from orders.models import Collection, ReturnLabel
from orders.recipients import PhoneInvalid, Recipient
from payments import accounts, ledger
from tests.builders.labels import DELIVERED, clocks, faulty, fetched, fresh, labelled, seen, swept
from tests.builders.orders import LIN_WEI, a_return, an_order
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CARRIER = accounts.carrier("sandbox")


@pytest.fixture
def order():  # type: ignore[no-untyped-def]
    return an_order(listing=a_listing(price="39.00", freight="10.00"), quantity=2, delivered_at=DELIVERED)


class TestTheVisit:
    def test_is_booked_sealed_and_charged_as_fetched(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        visit = fetched(made)
        with connection.cursor() as cursor:
            cursor.execute("SELECT address FROM orders_collection")
            assert LIN_WEI.address.encode() not in bytes(cursor.fetchone()[0])
        assert Collection.objects.get().address == LIN_WEI.address
        seen(visit.label.tracking_number, "collected", at=visit.starts_at + HOUR)
        ended = Collection.objects.get()
        assert (ended.cause, ended.address, ended.contact, ended.phone) == ("collected", None, None, None)
        assert (fresh(made).state, ledger.balance(CARRIER)) == ("posted", Money(1200))
        assert clocks(ended, visits.KIND) == []

    def test_dropped_off_before_it_costs_less(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        visit = fetched(made)
        seen(visit.label.tracking_number, "in_transit", at=visit.starts_at - HOUR)
        assert (Collection.objects.get().cause, ledger.balance(CARRIER)) == ("over", Money(900))

    def test_the_days_to_post_begin_with_its_end(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        before = made.post_by
        visit = fetched(made, number=-1)
        after = fresh(made).post_by
        assert before is not None and after is not None and after > before
        assert clocks(made, "orders.return_posting") == [after]
        assert after >= visit.ends_at + 7 * DAY

    @pytest.mark.parametrize("by", ["the carrier's word", "silence"])
    def test_one_that_nobody_made_costs_nothing_and_the_days_begin_anew(
        self, order, platform_at, by: str
    ) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        visit = fetched(made)
        if by == "silence":
            (due,) = clocks(visit, visits.KIND)
            assert due == visit.ends_at + 24 * HOUR
            at = due
            swept(platform_at(due))
        else:
            at = visit.ends_at
            seen(visit.label.tracking_number, "not_collected", at=at)
        assert Collection.objects.get().cause == "missed"
        after = fresh(made)
        assert after.state == "accepted" and after.post_by is not None and after.post_by >= at + 7 * DAY
        assert ledger.balance(CARRIER) == Money(0)
        assert fetched(made, at).label_id == visit.label_id

    def test_an_old_word_of_the_carrier_does_not_end_the_next_visit(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        first = fetched(made)
        seen(first.label.tracking_number, "not_collected", at=first.ends_at)
        second = fetched(made, first.ends_at)
        seen(first.label.tracking_number, "not_collected", at=first.ends_at + HOUR, happened_at=first.ends_at)
        second.refresh_from_db()
        assert second.ended_at is None

    def test_moves_and_is_cancelled_at_the_buyers_word(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        first, second = fetched(made), fetched(made, number=2)
        first.refresh_from_db()
        assert (first.cause, second.ended_at) == ("moved", None)
        buyer = Actor.buyer(made.subject_id)
        collecting.cancel(return_id=made.pk, actor=buyer, at=DELIVERED + HOUR)
        second.refresh_from_db()
        assert second.cause == "cancelled"
        with pytest.raises(collecting.NoVisit):
            collecting.cancel(return_id=made.pk, actor=buyer, at=DELIVERED + HOUR)

    def test_six_are_enough_but_those_that_were_missed_do_not_count(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        missed = fetched(made)
        seen(missed.label.tracking_number, "not_collected", at=missed.ends_at)
        for number in range(6):
            fetched(made, missed.ends_at, number=number)
        with pytest.raises(collecting.TooManyVisits):
            fetched(made, missed.ends_at)
        assert Collection.objects.filter(ended_at=None).count() == 1

    @pytest.mark.parametrize("hours", [-3, 1, 24 * 40])
    def test_refuses_a_time_that_is_not_offered(self, order, hours: int) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        with pytest.raises(collecting.TimeNotOffered):
            collecting.book(
                return_id=made.pk,
                starts_at=DELIVERED + hours * HOUR,
                where=LIN_WEI,
                actor=Actor.buyer(made.subject_id),
                at=DELIVERED,
            )
        assert not Collection.objects.exists() and not ReturnLabel.objects.exists()

    def test_refuses_a_wrong_number_and_books_nothing(self, order) -> None:  # type: ignore[no-untyped-def]
        with pytest.raises(PhoneInvalid):
            fetched(faulty(order), where=Recipient("林未", "x", "上海市徐汇区"))
        assert not Collection.objects.exists()

    def test_is_not_offered_beyond_the_customs_border(self, order) -> None:  # type: ignore[no-untyped-def]
        made = faulty(order)
        order.destination = "HK"
        order.save(update_fields=["destination"])
        with pytest.raises(collecting.NotFetched):
            fetched(made)
        assert labelled(made).price == Money(9800)


class TestTheDatabase:
    """By SQL, around every use case."""

    def run(self, statement: str, *values: object) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    def test_no_label_at_the_buyers_cost(self, order) -> None:  # type: ignore[no-untyped-def]
        made = a_return(order, at=DELIVERED)
        with pytest.raises(IntegrityError, match="its shop's cost"):
            self.run(
                "INSERT INTO orders_returnlabel (id, order_id, returning_id, carrier, tracking_number,"
                " price_minor, collected_minor, charged_minor, made_at, cause)"
                " VALUES (%s, %s, %s, 'sandbox', 'RL1234567', 900, 900, 0, now(), '')",
                uuid4(),
                order.pk,
                made.pk,
            )

    @pytest.mark.parametrize(
        "change",
        [
            "charged_minor = 900",
            "used_at = now(), charged_minor = 1",
            "ended_at = now()",
            "cause = 'over'",
            "price_minor = 1",
            "tracking_number = 'RL7654321'",
        ],
    )
    def test_a_label_says_what_it_was(self, order, change: str) -> None:  # type: ignore[no-untyped-def]
        labelled(faulty(order))
        with pytest.raises((IntegrityError, InternalError)):
            self.run(f"UPDATE orders_returnlabel SET {change}")

    @pytest.mark.parametrize(
        "change",
        ["used_at = NULL, charged_minor = 0", "charged_minor = 1200"],
    )
    def test_a_used_label_stays_charged_as_it_was(self, order, change: str) -> None:  # type: ignore[no-untyped-def]
        label = labelled(faulty(order))
        seen(label.tracking_number, "collected", at=DELIVERED + HOUR)
        with pytest.raises((IntegrityError, InternalError)):
            self.run(f"UPDATE orders_returnlabel SET {change}")

    @pytest.mark.parametrize(
        "change",
        ["starts_at = ends_at", "ended_at = now()", "ended_at = now(), cause = 'missed'", "cause = 'moved'"],
    )
    def test_a_visit_stays_and_forgets_where_when_it_ends(self, order, change: str) -> None:  # type: ignore[no-untyped-def]
        fetched(faulty(order))
        with pytest.raises((IntegrityError, InternalError)):
            self.run(f"UPDATE orders_collection SET {change}")

    @pytest.mark.parametrize("table", ["orders_returnlabel", "orders_collection"])
    def test_nothing_is_deleted(self, order, table: str) -> None:  # type: ignore[no-untyped-def]
        fetched(faulty(order))
        with pytest.raises(InternalError):
            self.run(f"DELETE FROM {table}")

    def test_a_label_s_number_is_no_other_parcel_s(self, order) -> None:  # type: ignore[no-untyped-def]
        label = labelled(faulty(order))
        with pytest.raises(IntegrityError, match="what it was made for"):
            self.run(
                "INSERT INTO orders_shipment (id, order_id, carrier, tracking_number, handed_over_at)"
                " VALUES (%s, %s, 'sandbox', %s, now())",
                uuid4(),
                order.pk,
                label.tracking_number,
            )
