"""The database refuses what no booking writes: free places, a day twice, more returned than was paid."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import placements
from catalog.models import Placement
from kernel.actor import Actor
from payments.ledger import NotEnoughMoney
from tests.builders.placements import a_placement
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TOMORROW = date(2026, 11, 22)
SYSTEM = Actor.system()


class TestDatabaseRefuses:
    @pytest.mark.parametrize(
        ("sql", "rule"),
        [
            ("UPDATE catalog_placement SET state = 'refused'", "placement_refused_says_who_when_and_why"),
            (
                "UPDATE catalog_placement SET state = 'free', decided_at = now(), decided_by = 'x',"
                " reason = 'x'",
                "placement_state_is_known",
            ),
            ("UPDATE catalog_placement SET per_day_minor = 0", "placement_lasts_and_costs"),
            ("UPDATE catalog_placement SET returned_minor = 4001", "placement_returns_what_was_paid_at_most"),
            ("UPDATE catalog_placementday SET day = '2026-11-22'", "placement_once_a_day_for_a_listing"),
        ],
    )
    def test_bent_rows(self, sql, rule):
        a_placement(a_listing(), days=2, at=NOW)
        with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    def test_paying_more_than_there_is(self):
        listing = a_listing()
        with pytest.raises(NotEnoughMoney):
            placements.book(
                merchant_id=listing.merchant_id, listing_id=listing.pk, first_day=TOMORROW, days=1,
                actor=SYSTEM, at=NOW,
            )  # fmt: skip
        assert not Placement.objects.exists()
