"""The portal's listing pages: who may, what is saved, what is refused and where it says so."""

from datetime import UTC, datetime

import pytest

from catalog.models import Listing, ListingRevision, Stock
from merchants.capabilities import Capability
from tests.builders.people import a_buyer, a_member, a_visitor
from tests.builders.shops import a_listing, a_merchant, the_schema
from tests.builders.submissions import passed

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(at):
    at(NOW)


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def owner(shop):
    return a_member(shop)


def base(shop):
    return f"/merchant/{shop.slug}/listings"


def form_of(listing, **changes):
    """What the editor posts: the draft as it stands, with changes."""
    from catalog.schema import schema_of
    from catalog.web.forms import EditorForm

    form = EditorForm(listing, schema_of(listing.category.schema))
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()} | changes


class TestFourPeople:
    PATHS = [
        ("get", "/"),
        ("get", "/file.csv"),
        ("get", "/new"),
        ("get", "/import"),
        ("get", "/{id}/"),
        ("post", "/{id}/"),
        ("post", "/{id}/stock"),
        ("post", "/{id}/publication"),
        ("post", "/{id}/withdrawal"),
        ("get", "/{id}/versions/1/"),
    ]

    @pytest.mark.parametrize(("method", "path"), PATHS)
    def test_strangers_find_nothing_and_change_nothing(self, shop, method, path):
        listing = a_listing(merchant=shop)
        before = Listing.objects.values("state", "draft", "draft_saved_at").get(pk=listing.pk)
        foreign = a_member(a_merchant())
        for person in (a_visitor(), a_buyer(), foreign):
            answer = getattr(person.client, method)(base(shop) + path.format(id=listing.pk), {"on_hand": "1"})
            assert answer.status_code == 404
        assert Listing.objects.values("state", "draft", "draft_saved_at").get(pk=listing.pk) == before

    @pytest.mark.parametrize(("method", "path"), PATHS)
    def test_own_shop_with_a_foreign_listing_is_404(self, shop, owner, method, path):
        if "{id}" not in path:
            return
        foreign = a_listing()
        answer = getattr(owner.client, method)(base(shop) + path.format(id=foreign.pk), {"on_hand": "1"})
        assert answer.status_code == 404
        assert Stock.objects.get(pk=foreign.pk).on_hand == 10

    def test_readers_read_and_write_nothing(self, shop):
        listing = a_listing(merchant=shop)
        reader = a_member(shop, [Capability.READ])
        assert reader.client.get(f"{base(shop)}/").status_code == 200
        assert reader.client.get(f"{base(shop)}/{listing.pk}/").status_code == 200
        for path in ("", "stock", "publication", "withdrawal"):
            assert reader.client.post(f"{base(shop)}/{listing.pk}/{path}").status_code == 404

    def test_removal_counts_from_the_next_request(self, shop, owner):
        from merchants import membership
        from merchants.models import Membership

        helper = a_member(shop, [Capability.LISTINGS])
        assert helper.client.get(f"{base(shop)}/").status_code == 200
        row = Membership.objects.get(subject_id=helper.subject_id)
        membership.remove_member(merchant_id=shop.pk, membership_id=row.pk, actor=owner.actor, at=NOW)
        assert helper.client.get(f"{base(shop)}/").status_code == 404


class TestEditor:
    @pytest.mark.parametrize(
        "category", ["food", "cosmetics", "textiles", "electronics", "home", "books-media"]
    )
    def test_emptying_any_demanded_field_blocks_publication_with_its_name_and_duty(
        self, shop, owner, category
    ):
        listing = a_listing(merchant=shop, category=category, live=False)
        spec = next(each for each in the_schema(category).fields if each.required and each.type == "text")
        address = f"{base(shop)}/{listing.pk}/"
        assert owner.client.post(address, form_of(listing, **{spec.key: ""})).status_code == 303
        answer = owner.client.post(f"{address}publication")
        assert answer.status_code == 422
        said = answer.content.decode()
        assert f'href="#f-{spec.key}"' in said
        assert spec.labels["zh-hans"] in said
        assert not ListingRevision.objects.filter(listing=listing).exists()
        owner.client.post(address, form_of(listing, **{spec.key: "填好了"}))
        assert owner.client.post(f"{address}publication").status_code == 303
        passed(listing, at=NOW)
        assert listing.is_live

    def test_saving_leaves_what_is_on_sale_as_it_is(self, shop, owner):
        listing = a_listing(merchant=shop, price="39.00")
        owner.client.post(f"{base(shop)}/{listing.pk}/", form_of(listing, price="41.00"))
        listing.refresh_from_db()
        assert listing.draft["price_minor"] == 4100
        assert listing.live_revision.price_minor == 3900

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("price", "1e3"),
            ("price", "-1"),
            ("price", "12.345"),
            ("price", "0"),
            ("freight", "abc"),
            ("production_date", "2026-02-30"),
            ("barcode", "4006381333930"),
            ("title_zh-hans", "长" * 121),
            ("item_kind", "spaceship"),
        ],
    )
    def test_what_cannot_be_read_gets_a_message_and_the_rest_is_saved(self, shop, owner, field, value):
        listing = a_listing(merchant=shop, live=False)
        before = dict(listing.draft)
        changes = {"maker": "新的生产者", field: value}
        answer = owner.client.post(f"{base(shop)}/{listing.pk}/", form_of(listing, **changes))
        assert answer.status_code == 422
        assert f"f-{field}" in answer.content.decode()
        listing.refresh_from_db()
        assert listing.draft.get("price_minor") == before.get("price_minor")
        if field != "barcode":
            assert listing.draft["attributes"]["maker"] == "新的生产者"

    def test_htmx_gets_the_panel_alone(self, shop, owner):
        listing = a_listing(merchant=shop, live=False, without="maker")
        headers = {"HX-Request": "true"}
        answer = owner.client.post(f"{base(shop)}/{listing.pk}/", form_of(listing), headers=headers)
        said = answer.content.decode()
        assert said.lstrip().startswith('<section class="card comp" id="completeness"')
        assert "#f-maker" in said
        full = owner.client.post(
            f"{base(shop)}/{listing.pk}/", form_of(listing, maker="有了"), headers=headers
        )
        assert "#f-maker" not in full.content.decode()

    def test_withdraw_publish_again_and_compare(self, shop, owner):
        listing = a_listing(merchant=shop)
        address = f"{base(shop)}/{listing.pk}/"
        assert owner.client.post(f"{address}withdrawal").status_code == 303
        assert owner.client.post(f"{address}withdrawal").status_code == 409
        owner.client.post(address, form_of(listing, price="50.00"))
        assert owner.client.post(f"{address}publication").status_code == 303
        said = owner.client.get(f"{address}versions/1/").content.decode()
        assert "<del>39.00</del>" in said
        assert owner.client.get(f"{address}versions/9/").status_code == 404

    @pytest.mark.parametrize(
        ("value", "status", "on_hand"), [("7", 303, 7), ("-1", 422, 10), ("x", 422, 10), ("", 422, 10)]
    )
    def test_stock(self, shop, owner, value, status, on_hand):
        listing = a_listing(merchant=shop)
        answer = owner.client.post(f"{base(shop)}/{listing.pk}/stock", {"on_hand": value})
        assert answer.status_code == status
        assert Stock.objects.get(pk=listing.pk).on_hand == on_hand


class TestIndex:
    def test_tabs_search_sort_and_export(self, shop, owner):
        a_listing(merchant=shop, title="竹茶盘", code="B-2", price="50.00")
        a_listing(merchant=shop, title="白瓷杯", code="A-1", live=False, without="maker")
        said = owner.client.get(f"{base(shop)}/").content.decode()
        assert "竹茶盘" in said
        assert "白瓷杯" in said
        assert "白瓷杯" not in owner.client.get(f"{base(shop)}/?state=live").content.decode()
        assert "竹茶盘" not in owner.client.get(f"{base(shop)}/?q=a-1").content.decode()
        assert owner.client.get(f"{base(shop)}/?sort=drop&state=x&q=%27").status_code == 200
        lines = owner.client.get(f"{base(shop)}/file.csv").content.decode().splitlines()
        assert len(lines) == 3

    def test_formula_cells_are_neutralised(self, shop, owner):
        a_listing(merchant=shop, title="=HYPERLINK(1)")
        assert "'=HYPERLINK(1)" in owner.client.get(f"{base(shop)}/file.csv").content.decode()

    def test_a_new_listing_starts_as_a_draft(self, shop, owner):
        fields = {"category": "home", "title": "竹茶盘", "code": "N-1"}
        answer = owner.client.post(f"{base(shop)}/new", fields)
        listing = Listing.objects.get(code="N-1")
        assert answer.headers["Location"].endswith(f"/listings/{listing.pk}/")
        assert owner.client.post(f"{base(shop)}/new", fields).status_code == 422
        assert owner.client.post(f"{base(shop)}/new", {**fields, "category": "x"}).status_code == 422
