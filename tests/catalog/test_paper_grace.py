"""On sale without a document that the category demands by now: told, waited for, taken down."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from catalog import paper_grace
from catalog.models import Listing, ListingMove, PaperNotice
from deadlines.models import Deadline, State
from deadlines.sweep import sweep_all
from merchants import documents
from merchants.document_kinds import DocumentKind
from notifications.models import Letter
from tests.builders.orders import drain
from tests.builders.papers import DESK, a_document
from tests.builders.people import a_member
from tests.builders.shop_papers import a_demand
from tests.builders.shops import LISTED, a_listing, a_merchant

pytestmark = pytest.mark.django_db
KIND = DocumentKind.MEDICAL_DEVICE
NIGHT = LISTED + timedelta(days=3)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def sold(shop, platform_at):
    """On sale before its category demanded anything."""
    platform_at(LISTED)
    listing = a_listing(merchant=shop, category="home")
    platform_at(NIGHT)
    return listing


@pytest.fixture
def demanded(sold):
    with a_demand(KIND, category="home", at=NIGHT):
        yield


def live(listing):
    return Listing.objects.get(pk=listing.pk).is_live


def run_to(platform_at, instant):
    platform_at(instant)
    sweep_all()
    drain(at=instant)


class TestTold:
    def test_the_shop_gets_one_letter_a_clock_and_a_page_and_goes_on_selling(self, shop, sold, demanded):
        owner = a_member(shop)
        assert paper_grace.look_through(at=NIGHT) == 1
        assert paper_grace.look_through(at=NIGHT + timedelta(hours=1)) == 0

        notice = PaperNotice.objects.get()
        assert (notice.kind, notice.duty, notice.listings) == (KIND, "cn.licence.food", 1)
        clock = Deadline.objects.get(kind="catalog.paper_grace", reference=notice.pk)
        assert (clock.due_at, clock.owner) == (notice.due_at, "merchant")
        assert notice.due_at >= NIGHT + timedelta(days=15)
        assert Letter.objects.filter(subject_id=owner.subject_id, kind="catalog.papers_missing").count() == 1
        assert live(sold)
        page = owner.client.get(f"/merchant/{shop.slug}/listings/shortfalls/").content.decode()
        assert "店铺缺一份证件" in page and f"?kind={KIND}#hand-in" in page

    def test_who_holds_the_document_hears_nothing(self, shop, sold, demanded):
        a_document(merchant=shop, kind=KIND, at=LISTED)
        assert paper_grace.look_through(at=NIGHT) == 0
        assert not PaperNotice.objects.exists()

    def test_goods_of_another_category_demand_nothing(self, sold, platform_at):
        with a_demand(KIND, category="textiles", at=NIGHT):
            assert paper_grace.look_through(at=NIGHT) == 0


class TestInTime:
    def test_checked_in_time_it_is_over_and_nothing_goes(self, shop, sold, demanded, platform_at):
        paper_grace.look_through(at=NIGHT)
        a_document(merchant=shop, kind=KIND, at=NIGHT)
        drain(at=NIGHT)
        notice = PaperNotice.objects.get()
        assert notice.ended_at == NIGHT
        assert Deadline.objects.get(reference=notice.pk).state == State.MET
        run_to(platform_at, notice.due_at)
        assert live(sold)

    def test_our_own_check_is_waited_for(self, shop, sold, demanded, platform_at):
        paper_grace.look_through(at=NIGHT)
        held = a_document(merchant=shop, kind=KIND, at=NIGHT, verified=False)
        due = PaperNotice.objects.get().due_at
        run_to(platform_at, due)
        assert live(sold) and PaperNotice.objects.get().ended_at is None

        later = due + timedelta(days=1)
        platform_at(later)
        documents.refuse(document_id=held.pk, reason="看不清", actor=DESK, at=later)
        paper_grace.look_through(at=later)
        assert not live(sold)


class TestOver:
    def test_without_it_the_goods_go_off_sale_with_reasons(self, shop, sold, demanded, platform_at):
        owner = a_member(shop)
        other = a_listing(merchant=a_merchant(), category="textiles")
        paper_grace.look_through(at=NIGHT)
        notice = PaperNotice.objects.get()
        run_to(platform_at, notice.due_at - timedelta(microseconds=1))
        assert live(sold)

        run_to(platform_at, notice.due_at)
        assert not live(sold) and live(other)
        move = ListingMove.objects.get(listing=sold, name="take_down")
        assert move.rule_id == "cn.licence.food" and "宽限期已过" in move.reason
        assert Letter.objects.filter(subject_id=owner.subject_id, kind="catalog.taken_down").count() == 1
        assert PaperNotice.objects.get().ended_at == notice.due_at


class TestDatabase:
    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ("listings = 0", "paper_notice_is_about_listings"),
            ("due_at = told_at", "paper_notice_gives_time"),
            ("ended_at = told_at - interval '1 day'", "paper_notice_ends_after_it_began"),
        ],
    )
    def test_it_refuses(self, sold, demanded, change, name):
        paper_grace.look_through(at=NIGHT)
        refused = pytest.raises(IntegrityError, match=name)
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE catalog_papernotice SET {change}")

    def test_it_refuses_a_second_one_of_the_kind(self, sold, demanded):
        paper_grace.look_through(at=NIGHT)
        refused = pytest.raises(IntegrityError, match="paper_notice_runs_once_per_kind")
        with refused, transaction.atomic():
            first = PaperNotice.objects.get()
            first.pk = None
            first.id = type(first)._meta.pk.default()
            first.save(force_insert=True)
