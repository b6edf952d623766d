"""What a shop may promise on all its goods, how it joins an offer's own terms, who may not rewrite it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from catalog import promise_terms, promises, promising
from catalog.models import ShopPromise
from catalog.promise_law import NotAboveTheLaw
from catalog.publishing import publish
from evidence.models import Leaf
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants import standing
from merchants.capabilities import Capability
from orders.models import OrderLine
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_member
from tests.builders.shop_papers import a_shop_promise
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WE = Actor.system()


def keys(listing, at):
    listing.merchant.refresh_from_db()
    return promise_terms.of_shelf(listing.merchant, listing.live_revision.content, at=at)["promises"]


class TestChoosing:
    @pytest.mark.parametrize(
        ("key", "rule"),
        [
            ("return_7d", "cn.return.window"),
            ("return_5d", "cn.return.window"),
            ("dispatch_48h", "policy.silence.order_dispatch"),
            ("dispatch_72h", "policy.silence.order_dispatch"),
        ],
    )
    def test_refuses_what_holds_anyway_and_names_the_rule(self, key, rule):
        merchant = a_merchant()
        with pytest.raises(NotAboveTheLaw) as refused:
            a_shop_promise(merchant, key, at=LISTED)
        assert refused.value.params["rule"] == rule
        assert not ShopPromise.objects.exists()

    def test_lets_a_shop_promise_the_law_s_days_where_the_law_gives_none(self):
        a_shop_promise(a_merchant(), "return_7d", "fresh", at=LISTED)

    def test_refuses_a_listing_the_law_s_own_days_as_its_promise(self):
        listing = a_listing(live=False, terms={"promises": ["return_7d"]})
        with pytest.raises(NotAboveTheLaw):
            publish(listing_id=listing.pk, actor=WE, at=LISTED)
        listing.refresh_from_db()
        assert listing.live_revision is None

    @pytest.mark.parametrize(
        ("terms", "error"),
        [
            (promising.Terms("return_1000d"), "unknown_promise"),
            (promising.Terms("answer_24h", ("no-such",)), "promise_category_unknown"),
            (promising.Terms("answer_24h", (), LISTED - DAY), "promise_starts_too_early"),
        ],
    )
    def test_says_which_field_to_change(self, terms, error):
        with pytest.raises(promising.Invalid) as refused:
            promising.choose(merchant_id=a_merchant().pk, terms=terms, actor=WE, at=LISTED)
        assert refused.value.code == error and not ShopPromise.objects.exists()

    def test_once_at_a_time(self):
        merchant = a_merchant()
        a_shop_promise(merchant, at=LISTED)
        with pytest.raises(promising.AlreadyPromised):
            a_shop_promise(merchant, at=LISTED)
        assert ShopPromise.objects.count() == 1

    def test_only_while_the_shop_trades(self):
        merchant = a_merchant()
        standing.restrict(
            merchant_id=merchant.pk,
            reason="查",
            rule_id="cn.identity.register",
            actor=Actor.staff(new_id()),
            at=LISTED,
        )
        with pytest.raises(promising.ShopMayNotPromise):
            a_shop_promise(merchant, at=LISTED)
        assert not ShopPromise.objects.exists()

    def test_leaves_a_proof_each_time(self):
        row = a_shop_promise(a_merchant(), at=LISTED)
        promising.withdraw(promise_id=row.pk, merchant_id=row.merchant_id, actor=WE, at=LISTED + DAY)
        assert Leaf.objects.filter(label="catalog.promise", reference=row.pk).count() == 2


class TestWithdrawing:
    def test_holds_until_the_notice_is_over_and_then_ends(self):
        listing = a_listing()
        row = a_shop_promise(listing.merchant, at=LISTED)
        promising.withdraw(promise_id=row.pk, merchant_id=row.merchant_id, actor=WE, at=LISTED + DAY)
        row.refresh_from_db()
        assert keys(listing, row.ends_at - timedelta(seconds=1)) == ["answer_24h"]
        assert keys(listing, row.ends_at) == []

    def test_another_shop_s_is_not_there(self):
        row, other = a_shop_promise(a_merchant(), at=LISTED), a_merchant()
        with pytest.raises(NotFound):
            promising.withdraw(promise_id=row.pk, merchant_id=other.pk, actor=WE, at=LISTED)
        row.refresh_from_db()
        assert row.stands

    def test_only_once(self):
        row = a_shop_promise(a_merchant(), at=LISTED)
        promising.withdraw(promise_id=row.pk, merchant_id=row.merchant_id, actor=WE, at=LISTED)
        with pytest.raises(promising.AlreadyWithdrawn):
            promising.withdraw(promise_id=row.pk, merchant_id=row.merchant_id, actor=WE, at=LISTED + DAY)

    def test_chosen_again_it_has_the_next_version(self):
        merchant = a_merchant()
        row = a_shop_promise(merchant, at=LISTED)
        promising.withdraw(promise_id=row.pk, merchant_id=row.merchant_id, actor=WE, at=LISTED)
        assert a_shop_promise(merchant, at=LISTED + timedelta(hours=1)).version == 2
        order = an_order(listing=a_listing(merchant=merchant))
        assert [(each["key"], each["version"]) for each in order.lines.get().promises] == [("answer_24h", 2)]


class TestJoining:
    def test_of_one_kind_the_better_one_is_shown_once(self):
        listing = a_listing(terms={"promises": ["return_15d", "return_freight_paid"]})
        a_shop_promise(listing.merchant, "return_30d", at=LISTED)
        assert keys(listing, LISTED) == ["return_30d", "return_freight_paid"]

    def test_an_offer_s_own_time_to_send_stays(self):
        listing = a_listing(terms={"promises": ["dispatch_72h"]})
        a_shop_promise(listing.merchant, "dispatch_24h", at=LISTED)
        assert keys(listing, LISTED) == ["dispatch_72h"]

    def test_only_the_categories_that_were_named(self):
        listing = a_listing()
        a_shop_promise(listing.merchant, "answer_24h", "textiles", at=LISTED)
        assert keys(listing, LISTED) == []

    def test_from_its_first_instant(self):
        listing = a_listing()
        a_shop_promise(listing.merchant, at=LISTED, starts_at=LISTED + DAY)
        assert (keys(listing, LISTED), keys(listing, LISTED + DAY)) == ([], ["answer_24h"])

    def test_the_return_window_of_an_order_is_the_promised_one(self):
        listing = a_listing()
        a_shop_promise(listing.merchant, "return_30d", at=LISTED)
        order = an_order(listing=listing, delivered_at=ORDERED + DAY)
        assert order.window_ends_at - order.delivered_at > 29 * DAY

    def test_what_comes_later_changes_no_order(self):
        listing = a_listing()
        order = an_order(listing=listing)
        a_shop_promise(listing.merchant, "return_30d", at=ORDERED + DAY)
        assert OrderLine.objects.get(order=order).terms["promises"] == []


class TestBest:
    def test_takes_of_each_family_what_helps_the_buyer_most(self):
        said = ["dispatch_48h", "dispatch_24h", "price_protection_15d", "price_protection_30d", "answer_24h"]
        assert promises.best(said) == ["dispatch_24h", "price_protection_30d", "answer_24h"]

    def test_every_promise_says_who_notices(self):
        assert {each.watch for each in promises.known().values()} == set(promises.Watch)


class TestWhoMay:
    def test_members_read_but_only_the_owner_promises(self):
        merchant = a_merchant()
        member = a_member(merchant, [Capability.LISTINGS])
        page = reverse("orders:merchant-promises", args=[merchant.slug])
        assert member.client.get(page).status_code == 200
        assert member.client.post(page, {"key": "answer_24h"}).status_code == 404
        assert not ShopPromise.objects.exists()

    def test_a_refusal_stands_at_its_field(self, at):
        merchant = a_merchant()
        at(LISTED)
        page = a_member(merchant).client.post(
            reverse("orders:merchant-promises", args=[merchant.slug]), {"key": "dispatch_72h"}
        )
        assert page.status_code == 422
        assert "policy.silence.order_dispatch" in page.content.decode()


class TestTheDatabaseItselfRefuses:
    @pytest.mark.parametrize(
        "attack",
        ["UPDATE catalog_shoppromise SET key = 'dispatch_48h'", "UPDATE catalog_shoppromise SET version = 7",
         "UPDATE catalog_shoppromise SET starts_at = chosen_at - interval '1 day'",
         "DELETE FROM catalog_shoppromise",
         "UPDATE catalog_shoppromise SET ends_at = now()",
         "UPDATE catalog_shoppromise SET withdrawn_at = now(), withdrawn_by = 'x', ends_at = now()"],
    )  # fmt: skip
    def test_to_rewrite_what_was_promised(self, attack):
        row = a_shop_promise(a_merchant(), at=LISTED)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(attack)
        row.refresh_from_db()
        assert (row.key, row.version, row.stands) == ("answer_24h", 1, True)

    def test_a_second_one_of_the_same_beside_it(self):
        row = a_shop_promise(a_merchant(), at=LISTED)
        with pytest.raises(DatabaseError), transaction.atomic():
            ShopPromise.objects.create(
                merchant=row.merchant,
                key=row.key,
                version=2,
                starts_at=LISTED,
                chosen_at=LISTED,
                chosen_by="x",
            )

    def test_to_take_a_promise_out_of_an_order(self):
        listing = a_listing()
        a_shop_promise(listing.merchant, at=LISTED)
        order = an_order(listing=listing)
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute("UPDATE orders_orderline SET promises = '[]'")
        assert len(order.lines.get().promises) == 1
