"""Private persons sell used things within limits; above them they count as traders, once and for all."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import Listing
from catalog.publishing import PrivateSellsUsedThings, publish
from complaints import decisions, intake
from complaints.grounds import Category, rules_of
from kernel.actor import Actor
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.money import Money
from merchants import limits, petty_trade, rechecking
from merchants.models import Merchant, PettySale, PettyYear
from notifications.models import Letter
from orders.models import Order
from rulebook import policies
from tests.builders.orders import an_order
from tests.builders.people import a_buyer
from tests.builders.private_sellers import a_private_person, a_used_thing
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)


def attack(statement, *parameters):
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refused.value)


def sell(merchant, fen):
    petty_trade.note_sale(merchant_id=merchant.pk, reference=new_id(), amount_minor=fen, at=AT)
    merchant.refresh_from_db()


def letters():
    found = Letter.objects.filter(kind__startswith="merchants.p").order_by("id")
    return list(found.values_list("kind", flat=True))


class TestTheLine:
    def test_told_once_near_it_a_trader_above_it(self):
        merchant = a_private_person()
        sell(merchant, 1_599_999)
        assert letters() == []
        sell(merchant, 1)
        sell(merchant, 1)
        assert letters() == ["merchants.private_near"]
        sell(merchant, 399_999)
        assert (merchant.is_private_person, merchant.trader_since) == (True, None), "up to the line"
        sell(merchant, 1)
        assert (merchant.kind, merchant.declaration, merchant.trader_since) == ("private", "petty", AT)
        assert letters() == ["merchants.private_near", "merchants.private_trades"]
        assert merchant.seller_kind == "business"

    def test_many_small_sales_are_a_trade_too(self):
        merchant = a_private_person()
        most = policies.value("private.limits", AT)["yearly_sales"]
        for _each in range(most):
            sell(merchant, 100)
        assert merchant.is_private_person
        sell(merchant, 100)
        assert not merchant.is_private_person

    def test_then_the_line_of_petty_trade_is_next(self):
        merchant = a_private_person()
        sell(merchant, 2_000_001)
        sell(merchant, petty_trade.line(AT))
        assert letters() == ["merchants.private_trades", "merchants.petty_near", "merchants.petty_above"]
        assert PettyYear.objects.get().near_trading_at is None

    def test_farmers_without_registration_were_traders_all_along(self):
        from tests.builders.applications import an_admitted_application

        merchant = an_admitted_application(applicant_id=a_buyer().subject_id, at=AT, kind="private").merchant
        assert (merchant.declaration, merchant.is_private_person) == ("handicraft", False)
        sell(merchant, 2_000_001)
        assert letters() == []
        assert PettySale.objects.count() == 1


class TestWhatMayBeOffered:
    def test_used_things_only(self):
        merchant = a_private_person()
        listing = a_listing(merchant=merchant, live=False)
        with pytest.raises(PrivateSellsUsedThings):
            publish(listing_id=listing.pk, actor=Actor.member(new_id(), merchant.pk), at=AT)
        assert Listing.objects.get(pk=listing.pk).state == "draft"

    def test_and_so_many_at_once(self):
        merchant = a_private_person()
        assert limits.most_live(merchant, at=AT) == 30
        limits.require_room(merchant, live=29, at=AT)
        with pytest.raises(limits.TooManyListings, match=r"policy\.private\.limits"):
            limits.require_room(merchant, live=30, at=AT)
        assert limits.most_live(a_merchant(), at=AT) is None

    def test_where_it_lives_cant_be_reported_into_public(self):
        merchant = a_private_person()
        with pytest.raises(rechecking.NothingChanged):
            rechecking.report_change(
                merchant_id=merchant.pk,
                fields={"address_public": "示例路 8 号", "licence_number": "110101199003070011"},
                changed_on=AT.date(),
                actor=Actor.system(),
                at=AT,
            )
        assert Merchant.objects.get(pk=merchant.pk).address_public == "浙江省杭州市西湖区"


class TestCases:
    def test_rest_on_what_binds_everybody(self):
        assert rules_of(Category.COUNTERFEIT, by_person=True) == ("cn.private.fraud",)
        assert rules_of(Category.FAULTY, by_person=True) == ("cn.private.conformity",)
        assert rules_of(Category.COUNTERFEIT, by_person=False) == ("cn.fraud",)

    def test_no_ruling_holds_a_traders_rule_against_a_person(self):
        order = an_order(
            listing=a_used_thing(a_private_person()), delivered_at=datetime(2026, 11, 5, 3, 0, tzinfo=UTC)
        )
        story = intake.Story(
            category="counterfeit", wish="refund", text="不是正品。", asked=None, line_id=order.lines.get().pk
        )
        case = intake.open_complaint(
            order_id=order.pk, story=story, actor=Actor.buyer(order.subject_id), at=AT
        )
        assert case.rule_ids == ["cn.private.fraud"]
        ruling = decisions.Ruling(
            decisions.Outcome.REFUSED, Money.zero("CNY"), "查过了。", "没有证据。", ["cn.fraud"]
        )
        with pytest.raises(Invalid) as refused:
            decisions.decide(complaint_id=case.pk, ruling=ruling, actor=Actor.staff(new_id()), at=AT)
        assert refused.value.code == "rule_binds_traders"
        case.refresh_from_db()
        assert case.state == "open"


class TestWhatTheDatabaseRefuses:
    def test_new_goods_of_a_private_person_on_sale(self):
        merchant = a_private_person()
        listing = a_used_thing(merchant)
        told = attack("UPDATE catalog_listing SET category_id = 'home' WHERE id = %s", listing.pk)
        assert "listing_of_a_person_is_used" in told

    def test_a_trader_that_turns_into_a_private_person(self):
        merchant = a_private_person()
        sell(merchant, 2_000_001)
        told = attack("UPDATE merchants_merchant SET declaration = 'used' WHERE id = %s", merchant.pk)
        assert "merchant_trader_stays_a_trader" in told

    def test_a_company_that_says_it_sells_its_own_used_things(self):
        merchant = a_private_person()
        told = attack("UPDATE merchants_merchant SET kind = 'company' WHERE id = %s", merchant.pk)
        assert "merchant_of_used_things_is_a_person" in told

    @pytest.mark.parametrize("kind", ["business", "nobody"])
    def test_another_seller_in_an_order_than_was_told(self, kind):
        order = an_order(listing=a_used_thing(a_private_person()))
        attack("UPDATE orders_order SET seller_kind = %s WHERE id = %s", kind, order.pk)
        assert Order.objects.get(pk=order.pk).seller_kind == "private"
