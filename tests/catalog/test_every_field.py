"""Every demanded field of every kind of goods: without it nothing goes on sale, whichever way it comes in."""

import csv
import io
import json

import pytest

from accounts import tokens
from accounts.token_scopes import Scope
from catalog import submitting
from catalog.importing.running import run
from catalog.models import Listing, ListingRevision
from catalog.schema import in_language
from catalog.values import written
from kernel.actor import Actor
from rulebook import policies
from tests.builders.examples import KINDS, demanded, example, without
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import LISTED, a_listing, a_merchant, papers_for, the_schema
from tests.builders.submissions import passed
from tests.catalog.test_portal import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _listed(at):
    at(LISTED)


@pytest.fixture
def shop():
    return a_merchant()


def a_draft(shop, shown, draft=None):
    return a_listing(merchant=shop, category=shown.category, live=False, stock=0, **(draft or shown.complete))


def stays_a_draft(listing):
    listing.refresh_from_db()
    assert listing.state == "draft"
    assert not ListingRevision.objects.filter(listing=listing).exists()


class TestForm:
    def publish(self, owner, shop, listing):
        return owner.client.post(f"/merchant/{shop.slug}/listings/{listing.pk}/publication")

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_complete_example_goes_on_sale(self, shop, kind):
        listing = a_draft(shop, example(kind))
        assert self.publish(a_member(shop), shop, listing).status_code == 303
        passed(listing)
        assert listing.state == "live"
        assert listing.live_revision.content["attributes"] == example(kind).complete["attributes"]

    @pytest.mark.parametrize("kind", KINDS)
    def test_the_incomplete_example_names_what_is_missing(self, shop, kind):
        shown = example(kind)
        listing = a_draft(shop, shown, shown.incomplete)
        answer = self.publish(a_member(shop), shop, listing)
        assert answer.status_code == 422
        found = [gap["anchor"] for gap in answer.context["completeness"]["gaps"]]
        assert found == [f"#f-{field}" for field, _duty in shown.gaps]
        stays_a_draft(listing)

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_demanded_field_taken_out_of_the_form_blocks(self, shop, kind):
        shown, owner = example(kind), a_member(shop)
        schema = the_schema(shown.category)
        listing = a_draft(shop, shown)
        address = f"/merchant/{shop.slug}/listings/{listing.pk}/"
        filled = form_of(listing)
        for spec in demanded(schema, shown.complete):
            saved = owner.client.post(address, {**filled, spec.key: ""}, HTTP_HX_REQUEST="true")
            assert saved.status_code == 200, spec.key
            answer = self.publish(owner, shop, listing)
            assert answer.status_code == 422, spec.key
            gaps = {gap["anchor"]: gap for gap in answer.context["completeness"]["gaps"]}
            said = gaps[f"#f-{spec.key}"]
            assert said["label"] == in_language(spec.labels, "zh-hans")
            assert said["duty"] == answer.context["duties"][spec.duty]
        stays_a_draft(listing)


@pytest.mark.parametrize("kind", KINDS)
def test_each_demanded_field_missing_from_a_file_leaves_a_draft(shop, kind):
    shown = example(kind)
    schema = the_schema(shown.category)
    fields = demanded(schema, shown.complete)
    seen = []
    papers_for(shop, shown.category, shown.complete)
    run(
        a_file(schema, shown, [spec.key for spec in fields]),
        merchant=shop,
        actor=Actor.system(),
        at=LISTED,
        report=seen.append,
    )
    # Some kinds of goods a person reads before they go live (policy catalog.review).
    read_first = shown.category in policies.value(submitting.POLICY, LISTED)["sensitive"]
    assert seen[0].result == ("waiting" if read_first else "published"), seen[0]
    for outcome, spec in zip(seen[1:], fields, strict=True):
        assert outcome.result == "draft", outcome
        assert (spec.key, spec.duty) in outcome.gaps
        assert Listing.objects.get(code=outcome.code).state == "draft"


def a_file(schema, shown, missing):
    """The complete example, then one row for each missing field."""
    out = io.StringIO()
    columns = [spec.key for spec in schema.fields]
    writer = csv.writer(out)
    writer.writerow(["code", "category", "title_zh-hans", "price", "freight", *columns])
    for number, gone in enumerate(["", *missing]):
        draft = without(shown.complete, gone)
        cells = [written(spec, draft["attributes"].get(spec.key)) for spec in schema.fields]
        writer.writerow([f"R-{number}", shown.category, "一件商品", "39.00", "0", *cells])
    return io.BytesIO(out.getvalue().encode())


class TestProgram:
    @pytest.fixture
    def send(self, shop):
        member = a_member(shop)
        secret = tokens.issue(
            subject_id=member.subject_id,
            merchant_id=shop.pk,
            scopes=[Scope.LISTINGS_READ, Scope.LISTINGS_WRITE],
            days=30,
            actor=member.actor,
            at=LISTED,
        )[1]
        client = a_visitor().client

        def send(method, path, body=None, key=""):
            return getattr(client, method)(
                f"/api/v1/merchant/{shop.slug}/listings/{path}",
                json.dumps(body or {}),
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {secret}",
                **({"HTTP_IDEMPOTENCY_KEY": key} if key else {}),
            )

        return send

    @pytest.mark.parametrize("kind", KINDS)
    def test_each_demanded_field_not_sent_comes_back_with_its_duty(self, shop, send, kind):
        shown = example(kind)
        papers_for(shop, shown.category, shown.complete)
        made = send(
            "post", "", {"category": shown.category, "code": "P-1", **shown.complete}, key="new-one-1"
        )
        assert made.status_code == 201, made.json()
        key = made.json()["id"]
        for number, spec in enumerate(demanded(the_schema(shown.category), shown.complete)):
            value = shown.complete["attributes"][spec.key]
            assert send("patch", f"{key}/", {"attributes": {spec.key: None}}).status_code == 200
            answer = send("post", f"{key}/publication/", key=f"publish-{number}")
            assert (answer.status_code, answer.json()["code"]) == (422, "listing_incomplete")
            gaps = answer.json()["details"]["gaps"]
            label = in_language(spec.labels, "zh-hans")
            assert {"field": spec.key, "label": label, "duty": spec.duty} in gaps
            assert send("patch", f"{key}/", {"attributes": {spec.key: value}}).status_code == 200
        stays_a_draft(Listing.objects.get(pk=key))
        answer = send("post", f"{key}/publication/", key="publish-at-last")
        assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
        passed(Listing.objects.get(pk=key))
        assert Listing.objects.get(pk=key).is_live

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"title": "a string"}, 400),
            ({"attributes": ["maker"]}, 400),
            ({"price_minor": -3}, 422),
            ({"price_minor": 10**18}, 422),
            ({"attributes": {"maker": "x" * 900}}, 422),
            ({"attributes": {"production_date": {"a": 1}}}, 422),
            ({"images": [{"src": "pictures/../../settings.py"}]}, 422),
            ({"terms": {"promises": ["moon"]}}, 422),
            ({"barcode": "4006381333930"}, 422),
        ],
    )
    def test_what_cannot_be_read_is_refused_whole(self, shop, send, body, status):
        listing = a_listing(merchant=shop, category="home", live=False)
        before = listing.draft
        assert send("patch", f"{listing.pk}/", body).status_code == status
        listing.refresh_from_db()
        assert listing.draft == before

    def test_another_shop_s_listing_is_absent(self, send):
        foreign = a_listing()
        before = foreign.draft
        assert send("patch", f"{foreign.pk}/", {"price_minor": 1}).status_code == 404
        assert send("post", f"{foreign.pk}/publication/", key="publish-it-1").status_code == 404
        foreign.refresh_from_db()
        assert foreign.draft == before
