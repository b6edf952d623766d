"""A person's programs buy and follow their orders: the pages' steps and refusals, over HTTP."""

from datetime import timedelta

import pytest

from accounts.token_scopes import Scope
from orders.models import CartLine, Order, Purchase
from payments.models import Payment
from payments.sandbox import straight
from tests.builders.orders import ORDERED, drain, ship
from tests.builders.people import a_buyer, a_member
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
RECIPIENT = {"name": "林未", "phone": "138 0013 8000", "address": "上海市徐汇区漕溪北路 88 号 6 幢 1204 室"}


@pytest.fixture
def buyer():
    return a_buyer(at=ORDERED - timedelta(days=1))


@pytest.fixture
def program(buyer):
    return Program(buyer)


@pytest.fixture
def listing(db):
    return a_listing(price="39.00", freight="10.00", stock=5)


def checkout(program, total, *, key="", **more):
    body = {"recipient": RECIPIENT, "destination": "CN-SH", "seen_total_minor": total, **more}
    return program.post("/checkouts/", body, key=key or a_key())


def bought(program, listing, quantity=1):
    program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": quantity})
    total = program.get("/cart/?destination=CN-SH").json()["total"]["minor"]
    return checkout(program, total).json()


class TestCart:
    def test_fills_changes_and_empties(self, program, listing):
        found = program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 2}).json()
        (group,) = found["groups"]
        assert group["shop"] == listing.merchant.slug and found["total"] == {"minor": 8800, "currency": "CNY"}
        (item,) = group["items"]
        assert (item["unit_minor"], item["freight_minor"], item["problem"]) == (3900, 1000, "")
        path = f"/cart/lines/{item['variant']}/"
        changed = program.call("put", path, {"quantity": 3}).json()
        assert changed["total"]["minor"] == 12700
        assert program.call("delete", path).json()["groups"] == []
        assert not CartLine.objects.exists()

    def test_is_the_cart_of_the_pages(self, buyer, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 2})
        assert CartLine.objects.get().subject_id == buyer.subject_id
        stranger = Program(a_buyer())
        assert stranger.get("/cart/").json()["groups"] == []
        stranger.call("delete", f"/cart/lines/{CartLine.objects.get().variant_id}/")
        assert CartLine.objects.get().quantity == 2

    def test_refuses_more_than_there_is(self, program, listing):
        answer = program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 6})
        told = answer.json()
        assert (answer.status_code, told["code"], told["field"]) == (
            422,
            "cart_quantity_out_of_range",
            "quantity",
        )
        assert told["details"]["most"] == 5 and not CartLine.objects.exists()


class TestCheckout:
    def test_orders_once_however_often_it_is_sent(self, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 2})
        key = a_key()
        first = checkout(program, 8800, key=key)
        assert first.status_code == 201
        told = first.json()
        (order,) = told["orders"]
        assert (order["state"], order["total"]["minor"]) == ("awaiting_payment", 8800)
        assert told["payment"]["amount"] == {"minor": 8800, "currency": "CNY"}
        assert told["payment"]["pay_at"] == f"/pay/{told['payment']['number']}/"
        again = checkout(program, 8800, key=key)
        assert (again.status_code, again.json()) == (201, told)
        assert again["Idempotency-Replayed"] == "true" and again["Location"] == first["Location"]
        assert program.get(first["Location"]).json() == told
        assert Purchase.objects.count() == Order.objects.count() == Payment.objects.count() == 1

    def test_refuses_a_key_that_was_used_for_another_body(self, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        key = a_key()
        assert checkout(program, 4900, key=key).status_code == 201
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        other = checkout(program, 4901, key=key)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
        assert Order.objects.count() == 1

    @pytest.mark.parametrize("key", ["", "short", "a" * 81, "with space 1", "键键键键键键键键"])
    def test_asks_for_a_key(self, program, listing, key):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        body = {"recipient": RECIPIENT, "destination": "CN-SH", "seen_total_minor": 4900}
        answer = program.post("/checkouts/", body, **({"HTTP_IDEMPOTENCY_KEY": key} if key else {}))
        assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_missing")
        assert not Order.objects.exists()

    def test_one_person_s_key_is_not_another_s(self, program, listing):
        stranger, key = Program(a_buyer()), a_key()
        for each in (program, stranger):
            each.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
            assert checkout(each, 4900, key=key).status_code == 201
        assert Order.objects.count() == 2

    def test_charges_the_total_that_was_seen_or_nothing(self, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        answer = checkout(program, 4899)
        assert (answer.status_code, answer.json()["code"]) == (409, "cart_changed")
        assert not Order.objects.exists() and CartLine.objects.count() == 1

    def test_names_the_field_that_is_wrong(self, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        body = {
            "recipient": {**RECIPIENT, "phone": "call me"},
            "destination": "CN-SH",
            "seen_total_minor": 4900,
        }
        told = program.step("/checkouts/", body).json()
        assert (told["code"], told["field"], told["status"]) == ("phone_invalid", "phone", 422)
        told = checkout(program, 4900, destination="CN-ZJ").json()
        assert (told["code"], told["field"]) == ("address_elsewhere", "address")

    def test_asks_for_the_answer_about_goods_that_do_not_go_back(self, program):
        listing = a_listing(category="food", terms={"promises": [], "excludes_return": "confirm"})
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        (item,) = program.get("/cart/").json()["groups"][0]["items"]
        total = item["total_minor"]
        assert checkout(program, total).json()["code"] == "confirmation_missing"
        for nonsense in ("yes", 1, None):
            told = checkout(program, total, confirmations={item["answer"]: nonsense})
            assert told.status_code == 400
        assert checkout(program, total, confirmations={item["answer"]: True}).status_code == 201

    def test_refuses_a_coupon_of_a_shop_that_is_not_in_the_cart(self, program, listing):
        program.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1})
        told = checkout(program, 4900, coupons={"somewhere": None}).json()
        assert (told["code"], told["field"]) == ("no_such_shop_in_cart", "coupons")
        assert checkout(program, 4900, coupons={listing.merchant.slug: None}).status_code == 201


class TestOrders:
    def test_follows_cancels_and_sees_the_money_go_back(self, program, listing):
        told = bought(program, listing)
        number = told["orders"][0]["number"]
        straight.pay(told["payment"]["number"], at=ORDERED + timedelta(hours=4))
        drain(at=ORDERED + timedelta(hours=4))
        program.at = ORDERED + timedelta(hours=5)
        key = a_key()
        first = program.post(f"/orders/{number}/cancellation/", key=key)
        assert first.status_code == 200 and first.json()["state"] == "cancelled"
        again = program.post(f"/orders/{number}/cancellation/", key=key)
        assert again.json() == first.json() and again["Idempotency-Replayed"] == "true"
        late = program.step(f"/orders/{number}/cancellation/")
        assert (late.status_code, late.json()["code"]) == (409, "illegal_move")
        money = program.get(f"/orders/{number}/refunds/").json()
        (refund,) = money["refunds"]
        assert (refund["purpose"], refund["amount"]["minor"]) == ("cancellation", 4900)
        assert sum(each["amount"]["minor"] for each in money["money"]) == 4900

    def test_confirms_what_came(self, program, listing):
        told = bought(program, listing)
        straight.pay(told["payment"]["number"], at=ORDERED + timedelta(hours=4))
        drain(at=ORDERED + timedelta(hours=4))
        order = Order.objects.get()
        ship(order, at=ORDERED + timedelta(hours=5))
        program.at = ORDERED + timedelta(days=2)
        foreign = program.step(f"/orders/{order.number}/delivery/", {"parcel": str(order.pk)})
        assert foreign.status_code == 404
        done = program.step(f"/orders/{order.number}/delivery/")
        assert done.json()["state"] == "delivered" and done.json()["delivered_at"]

    def test_lists_by_state_span_and_page(self, program, listing):
        numbers = [bought(program, listing)["orders"][0]["number"] for _ in range(3)]
        whole = program.get("/orders/").json()
        assert whole["total"] == 3 and {each["number"] for each in whole["results"]} == set(numbers)
        part = program.get("/orders/?page_size=2&page=2").json()
        assert (len(part["results"]), part["next"], part["page"]) == (1, None, 2)
        assert program.get("/orders/?page_size=2").json()["next"] == 2
        assert program.get("/orders/?page=9").json()["results"] == []
        assert program.get("/orders/?state=paid").json()["total"] == 0
        assert program.get("/orders/?tab=unpaid&sort=oldest").json()["total"] == 3
        assert program.get("/orders/?from=2026-11-04T00:00:00Z").json()["total"] == 0
        assert program.get("/orders/?to=2026-11-04T00:00:00%2B08:00").json()["total"] == 3

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("page=0", "page"),
            ("page=-1", "page"),
            ("page=1000000000", "page"),
            ("page=%EF%BC%91", "page"),
            ("page=1&page=2", "page"),
            ("page_size=10000000", "page_size"),
            ("sort=subject__key", "sort"),
            ("sort=-password", "sort"),
            ("state=owned", "state"),
            ("from=yesterday", "from"),
            ("merchant__owner__email__startswith=a", "merchant__owner__email__startswith"),
        ],
    )
    def test_refuses_questions_that_say_nothing(self, program, query, field):
        answer = program.get(f"/orders/?{query}")
        assert answer.status_code == 400 and answer.json()["field"] == field
        assert list(answer.json()["details"]["fields"]) == [field]


def test_each_scope_opens_its_own_part(buyer, listing):
    reads = Program(buyer, scopes=[Scope.OWN_ORDERS])
    assert reads.get("/orders/").status_code == 200
    for answer in (
        reads.get("/cart/"),
        reads.post("/cart/lines/", {"listing": str(listing.pk), "quantity": 1}),
        reads.step("/checkouts/", {}),
        reads.get("/returns/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "token_scope")
    merchant = a_merchant()
    shop = Program(a_member(merchant), merchant=merchant)
    assert shop.get("/api/v1/me/orders/").status_code == 403
    assert not CartLine.objects.exists()


def test_speaks_the_reader_s_language(program, listing):
    said = set()
    for language in ("en", "zh-Hans", "zh-Hant"):
        body = {"listing": str(listing.pk), "quantity": 6}
        said.add(program.post("/cart/lines/", body, language=language).json()["detail"])
    assert len(said) == 3
