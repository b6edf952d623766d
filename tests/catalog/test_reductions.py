"""A price crossed out: only above real deals, only for its days, and gone when its basis is gone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import deals, drafting, pricing, publishing, reductions
from catalog.models import Deal, Listing, ListingRevision, Reduction, Variant
from catalog.publishing import ListingIncomplete
from catalog.reduction_terms import ReductionRefused
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.money import Money
from notifications.models import Letter
from outbox.models import Message
from tests.builders.orders import drain
from tests.builders.people import a_member
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.shops import a_listing
from tests.builders.variants import a_listing_with_variants

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
# 16 November 2026, 10:00 in China.
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
END = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
CLAIM = a_claim("99.00", until="2026-11-23")


@pytest.fixture
def pot() -> Listing:
    """On sale for 99.00 since 2 November, sold once four days ago."""
    listing = a_listing(price="99.00")
    a_deal(listing, "99.00", at=NOW - 4 * DAY)
    return listing


def the_reduction(listing):
    return Reduction.objects.get(listing=listing)


def refusal(listing, at=NOW, **changes):
    with pytest.raises(ListingIncomplete) as refused, transaction.atomic():
        published(listing, at=at, **changes)
    assert not Reduction.objects.exists()
    assert ListingRevision.objects.filter(listing=listing).count() == 1
    return refused.value.params["gaps"]


class TestPublish:
    def test_an_honest_reduction_runs_at_once_and_names_its_basis(self, pot):
        revision = published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        row = the_reduction(pot)
        assert (row.state, row.was_minor, row.price_minor, row.ceiling_minor) == ("running", 9900, 7900, 9900)
        assert (row.basis, row.basis_at, row.rule_id) == (
            "lowest_deal",
            NOW - 4 * DAY,
            "cn.price.reference",
        )
        assert (row.looks_from, row.looks_until) == (NOW - 7 * DAY, NOW)
        assert (row.starts_at, row.ends_at) == (NOW, END)
        assert revision.content["reduction"] == CLAIM
        assert reductions.running([pot.pk], at=NOW) == {pot.pk: [row]}

    def test_one_fen_too_much_is_refused_with_what_would_do(self, pot):
        claim = a_claim("99.01", until="2026-11-23")
        (gap,) = refusal(pot, price_minor=7900, reduction=claim)
        assert gap == {
            "field": "reduction",
            "label": "划线价",
            "duty": "cn.price.reference",
            "permitted_minor": 9900,
        }

    def test_the_freight_counts_on_both_sides(self):
        listing = a_listing(price="90.00", freight="9.00")
        a_deal(listing, "99.00", at=NOW - DAY)
        changes = {"price_minor": 9800, "freight_minor": 100}
        refusal(listing, **changes, reduction=CLAIM)
        published(listing, at=NOW, price_minor=9800, freight_minor=0, reduction=CLAIM)
        assert the_reduction(listing).price_minor == 9800

    @pytest.mark.parametrize(
        ("ago", "permitted"),
        [(7 * DAY, 5000), (7 * DAY + SECOND, 9900), (SECOND, 5000), (timedelta(0), 9900)],
    )
    def test_the_period_s_first_and_last_second(self, pot, ago, permitted):
        a_deal(pot, "50.00", at=NOW - ago)
        (gap,) = refusal(pot, price_minor=4000, reduction=a_claim("99.01", until="2026-11-23"))
        assert gap["permitted_minor"] == permitted

    def test_without_any_deal_there_is_none(self):
        listing = a_listing(price="99.00")
        (gap,) = refusal(listing, price_minor=7900, reduction=CLAIM)
        assert "permitted_minor" not in gap

    def test_raised_the_day_before(self, pot):
        published(pot, at=NOW - DAY, price_minor=19900)
        for each in Deal.objects.all():
            deals.void([each.reference], cause="cancelled", at=NOW - DAY)
        a_deal(pot, "199.00", at=NOW - DAY + SECOND)
        with pytest.raises(ListingIncomplete) as refused:
            published(pot, at=NOW, price_minor=9900, reduction=a_claim("199.00", until="2026-11-23"))
        (gap,) = refused.value.params["gaps"]
        assert (gap["duty"], gap["permitted_minor"]) == ("cn.price.raise_then_cut", 9900)

    def test_what_was_cancelled_or_returned_does_not_count(self, pot):
        dear = a_deal(pot, "150.00", at=NOW - 2 * DAY)
        deals.void([*Deal.objects.exclude(reference=dear).values_list("reference", flat=True)],
                   cause="returned", at=NOW - DAY)  # fmt: skip
        published(pot, at=NOW, price_minor=7900, reduction=a_claim("150.00", until="2026-11-23"))
        assert the_reduction(pot).ceiling_minor == 15000

    @pytest.mark.parametrize(
        ("claim", "price"),
        [
            (a_claim("99.00", until=""), 7900),
            (a_claim("99.00", until="2026-11-15"), 7900),
            (a_claim("99.00", until="2026-12-17"), 7900),
            (a_claim("99.00", since="2026-11-20", until="2026-11-19"), 7900),
            (a_claim("99.00", until="2026-11-23"), 9900),
        ],
        ids=["no end", "over", "too long", "ends before it starts", "no reduction"],
    )
    def test_what_is_no_reduction_is_refused(self, pot, claim, price):
        (gap,) = refusal(pot, price_minor=price, title={"zh-hans": "急须"}, reduction=claim)
        assert gap["field"] == "reduction"

    @pytest.mark.parametrize(
        "claim",
        [
            {**CLAIM, "was_minor": "9900"},
            {**CLAIM, "was_minor": -1},
            {**CLAIM, "was_minor": True},
            {**CLAIM, "basis": "recommended"},
            {**CLAIM, "until": "2026-02-30"},
            {**CLAIM, "from": "2026-11-20T10:00"},
            [9900],
        ],
    )
    def test_a_draft_takes_no_claim_that_can_t_be_read(self, pot, claim):
        with pytest.raises(ReductionRefused):
            drafting.edit_draft(listing_id=pot.pk, changes={"reduction": claim}, actor=Actor.system(), at=NOW)
        pot.refresh_from_db()
        assert "reduction" not in pot.draft


class TestGoesOn:
    def test_other_words_leave_it_as_it_began(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        a_deal(pot, "79.00", at=NOW + DAY)
        published(pot, at=NOW + 2 * DAY, title={"zh-hans": "新标题"})
        assert (the_reduction(pot).state, the_reduction(pot).starts_at) == ("running", NOW)

    def test_another_price_or_a_later_end_is_a_new_one_on_new_deals(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        a_deal(pot, "79.00", at=NOW + DAY)
        for changes in ({"price_minor": 6900}, {"reduction": a_claim("99.00", until="2026-11-30")}):
            with pytest.raises(ListingIncomplete), transaction.atomic():
                published(pot, at=NOW + 2 * DAY, **changes)
        published(pot, at=NOW + 2 * DAY, price_minor=6900, reduction=a_claim("79.00", until="2026-11-30"))
        first, second = Reduction.objects.order_by("announced_at")
        assert (first.state, first.ended_why, second.was_minor) == ("ended", "replaced", 7900)

    def test_off_sale_it_ends_and_on_sale_again_it_is_checked_anew(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        a_deal(pot, "79.00", at=NOW + DAY)
        publishing.withdraw(listing_id=pot.pk, actor=Actor.system(), at=NOW + DAY)
        assert the_reduction(pot).ended_why == "withdrawn"
        with pytest.raises(ListingIncomplete):
            publishing.publish(listing_id=pot.pk, actor=Actor.system(), at=NOW + 2 * DAY)


class TestEndsByItself:
    def test_at_its_end_before_any_sweep(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        assert reductions.running([pot.pk], at=END - SECOND)
        assert not reductions.running([pot.pk], at=END)
        assert reductions.sweep(at=END) == 1
        assert (the_reduction(pot).ended_why, the_reduction(pot).ended_at) == ("over", END)
        assert reductions.sweep(at=END) == 0

    def test_when_its_only_deal_is_cancelled(self, pot):
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        deals.void([Deal.objects.get().reference], cause="cancelled", at=NOW + DAY)
        assert (the_reduction(pot).ended_why, the_reduction(pot).ended_at) == ("basis_lost", NOW + DAY)
        assert Message.objects.filter(name="catalog.ReductionEnded").count() == 1

    def test_the_shop_is_told_once(self, pot):
        owner = a_member(pot.merchant, at=NOW)
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        deals.void([Deal.objects.get().reference], cause="cancelled", at=NOW + DAY)
        drain(at=NOW + DAY)
        letters = Letter.objects.filter(kind="catalog.reduction_ended", subject_id=owner.subject_id)
        assert letters.count() == 1

    def test_while_another_deal_carries_it_it_stays(self, pot):
        a_deal(pot, "120.00", at=NOW - DAY)
        published(pot, at=NOW, price_minor=7900, reduction=CLAIM)
        deals.void([Deal.objects.get(price_minor=9900).reference], cause="returned", at=NOW + DAY)
        assert the_reduction(pot).state == "running"

    def test_announced_for_later_it_waits_and_is_checked_on_its_day(self, pot):
        claim = a_claim("99.00", since="2026-11-18", until="2026-11-23")
        published(pot, at=NOW, price_minor=7900, reduction=claim)
        assert (the_reduction(pot).state, reductions.running([pot.pk], at=NOW)) == ("waiting", {})
        start = datetime(2026, 11, 17, 16, 0, tzinfo=UTC)
        assert the_reduction(pot).starts_at == start
        reductions.sweep(at=start)
        row = the_reduction(pot)
        assert (row.state, row.looks_until) == ("running", start)

    def test_sold_lower_while_it_waited_it_never_starts(self, pot):
        claim = a_claim("99.00", since="2026-11-18", until="2026-11-23")
        published(pot, at=NOW, price_minor=7900, reduction=claim)
        a_deal(pot, "79.00", at=NOW + SECOND)
        reductions.sweep(at=datetime(2026, 11, 17, 16, 0, tzinfo=UTC))
        assert the_reduction(pot).ended_why == "basis_lost"


def test_noting_the_same_line_twice_is_one_deal(pot):
    sale = deals.Sale(pot.pk, pot.pk, Deal.objects.get().reference, Money.parse("1.00"))
    deals.note([sale], at=NOW)
    assert [deal.price_minor for deal in Deal.objects.all()] == [9900]


class TestVariants:
    """The card shows the cheapest variant's price, so the claim is about that one and its own deals."""

    @pytest.fixture
    def two(self):
        return a_listing_with_variants()

    def test_the_deals_of_the_cheapest_variant_count(self, two):
        shown = pricing.headline(two.live_revision.content, two.pk)
        other = Variant.objects.of_listing(two.pk).exclude(pk=shown.variant_id)[0]
        a_deal(two, "900.00", at=NOW - DAY, variant_id=other.pk)
        claim = a_claim("900.00", until="2026-11-23")
        with pytest.raises(ListingIncomplete), transaction.atomic():
            published(two, at=NOW, reduction=claim)
        a_deal(two, "900.00", at=NOW - DAY, variant_id=shown.variant_id)
        published(two, at=NOW, reduction=claim)
        assert (the_reduction(two).variant_id, the_reduction(two).price_minor) == (
            shown.variant_id,
            shown.price.minor,
        )

    def test_a_deal_names_a_variant_of_its_own_listing(self, two):
        a_deal(two, "9.00", at=NOW, variant_id=new_id())
        with pytest.raises(IntegrityError, match="deal_of_its_own_variant"), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
