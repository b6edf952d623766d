"""What staff may write into a campaign, and what nobody with the database's password can make of one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from kernel.actor import Actor
from orders.campaigns import making
from orders.models import Campaign
from tests.builders.campaigns import a_campaign, written
from tests.builders.orders import ORDERED
from tests.orders.test_campaigns import bought

pytestmark = pytest.mark.django_db


class TestWriting:
    @pytest.mark.parametrize(
        ("changed", "refusal"),
        [
            ({"names": {"en": "Week"}}, making.CampaignWordsRefused),
            ({"rules": {"zh-hans": "规" * 1001}}, making.CampaignWordsRefused),
            ({"off_minor": 20000}, making.CampaignSumRefused),
            ({"off_minor": 0}, making.CampaignSumRefused),
            ({"ends_at": ORDERED}, making.CampaignTimeRefused),
            ({"least_grade": "Z"}, making.CampaignTimeRefused),
        ],
        ids=["name", "rules", "too much", "nothing", "over", "grade"],
    )
    def test_refuses(self, changed: Any, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            making.write(written=written(**changed), actor=Actor.system(), at=ORDERED)
        assert not Campaign.objects.exists()


def sql(statement: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


class TestBySql:
    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ("promised_minor = 100001", "a_campaign_promises_what_it_has"),
            ("promised_minor = -1", "a_campaign_promises_what_it_has"),
        ],
        ids=["more", "less"],
    )
    def test_no_more_than_was_put_aside(self, change: str, name: str) -> None:
        campaign = a_campaign()
        with pytest.raises(IntegrityError, match=name):
            sql(f"UPDATE orders_campaign SET {change} WHERE id = %s", campaign.pk)

    @pytest.mark.parametrize("change", ["off_minor = 1", "budget_minor = 1", "ends_at = now()"])
    def test_terms_and_budget_stay(self, change: str) -> None:
        campaign = a_campaign()
        with pytest.raises(Exception, match=r"Cannot update|keeps_its_terms|what_was_put_aside"):
            sql(f"UPDATE orders_campaign SET {change} WHERE id = %s", campaign.pk)

    def test_no_fen_twice(self) -> None:
        dear, _cheap = bought(a_campaign())
        with pytest.raises(IntegrityError, match="a_funding_is_given_once"):
            sql("UPDATE orders_funding SET back_minor = 1601 WHERE order_id = %s", dear.pk)

    def test_nobody_else_bears_a_coupon_of_a_shop(self) -> None:
        dear, _cheap = bought(a_campaign())
        with pytest.raises(IntegrityError, match="the_platform_pays_for_campaigns"):
            sql(
                "INSERT INTO orders_linediscount"
                " (id, line_id, kind, reference, funder, currency, amount_minor)"
                " VALUES (gen_random_uuid(), %s, 'coupon', gen_random_uuid(), 'platform', 'CNY', 1)",
                dear.lines.get().pk,
            )
