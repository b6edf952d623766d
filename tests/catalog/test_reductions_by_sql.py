"""The database refuses what no use case would write: bent reductions, void deals under them, false deals."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from catalog import deals, reductions
from catalog.models import Deal, DealVoid, Listing, Reduction
from kernel.money import Money
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
END = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


@pytest.fixture
def pot() -> Listing:
    """On sale for 99.00 since 2 November, sold once four days ago."""
    listing = a_listing(price="99.00")
    a_deal(listing, "99.00", at=NOW - 4 * DAY)
    return listing


class TestDatabaseRefuses:
    def run(self, sql, *params):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)

    @pytest.fixture
    def row(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=a_claim("99.00", until="2026-11-23"))
        return Reduction.objects.get()

    @pytest.mark.parametrize(
        ("change", "rule"),
        [
            ("was_minor = 9901, ceiling_minor = 9901", "no real deal carries"),
            ("ceiling_minor = 9899", "reduction_is_within_what_is_permitted"),
            ("price_minor = 9900", "reduction_lowers_the_price"),
            ("basis = 'recommended'", "reduction_basis_is_known"),
            ("ends_at = starts_at", "reduction_ends_after_it_starts"),
            ("looks_until = starts_at + interval '1 hour'", "reduction_looks_back_from_its_start"),
            ("state = 'ended'", "reduction_that_ended_says_when_and_why"),
        ],
    )
    def test_a_running_one_can_t_be_bent(self, row, change, rule):
        with pytest.raises(IntegrityError, match=rule):
            self.run(f"UPDATE catalog_reduction SET {change}")

    def test_what_was_said_stays_said(self, row):
        a_deal(row.listing, "99.00", at=NOW - DAY)
        with pytest.raises(IntegrityError, match="can't be written anew"):
            self.run("UPDATE catalog_reduction SET was_minor = 9800")

    def test_a_second_one_above_the_deals(self, row):
        copied = ", ".join(
            field.column
            for field in Reduction._meta.concrete_fields
            if field.name not in ("id", "was_minor", "ceiling_minor", "state", "ended_at", "ended_why")
        )
        sql = (
            "INSERT INTO catalog_reduction (id, was_minor, ceiling_minor, state, ended_why, {c})"
            " SELECT gen_random_uuid(), {was}, {was}, 'running', '', {c} FROM catalog_reduction"
        )
        with pytest.raises(IntegrityError, match="no real deal carries"):
            self.run(sql.format(c=copied, was=15000))
        with pytest.raises(IntegrityError, match="reduction_once_at_a_time"):
            self.run(sql.format(c=copied, was=9900))

    def test_an_ended_one_does_not_run_again(self, row):
        reductions.sweep(at=END)
        with pytest.raises(IntegrityError, match="stays as it was"):
            self.run("UPDATE catalog_reduction SET state = 'running', ended_at = NULL, ended_why = ''")
        with pytest.raises(InternalError):
            self.run("DELETE FROM catalog_reduction")

    def test_a_deal_can_t_be_made_void_under_a_running_one(self, row):
        deal = Deal.objects.get()
        with pytest.raises(IntegrityError, match="no real deal carries"), transaction.atomic():
            DealVoid.objects.create(deal=deal, cause="cancelled", at=NOW)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    @pytest.mark.parametrize("table", ["deal", "dealvoid"])
    def test_deals_are_append_only(self, pot, table):
        deals.void([Deal.objects.get().reference], cause="cancelled", at=NOW)
        for sql in (f"UPDATE catalog_{table} SET at = at", f"DELETE FROM catalog_{table}"):
            with pytest.raises(InternalError):
                self.run(sql)

    def test_a_deal_of_nothing(self, pot):
        with pytest.raises(IntegrityError, match="deal_cost_something"), transaction.atomic():
            deals.note([deals.Sale(pot.pk, pot.pk, pot.pk, Money(0))], at=NOW)
