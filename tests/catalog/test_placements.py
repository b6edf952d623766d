"""Paid places: booked and paid, shown by the rules that the page states, refused with the rest returned."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.test import Client

from catalog import placement_figures, placements, publishing, stock
from catalog.models import Placement, PlacementDay
from catalog.placements import CategoryBarred, CategoryFull, DaysRefused, DayTaken, NotAdvertised
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.ids import new_id
from merchants import standing
from merchants.capabilities import Capability
from payments import accounts, ledger
from tests.builders.people import a_member
from tests.builders.placements import a_placement, some_money
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
BOOKED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TOMORROW = date(2026, 11, 22)
SYSTEM, DESK = Actor.system(), Actor.staff(new_id())
AD = '<span class="ad">广告</span>'


@pytest.fixture(autouse=True)
def _today(at):
    cache.clear()
    at(NOW)
    yield
    cache.clear()


@pytest.fixture
def shelf():
    """More than one page of results; what is advertised comes on top of them."""
    shop = a_merchant()
    return [a_listing(merchant=shop, title=f"竹茶盘 {number} 号") for number in range(30)]


def seen(address="/c/home/", client=None):
    return (client or Client()).get(address).content.decode()


def last_of(shelf):
    """The one that stands on the second page."""
    page = seen("/c/home/?page=2")
    return next(each for each in shelf if f'/p/{each.pk}/"' in page)


def balance(listing):
    return ledger.balance(accounts.available(listing.merchant_id)).minor


def told(listing, **changes):
    return {
        "listing": str(listing.pk), "first_day": "2026-11-22", "days": "3",
        "idempotency_key": new_id().hex, **changes,
    }  # fmt: skip


class TestBook:
    def test_from_the_portal_and_paid_from_the_balance(self):
        listing = a_listing(code="T-1")
        owner = a_member(listing.merchant)
        some_money(listing.merchant_id, "100.00")
        path = f"/merchant/{listing.merchant.slug}/placements/"
        assert "¥20.00" in seen(path, owner.client)
        form = told(listing)
        answer = owner.client.post(path, form)
        assert (answer.status_code, answer["Location"]) == (303, path)
        assert balance(listing) == 4000 and ledger.balance(accounts.FEES).minor == 6000
        assert owner.client.post(path, form).status_code == 303
        assert Placement.objects.count() == 1 and balance(listing) == 4000
        held = Placement.objects.get()
        assert (held.first_day, held.days, held.amount.minor, held.state) == (TOMORROW, 3, 6000, "booked")
        assert list(held.by_day.order_by("day").values_list("day", flat=True)) == [
            TOMORROW + timedelta(days=number) for number in range(3)
        ]

    def test_without_the_money_it_is_refused_with_what_is_left(self):
        listing = a_listing(code="T-1")
        owner = a_member(listing.merchant)
        some_money(listing.merchant_id, "59.99")
        answer = owner.client.post(f"/merchant/{listing.merchant.slug}/placements/", told(listing))
        assert answer.status_code == 422 and "59.99" in answer.content.decode()
        assert not Placement.objects.exists() and not PlacementDay.objects.exists()
        assert balance(listing) == 5999

    @pytest.mark.parametrize("needs", [Capability.LISTINGS, Capability.READ])
    def test_only_the_owner_spends(self, needs):
        listing = a_listing(code="T-1")
        member = a_member(listing.merchant, [needs])
        some_money(listing.merchant_id)
        assert (
            member.client.post(f"/merchant/{listing.merchant.slug}/placements/", told(listing)).status_code
            == 404
        )
        assert not Placement.objects.exists()

    def test_another_shops_goods_are_unknown_here(self):
        listing, other = a_listing(code="T-1"), a_listing(code="X-9")
        owner = a_member(listing.merchant)
        some_money(listing.merchant_id)
        answer = owner.client.post(f"/merchant/{listing.merchant.slug}/placements/", told(other))
        assert answer.status_code == 422 and not Placement.objects.exists()
        with pytest.raises(NotFound):
            placements.book(
                merchant_id=listing.merchant_id, listing_id=other.pk, first_day=TOMORROW, days=1,
                actor=SYSTEM, at=NOW,
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("first", "days"), [("2026-11-21", 1), ("2026-11-20", 1), ("2027-01-21", 1), ("2026-11-22", 31)]
    )
    def test_days_outside_of_the_policy(self, first, days):
        listing = a_listing()
        with pytest.raises(DaysRefused):
            a_placement(listing, first_day=date.fromisoformat(first), days=days, at=NOW)
        assert not Placement.objects.exists()

    def test_the_same_day_twice(self):
        listing = a_listing()
        a_placement(listing, days=2, at=NOW)
        before = balance(listing)
        with pytest.raises(DayTaken):
            a_placement(listing, first_day=TOMORROW + timedelta(days=1), at=NOW)
        assert Placement.objects.count() == 1 and balance(listing) == before + 100_000

    def test_goods_that_are_down_and_shops_with_limits(self):
        gone, limited = a_listing(), a_listing()
        publishing.withdraw(listing_id=gone.pk, actor=SYSTEM, at=NOW)
        standing.restrict(
            merchant_id=limited.merchant_id, reason="核查", rule_id="cn.ecommerce", actor=SYSTEM, at=NOW
        )
        for listing in (gone, limited):
            with pytest.raises(NotAdvertised):
                a_placement(listing, at=NOW)

    def test_goods_whose_advertising_an_authority_approves(self):
        with pytest.raises(CategoryBarred):
            a_placement(a_listing(category="health-food"), at=NOW)

    def test_a_full_category(self, monkeypatch):
        asked = placements.policies.value
        one = {placements.POLICY: {**asked(placements.POLICY, NOW), "places": 1}}
        monkeypatch.setattr(placements.policies, "value", lambda name, at: one.get(name) or asked(name, at))
        a_placement(a_listing(), at=NOW)
        with pytest.raises(CategoryFull):
            a_placement(a_listing(), at=NOW)
        assert a_placement(a_listing(), first_day=TOMORROW + timedelta(days=2), at=NOW)


class TestShown:
    def test_marked_in_words_one_in_eight_at_most_and_nothing_else_moves(self, shelf):
        plain = [part.split('"')[0] for part in seen().split('href="/p/')[1:]]
        paid = last_of(shelf)
        held = a_placement(paid, at=BOOKED)
        cache.clear()
        page = seen()
        assert page.count(AD) == 1 and f'href="/ad/{held.pk}/" rel="sponsored nofollow"' in page
        assert "店铺付费" in page
        assert [part.split('"')[0] for part in page.split('href="/p/')[1:]] == plain
        before = page.split(AD)[0]
        assert before.count('class="pcard__t"') == 8

    def test_twelve_bookings_still_leave_one_in_eight(self, shelf):
        shop = a_merchant()
        for number in range(6):
            a_placement(a_listing(merchant=shop, title=f"铁壶 {number} 号", stock=1), at=BOOKED)
        cache.clear()
        cards = seen("/c/home/?from=1").split('<li class="pcard')[1:25]
        paid = [number for number, card in enumerate(cards) if AD in card]
        assert len(paid) <= 3 and all(b - a >= 8 for a, b in pairwise(paid))

    @pytest.mark.parametrize(
        "address",
        [
            "/c/home/?sort=price",
            "/c/home/?sort=new",
            "/search",
            "/search?q=竹茶盘",
            "/c/home/?from=500",
            "/c/home/?grade=A",
        ],
    )
    def test_never_under_another_order_in_a_search_or_against_a_filter(self, shelf, address):
        a_placement(last_of(shelf), at=BOOKED)
        cache.clear()
        assert AD not in seen(address)

    def test_never_in_the_large_and_plain_mode(self, shelf):
        a_placement(last_of(shelf), at=BOOKED)
        cache.clear()
        browser = Client()
        browser.post("/display", {"elder": "on", "next": "/"})
        assert AD not in seen(client=browser)

    def test_never_for_goods_that_are_down_or_sold_out_or_shops_with_limits(self, shelf):
        shop = a_merchant()
        gone = a_listing(merchant=shop, title="铁壶", stock=2)
        a_placement(gone, at=BOOKED)
        stock.count(variant_id=gone.pk, on_hand=0, actor=SYSTEM, at=NOW)
        cache.clear()
        assert AD not in seen()
        stock.count(variant_id=gone.pk, on_hand=2, actor=SYSTEM, at=NOW)
        standing.restrict(merchant_id=shop.pk, reason="核查", rule_id="cn.ecommerce", actor=SYSTEM, at=NOW)
        assert AD not in seen()

    def test_only_on_its_days(self, shelf, at):
        paid = last_of(shelf)
        a_placement(paid, days=1, at=BOOKED)
        for moment, shown in ((BOOKED, 0), (NOW, 1), (NOW + timedelta(days=1), 0)):
            at(moment)
            cache.clear()
            assert seen().count(AD) == shown

    @pytest.mark.parametrize(("language", "words"), [("en", ">Ad<"), ("zh-hant", ">廣告<")])
    def test_in_the_other_languages(self, shelf, language, words):
        a_placement(last_of(shelf), at=BOOKED)
        cache.clear()
        assert words in Client().get("/c/home/", headers={"accept-language": language}).content.decode()


class TestFigures:
    def test_shown_and_followed_by_day_of_nobody(self, shelf):
        held = a_placement(last_of(shelf), at=BOOKED)
        cache.clear()
        for _ in range(3):
            seen()
        answer = Client().get(f"/ad/{held.pk}/")
        assert (answer.status_code, answer["Location"]) == (303, f"/p/{held.listing_id}/")
        assert placement_figures.collect(at=NOW) == 1
        assert placement_figures.collect(at=NOW) == 0
        day = PlacementDay.objects.get(placement=held, day=date(2026, 11, 21))
        assert (day.shown, day.followed) == (3, 1)
        owner = a_member(held.merchant)
        assert "展示 3 次，点开 1 次" in seen(f"/merchant/{held.merchant.slug}/placements/", owner.client)

    def test_an_unknown_place_is_404(self):
        assert Client().get(f"/ad/{new_id()}/").status_code == 404


class TestRefuse:
    def test_off_at_once_and_the_days_to_come_are_paid_back(self, shelf):
        listing = last_of(shelf)
        held = a_placement(listing, days=3, at=BOOKED)
        cache.clear()
        paid = balance(listing)
        placements.refuse(placement_id=held.pk, reason="图片不实", actor=DESK, at=NOW)
        assert AD not in seen()
        held.refresh_from_db()
        assert (held.state, held.reason, held.returned_minor) == ("refused", "图片不实", 4000)
        assert balance(listing) == paid + 4000
        with pytest.raises(NotFound):
            placements.refuse(placement_id=held.pk, reason="再来", actor=DESK, at=NOW)
        assert balance(listing) == paid + 4000
        owner = a_member(listing.merchant)
        said = seen(f"/merchant/{listing.merchant.slug}/placements/", owner.client)
        assert "图片不实" in said and "¥40.00" in said

    def test_without_a_reason_nothing_happens(self):
        held = a_placement(a_listing(), at=NOW)
        with pytest.raises(placements.RefusalUnexplained):
            placements.refuse(placement_id=held.pk, reason=" ", actor=DESK, at=NOW)
        held.refresh_from_db()
        assert held.state == "booked"
