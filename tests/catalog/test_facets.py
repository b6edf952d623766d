"""What shelves filter by: where goods come from, what is told about them, certificates; in the address."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog import certificates
from catalog.models import Listing
from catalog.search import Wish, find
from kernel.actor import Actor
from tests.builders.prices import a_claim, a_deal, published
from tests.builders.proofs import DESK, a_certificate
from tests.builders.shops import LISTED, a_listing, a_merchant, an_answer, complete_attributes, the_schema

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    shop = a_merchant()
    facts = complete_attributes(the_schema("home"))
    electric = complete_attributes(the_schema("electronics"))
    goods = {
        "cup": a_listing(merchant=shop, title="白瓷杯", attributes={**facts, "origin": "江西景德镇"}),
        "pot": a_listing(merchant=shop, title="月白急须", attributes={**facts, "origin": "浙江龙泉"}),
        "lamp": a_listing(
            merchant=shop,
            category="electronics",
            title="台灯",
            attributes={**electric, "origin": "浙江宁波", "ccc_certificate": "2026010101234567"},
        ),
    }
    a_certificate(shop, listing=goods["lamp"])
    return goods


def found(**query):
    shown = find(Wish.read(query), at=LISTED)[0:50]
    return {row.live_revision.content["title"]["zh-hans"] for row in shown}


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ({"origin": "浙江"}, {"月白急须", "台灯"}),
        ({"origin": "龙泉"}, {"月白急须"}),
        ({"origin": "%"}, set()),
        ({"cert": "1"}, {"台灯"}),
        ({"ships": "home"}, {"白瓷杯", "月白急须", "台灯"}),
        ({"ships": "direct"}, set()),
        ({"ships": "moon"}, {"白瓷杯", "月白急须", "台灯"}),
        ({"cert": "1", "origin": "江西"}, set()),
    ],
)
def test_each_facet_leaves_what_it_says(shelf, query, hits):
    assert found(**query) == hits


def test_a_listing_with_every_optional_fact_is_told_in_full(shelf):
    assert found(full="1") == set()
    schema = the_schema("home")
    cup = shelf["cup"]
    rest = {
        spec.key: 30 if spec.type == "duration_days" else an_answer(spec)
        for spec in schema.fields
        if spec.required_if is None and spec.key != "supply_route"
    }
    published(cup, at=LISTED, attributes={**rest, **cup.draft["attributes"]})
    assert found(full="1") == {"白瓷杯"}


def test_counts_stand_beside_them(shelf):
    counts = find(Wish.read({}), at=LISTED).counts
    assert {name: counts[name] for name in ("from_home", "from_bonded", "certified", "told_in_full")} == {
        "from_home": 3,
        "from_bonded": 0,
        "certified": 1,
        "told_in_full": 0,
    }


def test_the_page_costs_two_statements_with_reductions(shelf):
    a_deal(shelf["cup"], "50.00", at=LISTED)
    later = LISTED.replace(day=LISTED.day + 1)
    published(shelf["cup"], at=later, reduction=a_claim("50.00", until="2026-11-09"))
    with CaptureQueriesContext(connection) as taken:
        rows = find(Wish.read({}), at=later)[0:24]
        assert [cut["was_minor"] for row in rows for cut in row.cut] == [5000]
    assert len(taken) == 2


def test_chips_take_each_facet_away_again(shelf, client, at):
    at(LISTED)
    page = client.get("/search?origin=浙江&cert=1&ships=home&full=1").content.decode()
    for words in ("产地：浙江", "有核对过的证书", "大陆发货", "披露完整"):
        assert words in page
    assert "?origin=%E6%B5%99%E6%B1%9F&amp;cert=1&amp;full=1" in page


def test_an_unknown_side_is_refused_by_the_database(shelf):
    with pytest.raises(IntegrityError, match="listing_ships_from_a_known_side"), transaction.atomic():
        Listing.objects.update(ships_from="moon")


class TestCertificate:
    """The facet stands for a certificate that staff compared and that counts today."""

    def test_a_number_that_a_shop_only_typed_is_none(self):
        lamp = a_listing(category="electronics", title="台灯")
        a_certificate(lamp.merchant, listing=lamp, verified=False)
        assert found(cert="1") == set()

    def test_one_of_the_whole_shop_stands_for_what_it_lists_later_too(self):
        shop = a_merchant()
        a_listing(merchant=shop, title="白瓷杯")
        a_certificate(shop)
        a_listing(merchant=shop, title="月白急须")
        a_listing(title="别家的杯")
        assert found(cert="1") == {"白瓷杯", "月白急须"}

    @pytest.mark.parametrize("end", ["refuse", "withdraw", "expire"])
    def test_it_goes_with_the_certificate_unless_another_stands_for_it(self, end):
        shop = a_merchant()
        cup = a_listing(merchant=shop, title="白瓷杯")
        held, other = a_certificate(shop, listing=cup), a_certificate(shop, number="ISO-2")
        for row, left in ((held, {"白瓷杯"}), (other, set())):
            match end:
                case "refuse":
                    certificates.refuse(certificate_id=row.pk, reason="号码对不上", actor=DESK, at=LISTED)
                case "withdraw":
                    certificates.withdraw(
                        certificate_id=row.pk, merchant_id=shop.pk, actor=Actor.system(), at=LISTED
                    )
                case _:
                    certificates.expire(reference=row.pk, due_at=LISTED, at=LISTED)
            assert found(cert="1") == left
