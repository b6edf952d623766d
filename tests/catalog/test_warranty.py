"""A warranty below the law keeps goods off sale, whichever way they come; the promised one stays."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from accounts import tokens
from accounts.token_scopes import Scope
from catalog import drafting, publishing, warranty
from catalog.importing.running import run
from catalog.models import Listing
from catalog.values import written
from kernel import clock
from kernel.actor import Actor
from law.warranty import floor
from orders import contract_terms
from rulebook import current
from tests.builders.examples import example
from tests.builders.orders import an_order
from tests.builders.people import a_buyer, a_member, a_visitor
from tests.builders.shops import (
    LISTED,
    a_listing,
    a_merchant,
    complete_attributes,
    papers_for,
    the_catalogue,
    the_schema,
)

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def short(**said):
    the_catalogue()
    return {**complete_attributes(the_schema("electronics")), **said}


def test_the_floor_is_the_pack_s():
    the_catalogue()
    pack = current.pack("CN", NOW)
    found = floor(pack=pack, category="electronics", at=NOW)
    assert (found.days, found.rule_id, str(found.confidence)) == (365, "cn.warranty.whole_unit", "memory")
    assert floor(pack=pack, category="home", at=NOW) is None


@pytest.mark.parametrize(("days", "goes"), [(1, False), (364, False), (365, True), (730, True)])
def test_a_term_below_it_is_a_gap_with_its_duty(days, goes):
    listing = a_listing(category="electronics", live=False, attributes=short(warranty_days=days))
    actor = Actor.member(listing.pk, listing.merchant_id)
    if goes:
        assert publishing.publish(listing_id=listing.pk, actor=actor, at=LISTED).number == 1
        return
    with pytest.raises(publishing.ListingIncomplete) as refused:
        publishing.publish(listing_id=listing.pk, actor=actor, at=LISTED)
    gaps = [(gap.field, gap.duty) for gap in refused.value.gaps]
    assert gaps == [("warranty_days", "cn.warranty.whole_unit")]
    assert Listing.objects.get(pk=listing.pk).state == "draft"


@pytest.mark.parametrize("field", ["warranty_days", "warranty_giver", "warranty_covers", "warranty_claim"])
def test_who_gives_it_how_long_for_what_and_how_is_owed(field):
    listing = a_listing(category="electronics", live=False, without=field)
    with pytest.raises(publishing.ListingIncomplete) as refused:
        publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=LISTED)
    assert [(gap.field, gap.duty) for gap in refused.value.gaps] == [(field, "cn.disclosure.warranty")]


def test_the_editor_says_so_while_it_is_written():
    listing = a_listing(category="electronics", live=False, attributes=short(warranty_days=90))
    owner = a_member(listing.merchant)
    address = reverse("catalog:listing", args=[listing.merchant.slug, listing.pk])
    assert "法律要求质保至少 365 天" in owner.client.get(address).content.decode()


class TestEveryWayIn:
    DUTY = "cn.warranty.whole_unit"

    def test_the_form(self):
        listing = a_listing(category="electronics", live=False, attributes=short(warranty_days=90))
        owner, shop = a_member(listing.merchant), listing.merchant
        answer = owner.client.post(f"/merchant/{shop.slug}/listings/{listing.pk}/publication")
        assert answer.status_code == 422
        assert [gap["anchor"] for gap in answer.context["completeness"]["gaps"]] == ["#f-warranty_days"]

    def test_a_file(self):
        shop, seen = a_merchant(), []
        shown = example("electronics").complete
        papers_for(shop, "electronics", shown)
        spec = the_schema("electronics")
        rows = [{**shown["attributes"], "warranty_days": days} for days in (90, 365)]
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(
            ["code", "category", "title_zh-hans", "price", "freight", *(each.key for each in spec.fields)]
        )
        for number, said in enumerate(rows):
            cells = [written(each, said.get(each.key)) for each in spec.fields]
            writer.writerow([f"W-{number}", "electronics", f"一件商品 {number}", "39.00", "0", *cells])
        run(
            io.BytesIO(out.getvalue().encode()),
            merchant=shop,
            actor=Actor.system(),
            at=LISTED,
            report=seen.append,
        )
        assert (seen[0].result, list(seen[0].gaps)) == ("draft", [("warranty_days", self.DUTY)])
        assert seen[1].result in ("published", "waiting")

    def test_a_program(self):
        listing = a_listing(category="electronics", live=False, attributes=short(warranty_days=90))
        member = a_member(listing.merchant)
        secret = tokens.issue(
            subject_id=member.subject_id,
            merchant_id=listing.merchant_id,
            scopes=[Scope.LISTINGS_READ, Scope.LISTINGS_WRITE],
            days=30,
            actor=member.actor,
            at=LISTED,
        )[1]
        with clock.frozen(LISTED):
            answer = a_visitor().client.post(
                f"/api/v1/merchant/{listing.merchant.slug}/listings/{listing.pk}/publication/",
                "{}",
                content_type="application/json",
                HTTP_AUTHORIZATION=f"Bearer {secret}",
                HTTP_IDEMPOTENCY_KEY="publish-it-1",
            )
        assert answer.status_code == 422
        assert answer.json()["details"]["gaps"] == [
            {"field": "warranty_days", "label": "质保期（天）", "duty": self.DUTY}
        ]


def test_it_stands_before_the_order_and_in_it_with_its_last_day():
    buyer, listing = a_buyer(), a_listing(category="electronics", attributes=short(warranty_days=400))
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    changes = {"attributes": {**listing.draft["attributes"], "warranty_days": 365}}
    drafting.edit_draft(listing_id=listing.pk, changes=changes, actor=Actor.system(), at=LISTED)
    publishing.publish(listing_id=listing.pk, actor=Actor.system(), at=NOW)
    assert warranty.stated(order.lines.get().content).days == 400
    last = date(2026, 11, 9) + timedelta(days=400)
    assert contract_terms.warranty_until(order, 400) == last
    with clock.frozen(DELIVERED + timedelta(days=1)):
        shown = buyer.client.get(reverse("orders:order", args=[order.number])).content.decode()
    assert f"到 {last:%Y-%m-%d} 为止" in shown and "400 天" in shown


def test_it_has_no_last_day_before_delivery():
    assert contract_terms.warranty_until(an_order(), 365) is None
