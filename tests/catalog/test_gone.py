"""What the platform took off sale says so on its address, and the shop can appeal."""

import pytest
from django.urls import reverse

from catalog import suspension
from catalog.models import Listing, ListingMove
from kernel.actor import Actor
from kernel.ids import new_id
from merchants import appeals
from tests.builders.orders import drain
from tests.builders.people import a_member, a_visitor
from tests.builders.shops import LISTED, a_listing

pytestmark = pytest.mark.django_db
REASON = "没有 3C 证书"
LIN, OUYANG = Actor.staff(new_id()), Actor.staff(new_id())


def suspended():
    listing = a_listing()
    suspension.suspend(
        listing_id=listing.pk, reason=REASON, rule_id="cn.disclosure.ccc", actor=LIN, at=LISTED
    )
    return listing


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_address_says_gone_with_facts_rule_and_ways_on(language):
    listing = suspended()
    visitor = a_visitor()
    visitor.client.cookies["django_language"] = language
    answer = visitor.client.get(f"/p/{listing.pk}/")
    html = answer.content.decode()
    assert answer.status_code == 410
    assert REASON in html
    assert "/law/" in html or "cn.disclosure.ccc" in html
    assert 'name="listing"' not in html
    assert visitor.client.get(f"/p/{listing.pk}/revisions/1/").status_code == 200


def test_shop_gets_a_letter_and_an_upheld_appeal_brings_it_back():
    listing = suspended()
    owner = a_member(listing.merchant)
    move = ListingMove.objects.get(listing=listing, name="suspend")
    page = reverse("merchants:appeal", args=[listing.merchant.slug, "listing", move.pk])
    html = owner.client.get(reverse("catalog:listing", args=[listing.merchant.slug, listing.pk]))
    assert page in html.content.decode()
    assert owner.client.get(page).status_code == 200
    appeal = appeals.file(
        merchant_id=listing.merchant_id,
        about="listing",
        reference=move.pk,
        text="证书在附件里。",
        actor=owner.actor,
        at=LISTED,
    )
    appeals.decide(appeal_id=appeal.pk, upheld=True, reasons="证书有效。", actor=OUYANG, at=LISTED)
    drain(at=LISTED)
    assert Listing.objects.get(pk=listing.pk).state == "withdrawn"
    assert ListingMove.objects.get(listing=listing, name="lift").reason == "证书有效。"


def test_rejected_appeal_leaves_it_suspended():
    listing = suspended()
    move = ListingMove.objects.get(listing=listing, name="suspend")
    appeal = appeals.file(
        merchant_id=listing.merchant_id,
        about="listing",
        reference=move.pk,
        text="不同意",
        actor=Actor.member(new_id(), listing.merchant_id),
        at=LISTED,
    )
    appeals.decide(appeal_id=appeal.pk, upheld=False, reasons="没有新证据。", actor=OUYANG, at=LISTED)
    drain(at=LISTED)
    assert Listing.objects.get(pk=listing.pk).state == "suspended"
