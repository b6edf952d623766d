"""Programs choose how goods come, show and enter codes: the pages' ways, promises and refusals."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache

from orders.models import Order, PointCode
from orders.states import OrderState
from tests.builders.orders import ORDERED
from tests.builders.people import a_buyer, a_member
from tests.builders.pickup import a_pickup, a_point
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing, a_merchant
from tests.journeys.test_express import written

pytestmark = pytest.mark.django_db
WHO = {"name": "林未", "phone": "138 0013 8000"}
HOME = {**WHO, "address": "杭州市西湖区文三路 90 号"}


@pytest.fixture
def shop():
    return a_merchant()


@pytest.fixture
def buyer():
    return a_buyer(at=ORDERED - timedelta(days=1))


@pytest.fixture
def program(buyer):
    return Program(buyer)


@pytest.fixture
def counter(shop):
    return Program(a_member(shop), merchant=shop)


def put(program, listing, quantity=1):
    program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": quantity})


def ways_in(told):
    return told["groups"][0]["ways"]


def order(program, total, ways, *, recipient=WHO, **more):
    body = {"recipient": recipient, "seen_total_minor": total, "ways": ways, **more}
    return program.step("/checkouts/", body)


class TestTheCart:
    def test_says_what_each_way_costs_and_promises(self, program, shop):
        point = a_point(shop)
        put(program, a_listing(merchant=shop, price="30.00", freight="5.00"))
        plain, there = ways_in(program.get("/cart/").json())
        assert (plain["kind"], plain["freight_minor"], plain["chosen"]) == ("standard", 500, True)
        assert plain["promised"] == {
            "ready_within_hours": 48,
            "there_within_days": None,
            "kept_for_days": None,
            "words": "sent within 48 hours of payment",
        }
        assert (there["kind"], there["freight_minor"], there["chosen"]) == ("pickup", 0, False)
        assert there["point"] == {"id": str(point.pk), **point.told}
        assert there["promised"]["kept_for_days"] == 7
        assert there["promised"]["words"] == "ready within 48 hours of payment · kept for 7 days"

    def test_reckons_with_the_way_that_is_asked_for(self, program, shop):
        table = written(a_member(shop), shop)
        put(program, a_listing(merchant=shop, price="30.00", freight_template=str(table.pk)))
        told = program.get(f"/cart/?destination=CN-ZJ&ways={shop.slug}:express").json()
        assert told["total"]["minor"] == 4500
        plain, fast = ways_in(told)
        assert (plain["freight_minor"], fast["freight_minor"], fast["chosen"]) == (600, 1500, True)
        assert fast["promised"]["there_within_days"] == 2

    def test_says_where_goods_that_are_not_sent_can_be_picked_up(self, program, shop):
        table, point = written(a_member(shop), shop), a_point(shop)
        put(program, a_listing(merchant=shop, price="30.00", freight_template=str(table.pk)))
        told = program.get("/cart/?destination=CN-XZ").json()
        (away,) = told["elsewhere"]
        assert told["groups"] == [] and [each["kind"] for each in away["ways"]] == ["pickup"]
        picked = f"/cart/?destination=CN-XZ&ways={shop.slug}:pickup:{point.pk}"
        (group,) = program.get(picked).json()["groups"]
        assert [each["kind"] for each in group["ways"]] == ["pickup"] and group["freight_minor"] == 0

    @pytest.mark.parametrize(
        ("ways", "status", "code"),
        [
            ("{shop}:express", 409, "delivery_way_not_offered"),
            ("{shop}:pickup:{point}", 409, "delivery_way_not_offered"),
            ("elsewhere:standard", 422, "no_such_shop_in_cart"),
            ("{shop}:pickup", 400, "invalid"),
            ("{shop}:standard:{point}", 400, "invalid"),
            ("{shop}:pigeon", 400, "invalid"),
            ("{shop}:express,{shop}:standard", 400, "invalid"),
            ("{shop}:pickup:{point}:more", 400, "invalid"),
        ],
        ids=["no express", "foreign point", "shop", "no point", "odd point", "kind", "twice", "more"],
    )
    def test_refuses_what_cannot_be_had(self, program, shop, ways, status, code):
        put(program, a_listing(merchant=shop))
        theirs = a_point(a_merchant()).pk
        told = program.get(f"/cart/?ways={ways.format(shop=shop.slug, point=theirs)}")
        assert (told.status_code, told.json()["code"]) == (status, code), told.json()


class TestTheCheckout:
    def test_picks_up_without_an_address(self, program, shop):
        point = a_point(shop)
        put(program, a_listing(merchant=shop, price="30.00", freight="5.00"))
        ways = {shop.slug: {"kind": "pickup", "point": str(point.pk)}}
        answer = order(program, 3000, ways)
        assert answer.status_code == 201, answer.json()
        assert answer.json()["orders"][0]["delivery"] == {
            "kind": "pickup",
            "express_days": None,
            "point": point.told,
            "collect_by": None,
        }
        assert Order.objects.get().address == ""

    def test_goes_by_express_for_the_sum_that_was_seen(self, program, shop):
        table = written(a_member(shop), shop)
        put(program, a_listing(merchant=shop, price="30.00", freight_template=str(table.pk)))
        told = {"recipient": HOME, "destination": "CN-ZJ"}
        ways = {shop.slug: {"kind": "express"}}
        assert order(program, 3600, ways, **told).json()["code"] == "cart_changed"
        made = order(program, 4500, ways, **told).json()["orders"][0]["delivery"]
        assert (made["kind"], made["express_days"]) == ("express", 2)

    def test_what_is_sent_needs_an_address(self, program, shop):
        put(program, a_listing(merchant=shop, price="30.00", freight="5.00"))
        told = order(program, 3500, {}).json()
        assert (told["code"], told["field"]) == ("recipient_incomplete", "address")
        assert not Order.objects.exists()

    @pytest.mark.parametrize(
        ("way", "status"),
        [
            ({"kind": "express"}, 409),
            ({"kind": "pickup", "point": str(uuid4())}, 409),
            ({"kind": "pickup"}, 400),
            ({"kind": "standard", "point": str(uuid4())}, 400),
            ({"kind": "standard", "drone": True}, 400),
        ],
        ids=["express", "foreign", "no point", "odd point", "unknown field"],
    )
    def test_refuses_what_cannot_be_had(self, program, shop, way, status):
        put(program, a_listing(merchant=shop, price="30.00", freight="5.00"))
        told = order(program, 3500, {shop.slug: way}, recipient=HOME)
        assert told.status_code == status and not Order.objects.exists(), told.json()


class TestTheCode:
    def test_from_ready_to_handed_over(self, buyer, program, counter, shop):
        made = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id)
        path = f"/orders/{made.number}/pick-up/"
        assert program.get(path).json()["code"] == ""
        ready = counter.step(f"/orders/{made.number}/readiness/").json()
        assert ready["state"] == "shipped" and ready["delivery"]["collect_by"]
        told = program.get(path).json()
        assert told["ready"] is True and len(told["code"]) == 8
        fresh = program.step(f"{path}codes/").json()["code"]
        assert counter.step("/points/codes/", {"code": told["code"]}).json()["code"] == "point_code_unknown"
        key = a_key()
        for _ in range(2):
            done = counter.post("/points/codes/", {"code": f"{fresh[:4]} {fresh[4:]}"}, key=key)
            assert done.json() == {"kind": "pickup", "order": made.number, "return": None}
        assert Order.objects.get().state == OrderState.DELIVERED

    def test_is_never_told_to_the_shop(self, buyer, counter, shop):
        made = a_pickup(a_listing(merchant=shop), subject_id=buyer.subject_id, ready=True)
        code = PointCode.objects.get().code
        assert code not in counter.get(f"/orders/{made.number}/").content.decode()
        (point,) = counter.get("/points/").json()["results"]
        assert point["name"] == "徐汇店" and point["offers"] == ["pickup", "return", "use"]

    def test_is_somebody_s_own(self, counter, shop):
        made = a_pickup(a_listing(merchant=shop), ready=True)
        stranger = Program(a_buyer())
        assert stranger.get(f"/orders/{made.number}/pick-up/").status_code == 404
        assert stranger.step(f"/orders/{made.number}/pick-up/codes/").status_code == 404

    def test_cannot_be_guessed(self, counter, shop):
        a_pickup(a_listing(merchant=shop), ready=True)
        cache.clear()
        code, tries = PointCode.objects.get().code, []
        wrong = "00000000" if code != "00000000" else "00000001"
        for _ in range(11):
            tries.append(counter.step("/points/codes/", {"code": wrong}).status_code)
        assert tries == [422] * 10 + [429]
        right = counter.step("/points/codes/", {"code": code})
        assert (right.status_code, right.json()["code"]) == (429, "too_many_wrong_codes")
        assert Order.objects.get().state == OrderState.SHIPPED
        cache.clear()
        assert counter.step("/points/codes/", {"code": code}).status_code == 200
