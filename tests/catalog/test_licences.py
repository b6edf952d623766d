"""What a shop must hold to sell something: without it nothing goes on sale, whichever way it comes in."""

import io
import json

import pytest

from accounts import tokens
from accounts.token_scopes import Scope
from catalog import reviewing, submitting
from catalog.categories import schema_files
from catalog.importing.running import run
from catalog.models import Listing, ListingMove, ListingRevision
from catalog.publishing import ListingIncomplete
from catalog.schema import read
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import documents
from merchants.capabilities import Capability
from merchants.models import Document
from notifications.models import Letter
from tests.builders.examples import KINDS, example
from tests.builders.orders import drain
from tests.builders.papers import a_document
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import LISTED, a_listing, a_merchant, papers_for
from tests.builders.submissions import passed
from tests.catalog.test_every_field import a_file, stays_a_draft

pytestmark = pytest.mark.django_db
SCHEMAS = {each["slug"]: read(each) for each in schema_files()}


def licences(kind):
    shown = example(kind)
    return SCHEMAS[shown.category].licences_for(shown.complete["attributes"])


LICENSED = [kind for kind in KINDS if licences(kind)]


@pytest.fixture(autouse=True)
def _listed(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def a_draft(shop, kind, *, papers=False):
    shown = example(kind)
    return a_listing(
        merchant=shop, category=shown.category, live=False, stock=3, papers=papers, **shown.complete
    )


def where(shop, licence):
    return f"/merchant/{shop.slug}/documents/?kind={licence.kind}#hand-in"


def take_back(shop):
    """Every document of the shop."""
    for each in Document.objects.filter(merchant=shop, state="verified"):
        documents.withdraw(document_id=each.pk, merchant_id=shop.pk, actor=Actor.system(), at=LISTED)


def publish(owner, shop, listing):
    return owner.client.post(f"/merchant/{shop.slug}/listings/{listing.pk}/publication")


def test_every_category_that_demands_a_document_has_an_example():
    demanding = {slug for slug, schema in SCHEMAS.items() if schema.licences}
    assert LICENSED == ["books-media", "cross-border", "food", "health-food"]
    assert (
        demanding >= {example(kind).category for kind in LICENSED} >= {"books-media", "food", "health-food"}
    )


class TestForm:
    @pytest.mark.parametrize("kind", LICENSED)
    def test_without_the_document_nothing_goes_on_sale(self, shop, owner, kind):
        listing = a_draft(shop, kind, papers=True)
        take_back(shop)
        answer = publish(owner, shop, listing)
        assert answer.status_code == 422
        gaps = answer.context["completeness"]["gaps"]
        assert [gap["anchor"] for gap in gaps] == [where(shop, each) for each in licences(kind)]
        assert {gap["problem"] for gap in gaps} == {
            "店铺没有核对过、有效的这份证件，请到“证照和文件”里提交。"
        }
        assert all(gap["anchor"] in answer.content.decode() for gap in gaps)
        stays_a_draft(listing)

    @pytest.mark.parametrize("kind", LICENSED)
    def test_with_it_again_it_does(self, shop, owner, kind):
        listing = a_draft(shop, kind)
        assert publish(owner, shop, listing).status_code == 422
        papers_for(shop, listing.category_id, listing.draft)
        assert publish(owner, shop, listing).status_code == 303
        passed(listing)
        assert listing.is_live

    def test_handed_in_is_not_yet_checked(self, shop, owner):
        listing = a_draft(shop, "food")
        a_document(merchant=shop, at=LISTED, verified=False)
        assert publish(owner, shop, listing).status_code == 422
        stays_a_draft(listing)

    def test_another_shop_s_document_is_none(self, shop, owner):
        listing = a_draft(shop, "food")
        a_document(merchant=a_merchant(), at=LISTED)
        assert publish(owner, shop, listing).status_code == 422
        stays_a_draft(listing)

    def test_who_may_not_hand_it_in_reads_who_may(self, shop):
        helper = a_member(shop, [Capability.LISTINGS])
        answer = helper.client.get(f"/merchant/{shop.slug}/listings/{a_draft(shop, 'food').pk}/")
        (gap,) = answer.context["completeness"]["gaps"]
        assert gap["anchor"] == "#s-papers"
        assert "由店主在“证照和文件”里提交。" in answer.content.decode()

    def test_the_editor_says_until_when_it_is_held(self, shop, owner):
        listing = a_draft(shop, "food", papers=True)
        answer = owner.client.get(f"/merchant/{shop.slug}/listings/{listing.pk}/")
        (row,) = answer.context["papers"]
        assert (row["held"], str(row["until"]), row["name"]) == (True, "2028-06-30", "食品经营许可或备案")
        shown = answer.context["completeness"]
        assert (shown["complete"], shown["stated"]) == (True, shown["owed"])

    def test_the_list_and_the_overview_count_it(self, shop, owner):
        a_draft(shop, "food")
        rows = owner.client.get(f"/merchant/{shop.slug}/listings/").context["rows"]
        assert [row["gaps"] for row in rows] == [1]
        (row,) = owner.client.get(f"/merchant/{shop.slug}/listings/shortfalls/").context["rows"]
        assert [gap["label"] for gap in row["gaps"]] == ["食品经营许可或备案"]


@pytest.mark.parametrize("kind", LICENSED)
def test_a_file_leaves_a_draft_and_names_document_and_duty(shop, kind):
    shown, seen = example(kind), []
    file = a_file(SCHEMAS[shown.category], shown, [])
    run(file, merchant=shop, actor=Actor.system(), at=LISTED, report=seen.append)
    lacks = tuple((f"papers.{each.kind}", each.duty) for each in licences(kind))
    assert (seen[0].result, seen[0].gaps) == ("draft", lacks)
    stays_a_draft(Listing.objects.get(code=seen[0].code))
    papers_for(shop, shown.category, shown.complete)
    again = []
    run(io.BytesIO(file.getvalue()), merchant=shop, actor=Actor.system(), at=LISTED, report=again.append)
    assert again[0].result in ("published", "waiting") and not again[0].gaps


@pytest.mark.parametrize("kind", LICENSED)
def test_a_program_reads_document_duty_and_where(shop, owner, kind):
    listing = a_draft(shop, kind)
    scopes = [Scope.LISTINGS_READ, Scope.LISTINGS_WRITE]
    issued = tokens.issue(
        subject_id=owner.subject_id, merchant_id=shop.pk, scopes=scopes, days=30, actor=owner.actor, at=LISTED
    )
    answer = a_visitor().client.post(
        f"/api/v1/merchant/{shop.slug}/listings/{listing.pk}/publication/",
        json.dumps({}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {issued[1]}",
        HTTP_IDEMPOTENCY_KEY="publish-it-1",
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "listing_incomplete")
    said = [(gap["field"], gap["duty"], gap["where"]) for gap in answer.json()["details"]["gaps"]]
    assert said == [(f"papers.{each.kind}", each.duty, where(shop, each)) for each in licences(kind)]
    stays_a_draft(listing)


def test_lost_while_a_person_reads_it_is_not_published(shop):
    listing = a_draft(shop, "health-food", papers=True)
    waiting = submitting.submit(listing_id=listing.pk, actor=Actor.member(new_id(), shop.pk), at=LISTED)
    assert waiting.state == "waiting"
    take_back(shop)
    with pytest.raises(ListingIncomplete) as refused:
        reviewing.approve(submission_id=waiting.pk, actor=Actor.staff(new_id()), at=LISTED)
    assert [gap.field for gap in refused.value.gaps] == ["papers.food_business"]
    waiting.refresh_from_db()
    assert waiting.state == "waiting"
    stays_a_draft(listing)


class TestTheDocumentEnds:
    @pytest.mark.parametrize("ends", ["withdrawn", "expired", "revoked"])
    def test_off_sale_with_reasons_and_back_by_the_shop_alone(self, shop, owner, ends):
        listing, other = a_listing(merchant=shop, category="food"), a_listing(merchant=shop)
        held = Document.objects.get(merchant=shop, kind="food_business")
        self._end(held, ends)
        drain(at=LISTED)
        listing.refresh_from_db()
        other.refresh_from_db()
        assert (listing.state, other.state) == ("withdrawn", "live")
        move = ListingMove.objects.get(listing=listing, name="take_down")
        assert move.rule_id == "cn.licence.food"
        assert move.reason == "店铺不再有卖它所需的有效证件：食品经营许可或备案。"
        assert Letter.objects.filter(subject_id=owner.subject_id, kind="catalog.taken_down").count() == 1

        assert publish(owner, shop, listing).status_code == 422
        assert ListingRevision.objects.filter(listing=listing).count() == 1
        a_document(merchant=shop, at=LISTED)
        assert publish(owner, shop, listing).status_code == 303
        listing.refresh_from_db()
        # Its words were read before: nobody has to read them again.
        assert listing.is_live

    def _end(self, held, how):
        if how == "expired":
            documents.expire(document_id=held.pk, at=LISTED)
        elif how == "revoked":
            documents.refuse(document_id=held.pk, reason="号码不符", actor=Actor.staff(new_id()), at=LISTED)
        else:
            take_back(held.merchant)

    def test_a_second_valid_one_keeps_it_on_sale(self, shop):
        listing = a_listing(merchant=shop, category="food")
        a_document(merchant=shop, at=LISTED, number="JY11101010000002")
        documents.expire(
            document_id=Document.objects.filter(merchant=shop).earliest("handed_in_at").pk, at=LISTED
        )
        drain(at=LISTED)
        listing.refresh_from_db()
        assert listing.is_live
