"""A number that a checked document bears is vouched for while it counts and no register denies it."""

from datetime import UTC, date, datetime

import pytest

from catalog.schemas_by_version import schema_at
from kernel.actor import Actor
from merchants import document_numbers, documents
from merchants.document_kinds import DocumentKind
from merchants.models import Check, Document
from tests.builders.brands import a_brand_claim, newest
from tests.builders.papers import DESK, a_document
from tests.builders.shops import a_complete_draft, a_listing, a_merchant
from tests.catalog.test_vouching import PLATFORM, cell
from web import kept_pages

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
LICENCE, LAST_DAY = "SC10111010100001", date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _an_empty_drawer():
    kept_pages.pages.empty()


@pytest.fixture
def listing():
    return of(a_merchant())


def of(shop, **stated):
    draft = a_complete_draft("food", title="龙井 250 g")
    facts = {**draft["attributes"], "production_licence": "SC 1011-1010-100001", **stated}
    return a_listing(merchant=shop, category="food", title="龙井 250 g", attributes=facts)


def a_licence(shop, **changes):
    said = {"number": LICENCE, "valid_until": LAST_DAY, **changes}
    return a_document(merchant=shop, at=NOW, kind=DocumentKind.FOOD_PRODUCTION, **said)


class TestADocument:
    def test_stands_behind_the_number_that_it_bears_however_it_is_written(self, listing):
        assert PLATFORM not in cell(listing, "production_licence")
        a_licence(listing.merchant)
        said = cell(listing, "production_licence")
        assert PLATFORM in said
        assert "食品生产许可证" in said
        assert "市场监督管理局" in said
        assert "2026-11-16" in said

    def test_of_another_number_another_kind_another_shop_or_unchecked_stands_behind_nothing(self, listing):
        a_licence(listing.merchant, number="SC10111010100002")
        a_licence(listing.merchant, verified=False)
        a_licence(a_merchant())
        a_document(merchant=listing.merchant, at=NOW, kind=DocumentKind.FOOD_BUSINESS, number=LICENCE)
        assert PLATFORM not in cell(listing, "production_licence")

    def test_ends_with_its_last_day_and_nobody_has_to_sweep(self, listing):
        a_licence(listing.merchant)
        assert PLATFORM in cell(listing, "production_licence", datetime(2026, 12, 31, 15, 59, tzinfo=UTC))
        assert PLATFORM not in cell(listing, "production_licence", datetime(2026, 12, 31, 16, 1, tzinfo=UTC))

    @pytest.mark.parametrize("how", ["withdraw", "refuse"])
    def test_taken_back_or_found_wrong_it_is_gone_at_once(self, listing, how):
        held = a_licence(listing.merchant)
        assert PLATFORM in cell(listing, "production_licence", NOW)
        if how == "withdraw":
            documents.withdraw(
                document_id=held.pk, merchant_id=listing.merchant_id, actor=Actor.system(), at=NOW
            )
        else:
            documents.refuse(document_id=held.pk, reason="不是本店的证", actor=DESK, at=NOW)
        assert PLATFORM not in cell(listing, "production_licence", NOW)


class TestARegister:
    def answer(self, held, result):
        made = Check(
            merchant=held.merchant,
            subject_id=held.subject_id,
            what="licence",
            kind=held.kind,
            verifier="sandbox",
            result=result,
            at=NOW,
        )
        made.masked = "****0001"
        made.save(force_insert=True)

    def test_that_agrees_is_named_and_one_that_denies_takes_it_away(self, listing):
        held = a_licence(listing.merchant)
        self.answer(held, Check.Result.MATCHED)
        assert "登记簿一致" in cell(listing, "production_licence")
        self.answer(held, Check.Result.UNAVAILABLE)
        assert PLATFORM in cell(listing, "production_licence")
        self.answer(held, Check.Result.ENDED)
        assert PLATFORM not in cell(listing, "production_licence")

    def test_is_not_said_to_agree_where_it_may_have_been_asked_about_another(self, listing):
        held = a_licence(listing.merchant)
        a_licence(listing.merchant, number="SC10111010100002")
        self.answer(held, Check.Result.MATCHED)
        said = cell(listing, "production_licence")
        assert PLATFORM in said
        assert "登记簿一致" not in said


class TestATrademark:
    def test_stands_behind_the_brand_while_the_chain_holds(self):
        shop = a_merchant()
        listing = of(shop, brand="清川")
        assert "brand" in schema_at("food", listing.live_revision.content["schema_version"]).by_key
        assert PLATFORM not in cell(listing, "brand")
        claim = a_brand_claim(shop, at=NOW)
        said = cell(listing, "brand")
        assert PLATFORM in said
        assert "商标注册证" in said
        paper = newest(claim.links.get(position=1))
        documents.withdraw(document_id=paper.pk, merchant_id=shop.pk, actor=Actor.system(), at=NOW)
        assert PLATFORM not in cell(listing, "brand")


def test_documents_from_before_get_their_digest(listing):
    held = a_licence(listing.merchant)
    Document.objects.filter(pk=held.pk).update(number_digest="")
    assert PLATFORM not in cell(listing, "production_licence")
    assert document_numbers.index_missing(limit=10) == 1
    assert document_numbers.index_missing(limit=10) == 0
    assert PLATFORM in cell(listing, "production_licence")
