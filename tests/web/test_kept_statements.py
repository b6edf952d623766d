"""A statement that is built once asks what the queryset would ask, each time with its own values."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from kernel.ids import new_id
from orders import cart
from orders.models import CartLine
from tests.builders.orders import ORDERED, a_subject
from tests.builders.shops import a_listing
from web.kept_statements import Kept, NotKept
from web.models import IdempotencyKey

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, tzinfo=UTC)


def key(scope: str, at: datetime = AT) -> IdempotencyKey:
    return IdempotencyKey.objects.create(id=new_id(), scope=scope, key=uuid4().hex, created_at=at)


class TestRows:
    def test_builds_once_and_asks_with_the_values_of_each_time(self) -> None:
        built: list[str] = []

        def build(scope: str):  # type: ignore[no-untyped-def]
            built.append(scope)
            return IdempotencyKey.objects.filter(scope=scope).order_by("key")

        kept = Kept[IdempotencyKey](build)
        mine, other = key("buyer:a"), key("buyer:b")
        assert [kept.rows(scope="buyer:a"), kept.rows(scope="buyer:b")] == [[mine], [other]]
        assert kept.rows(scope="buyer:c") == []
        assert len(built) == 1 and built != ["buyer:a"]

    def test_tells_values_of_one_kind_apart_and_keeps_constants(self) -> None:
        kept = Kept[tuple[str]](
            lambda since, until: IdempotencyKey.objects.filter(
                created_at__gte=since, created_at__lt=until, state="running"
            ).values_list("scope")
        )
        key("early", AT.replace(hour=1)), key("late", AT.replace(hour=5))
        assert kept.rows(since=AT, until=AT.replace(hour=2)) == [("early",)]
        assert kept.rows(since=AT.replace(hour=2), until=AT.replace(hour=9)) == [("late",)]
        assert kept.rows(since=AT.replace(hour=9), until=AT) == []

    def test_takes_lists_by_their_length(self) -> None:
        kept = Kept[tuple[str]](
            lambda ids: IdempotencyKey.objects.filter(pk__in=ids).order_by("scope").values_list("scope")
        )
        rows = [key(scope) for scope in "abc"]
        assert kept.rows(ids=[row.pk for row in rows]) == [("a",), ("b",), ("c",)]
        assert kept.rows(ids=[rows[1].pk]) == [("b",)]

    def test_makes_instances_with_their_relations_as_the_queryset_does(self) -> None:
        subject, listing = a_subject(), a_listing()
        cart.put(subject_id=subject, listing_id=listing.pk, actor=None, at=ORDERED)  # type: ignore[arg-type]
        rows = CartLine.objects.of_subject(subject).with_listings().with_points()
        kept = Kept[CartLine](lambda subject_id: rows.model.objects.of_subject(subject_id).with_listings())
        kept.rows(subject_id=subject)
        with CaptureQueriesContext(connection) as taken:
            (line,) = kept.rows(subject_id=subject)
            assert (line, line.listing, line.variant_id) == (rows.get(), listing, listing.pk)
            assert len(taken) == 2
        with CaptureQueriesContext(connection) as taken:
            assert line.listing.live_revision and line.listing.merchant.slug == listing.merchant.slug
            assert line.variant.stock.on_hand and line.set_revision is None
        assert len(taken) == 0

    @pytest.mark.parametrize("value", [7, None, [], AT.date()])
    def test_refuses_values_that_leave_no_mark(self, value: object) -> None:
        with pytest.raises(NotKept):
            Kept[IdempotencyKey](lambda at: IdempotencyKey.objects.filter(key=at)).rows(at=value)

    def test_refuses_a_statement_that_drops_a_value(self) -> None:
        with pytest.raises(NotKept):
            Kept[IdempotencyKey](lambda key: IdempotencyKey.objects.all()).rows(key="x")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only() -> None:
    kept = Kept[IdempotencyKey](lambda key: IdempotencyKey.objects.select_for_update().filter(key=key))
    for _ in range(2):
        with pytest.raises(TransactionManagementError):
            kept.rows(key="x")
