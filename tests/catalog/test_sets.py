"""Sets: put together from what is on sale, never dearer than alone, frozen revision by revision."""

from datetime import UTC, datetime, timedelta

import pytest

from catalog import publishing, set_offers, set_saving, sets, stock, suspension, variants
from catalog.models import Listing, SetMember, SetRevision, ShopSet
from kernel.actor import Actor
from tests.builders.prices import a_deal, published
from tests.builders.sets import a_set, teaware, written
from tests.builders.shops import LISTED, a_listing, a_merchant
from tests.builders.variants import a_listing_with_variants, variant_id

pytestmark = pytest.mark.django_db
LATER = LISTED + timedelta(days=9)
REASON = "涉嫌虚假宣传"


def actor_of(listing):
    return Actor.member(listing.pk, listing.merchant_id)


def put(pot, *members, price="70.00", at=LISTED, **more):
    told = written(members, price, **more)
    return sets.put_together(merchant_id=pot.merchant_id, written=told, actor=actor_of(pot), at=at)


def standing(shop_set):
    row = ShopSet.objects.select_related("live_revision", "merchant").get(pk=shop_set.pk)
    ids = [each["listing"] for each in row.live_revision.members]
    return set_offers.standing(row, Listing.objects.with_offer().in_bulk(ids))


class TestPutTogether:
    def test_freezes_name_members_and_price(self):
        pot, cup = teaware()
        shop_set = put(pot, (pot.pk, 1), (cup.pk, 2), price="110.00")
        revision = shop_set.live_revision
        assert (revision.number, revision.price_minor) == (1, 11000)
        assert revision.content == {
            "title": {"zh-hans": "茶席两件套"},
            "members": [
                {"listing": str(pot.pk), "variant": str(pot.pk), "quantity": 1},
                {"listing": str(cup.pk), "variant": str(cup.pk), "quantity": 2},
            ],
        }
        assert shop_set.is_on_sale and len(bytes(revision.commitment)) == 32
        assert SetMember.objects.filter(revision=revision).count() == 2

    def test_takes_one_variant_of_several(self):
        listing, cup = a_listing_with_variants(), None
        cup = a_listing(merchant=listing.merchant, title="青瓷品茗杯", price="20.00")
        white = variant_id(listing, "white_small")
        offer = standing(put(cup, (white, 2), (cup.pk, 1), price="90.00"))
        assert (offer.alone.minor, offer.problem) == (9800, "")

    @pytest.mark.parametrize(
        ("members", "price", "refusal", "field"),
        [
            ([("pot", 1)], "70.00", sets.SetTooSmall, "m1-variant"),
            ([("pot", 1), ("pot", 2)], "70.00", sets.MemberTwice, "m1-variant"),
            ([("pot", 1), ("cup", 0)], "70.00", sets.MemberQuantityRefused, "m1-quantity"),
            ([("pot", 1), ("cup", 100)], "70.00", sets.MemberQuantityRefused, "m1-quantity"),
            ([("pot", 1), ("cup", 1)], "0.00", sets.SetPriceRefused, "price"),
            ([("pot", 1), ("cup", 1)], "100.01", sets.SetDearer, "price"),
            ([("pot", 1), ("theirs", 1)], "70.00", sets.MemberNotOnSale, "m1-variant"),
            ([("pot", 1), ("draft", 1)], "70.00", sets.MemberNotOnSale, "m1-variant"),
        ],
        ids=["one", "twice", "none of it", "too many of it", "free", "dearer", "theirs", "draft"],
    )
    def test_refuses_and_writes_nothing(self, members, price, refusal, field):
        pot, cup = teaware()
        known = {"pot": pot, "cup": cup, "theirs": a_listing()}
        known["draft"] = a_listing(merchant=pot.merchant, live=False, title="竹茶则")
        with pytest.raises(refusal) as refused:
            put(pot, *((known[name].pk, number) for name, number in members), price=price)
        assert refused.value.params["field"] == field
        assert not ShopSet.objects.exists() and not SetRevision.objects.exists()

    def test_may_cost_exactly_the_sum(self):
        pot, cup = teaware()
        assert put(pot, (pot.pk, 1), (cup.pk, 1), price="100.00").live_revision.price_minor == 10000

    def test_no_more_than_twelve_different_things(self):
        pot, _cup = teaware()
        many = [(a_listing(merchant=pot.merchant, title=f"竹茶盘 {n} 号").pk, 1) for n in range(13)]
        with pytest.raises(sets.SetTooLarge):
            put(pot, *many)

    @pytest.mark.parametrize(
        "name", ["", " ", "茶" * 61, "全网最低价套装"], ids=["none", "blank", "long", "absolute"]
    )
    def test_a_name_that_can_t_stand(self, name):
        pot, cup = teaware()
        with pytest.raises((sets.SetNameRefused, sets.SetNameWording)) as refused:
            put(pot, (pot.pk, 1), (cup.pk, 1), name=name)
        assert refused.value.params["field"] == "title_zh-hans" and not ShopSet.objects.exists()


class TestChange:
    def test_makes_a_new_revision_and_keeps_the_old(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        told = written([(pot.pk, 1), (cup.pk, 3)], "120.00")
        sets.change(set_id=shop_set.pk, written=told, actor=actor_of(pot), at=LATER)
        first, second = SetRevision.objects.order_by("number")
        assert (first.price_minor, second.price_minor, second.number) == (7000, 12000, 2)
        assert ShopSet.objects.get().live_revision_id == second.pk

    def test_nothing_changed_is_said(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        with pytest.raises(sets.SetNothingChanged):
            told = written([(pot.pk, 1), (cup.pk, 1)])
            sets.change(set_id=shop_set.pk, written=told, actor=actor_of(pot), at=LATER)
        assert SetRevision.objects.count() == 1

    def test_withdrawn_it_isn_t_sold_and_comes_back_as_it_was(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        sets.withdraw(set_id=shop_set.pk, actor=actor_of(pot), at=LATER)
        assert standing(shop_set).problem == "withdrawn"
        with pytest.raises(sets.SetWithdrawn):
            sets.withdraw(set_id=shop_set.pk, actor=actor_of(pot), at=LATER)
        told = written([(pot.pk, 1), (cup.pk, 1)])
        sets.change(set_id=shop_set.pk, written=told, actor=actor_of(pot), at=LATER)
        assert standing(shop_set).problem == ""


class TestStanding:
    def test_lasts_as_long_as_the_scarcest_member(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup, quantities=(1, 3), price="120.00")
        assert standing(shop_set).available == 3
        stock.count(variant_id=cup.pk, on_hand=2, actor=actor_of(cup), at=LATER)
        offer = standing(shop_set)
        assert (offer.available, offer.problem) == (0, "sold_out")

    def test_a_member_off_sale_stops_it(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        publishing.withdraw(listing_id=cup.pk, actor=actor_of(cup), at=LATER)
        assert (standing(shop_set).problem, standing(shop_set).available) == ("member_away", 0)

    def test_a_suspended_member_stops_it(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup)
        suspension.suspend(
            listing_id=pot.pk, reason=REASON, rule_id="cn.ad.truth", actor=Actor.system(), at=LATER
        )
        assert standing(shop_set).problem == "member_away"

    def test_a_retired_variant_stops_it(self):
        listing = a_listing_with_variants()
        cup = a_listing(merchant=listing.merchant, title="青瓷品茗杯", price="20.00")
        white = variant_id(listing, "white_small")
        shop_set = put(cup, (white, 1), (cup.pk, 1), price="50.00")
        variants.retire(variant_id=white, actor=actor_of(cup), at=LATER)
        assert standing(shop_set).problem == "member_away"

    def test_a_member_that_became_cheaper_than_the_set_allows_stops_it(self):
        pot, cup = teaware()
        shop_set = a_set(pot, cup, price="95.00")
        published(pot, at=LATER, price_minor=7000)
        assert standing(shop_set).problem == "set_dearer"


class TestSaving:
    at = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)

    def sold(self, *listings, price, at=None):
        for listing in listings:
            a_deal(listing, price, at=at or self.at - timedelta(days=2))

    def test_is_reckoned_from_what_the_members_cost_now(self):
        pot, cup = teaware()
        self.sold(pot, price="80.00"), self.sold(cup, price="20.00")
        saving = set_saving.of(standing(a_set(pot, cup)), at=self.at)
        assert (saving.against.minor, saving.saved.minor) == (10000, 3000)

    def test_a_price_raised_for_the_set_saves_nobody_anything(self):
        pot, cup = teaware()
        self.sold(pot, price="80.00"), self.sold(cup, price="20.00")
        published(pot, at=self.at - timedelta(hours=1), price_minor=20000)
        saving = set_saving.of(standing(a_set(pot, cup)), at=self.at)
        assert (saving.against.minor, saving.saved.minor) == (10000, 3000)

    def test_what_was_never_sold_alone_gives_no_sum(self):
        pot, cup = teaware()
        self.sold(pot, price="80.00")
        assert set_saving.of(standing(a_set(pot, cup)), at=self.at) is None

    def test_a_member_reduced_since_counts_as_it_costs_now(self):
        pot, cup = teaware()
        self.sold(pot, price="80.00"), self.sold(cup, price="20.00")
        shop_set = a_set(pot, cup)
        published(pot, at=self.at - timedelta(hours=1), price_minor=6000)
        assert set_saving.of(standing(shop_set), at=self.at).saved.minor == 1000

    @pytest.mark.parametrize(("was", "passes"), [("100.00", True), ("100.01", False), ("199.00", False)])
    def test_a_sum_that_is_claimed_has_to_be_true(self, was, passes):
        pot, cup = teaware()
        self.sold(pot, price="80.00"), self.sold(cup, price="20.00")
        if passes:
            assert put(pot, (pot.pk, 1), (cup.pk, 1), was=was, at=self.at).is_on_sale
            return
        with pytest.raises(set_saving.SumMadeUp) as refused:
            put(pot, (pot.pk, 1), (cup.pk, 1), was=was, at=self.at)
        assert refused.value.params["permitted_minor"] == 10000 and not ShopSet.objects.exists()


@pytest.mark.parametrize(
    ("price", "alone", "shares"),
    [
        (7000, [8000, 2000], [5600, 1400]),
        (10000, [3333, 3333, 3334], [3333, 3333, 3334]),
        (100, [100, 100, 100], [34, 33, 33]),
        (1, [5000, 9000], [0, 1]),
    ],
)
def test_the_price_is_split_to_the_last_fen(price, alone, shares):
    assert set_offers.shares(price, alone) == shares
    assert sum(shares) == price and all(a <= b for a, b in zip(shares, alone, strict=True))


def test_a_shop_that_may_not_publish_sells_no_sets():
    pot, cup = teaware()
    type(pot.merchant).objects.filter(pk=pot.merchant_id).update(state="restricted")
    with pytest.raises(publishing.ShopMayNotPublish):
        put(pot, (pot.pk, 1), (cup.pk, 1))
    assert not ShopSet.objects.exists()


def test_another_shop_s_set_isn_t_there():
    assert a_set().merchant_id != a_merchant().pk
