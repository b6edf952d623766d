"""Returns over HTTP for programs: quoted, asked, posted by the buyer; answered, refunded by the shop."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.token_scopes import Scope
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import Order, Return
from tests.builders.orders import ORDERED, a_return, a_tracking_number, an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
THEN = DELIVERED + timedelta(days=1)


class Trade:
    """A delivered order of three, its buyer's program and its shop's."""

    def __init__(self):
        self.buyer = a_buyer(at=ORDERED - timedelta(days=1))
        listing = a_listing(price="39.00", freight="10.00")
        self.order = an_order(
            listing=listing, quantity=3, delivered_at=DELIVERED, subject_id=self.buyer.subject_id
        )
        self.line = str(self.order.lines.get().pk)
        self.own = Program(self.buyer, at=THEN)
        self.merchant = listing.merchant
        self.member = a_member(self.merchant)
        self.shop = Program(self.member, merchant=self.merchant, at=THEN)

    @property
    def orders(self):
        return f"/orders/{self.order.number}"

    def lines(self, quantity=1):
        return {"lines": [{"line": self.line, "quantity": quantity}]}


@pytest.fixture
def trade(db):
    return Trade()


class TestBuyer:
    def test_sees_the_sum_before_asking_and_gets_exactly_that(self, trade):
        quote = trade.own.post(f"{trade.orders}/return-quotes/", trade.lines(2))
        told = quote.json()
        assert quote.status_code == 200 and not Return.objects.exists()
        assert (told["goods_minor"], told["freight_minor"], told["amount_minor"]) == (7800, 666, 8466)
        assert told["steps"][0]["words"][0].startswith("2 of 3")
        key = a_key()
        body = {**trade.lines(2), "seen_amount_minor": 8466}
        first = trade.own.post(f"{trade.orders}/returns/", body, key=key)
        assert first.status_code == 201
        made = first.json()
        assert (made["state"], made["amount_minor"], made["order"]) == ("accepted", 8466, trade.order.number)
        again = trade.own.post(f"{trade.orders}/returns/", body, key=key)
        assert (again.status_code, again.json()) == (201, made) and again["Idempotency-Replayed"] == "true"
        assert Return.objects.count() == 1
        assert trade.own.get(first["Location"]).json() == made
        assert trade.own.get("/returns/?state=accepted").json()["results"] == [made]

    def test_another_sum_than_quoted_does_nothing(self, trade):
        answer = trade.own.step(f"{trade.orders}/returns/", {**trade.lines(2), "seen_amount_minor": 8467})
        told = answer.json()
        assert (answer.status_code, told["code"], told["field"]) == (
            409,
            "refund_sum_changed",
            "seen_amount_minor",
        )
        assert told["details"]["amount_minor"] == 8466 and not Return.objects.exists()

    @pytest.mark.parametrize("quantity", [0, -1, 4, 0.5, "1", True, 2**31])
    def test_refuses_quantities_out_of_range(self, trade, quantity):
        for path in ("return-quotes", "returns"):
            answer = trade.own.step(f"{trade.orders}/{path}/", trade.lines(quantity))
            assert answer.status_code in (400, 422) and answer.json()["code"]
        assert not Return.objects.exists()

    def test_a_line_of_another_order_is_none(self, trade):
        other = an_order(delivered_at=DELIVERED)
        body = {"lines": [{"line": str(other.lines.get().pk), "quantity": 1}]}
        answer = trade.own.step(f"{trade.orders}/returns/", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "nothing_picked")

    def test_posts_and_withdraws(self, trade):
        number = trade.own.step(f"{trade.orders}/returns/", trade.lines()).json()["number"]
        bad = trade.own.step(f"/returns/{number}/parcel/", {"tracking_number": "!"})
        assert bad.status_code == 422 and bad.json()["field"] == "tracking_number"
        sent = trade.own.step(f"/returns/{number}/parcel/", {"tracking_number": a_tracking_number()})
        assert sent.json()["state"] == "posted"
        again = trade.own.step(f"/returns/{number}/parcel/", {"tracking_number": a_tracking_number()})
        assert (again.status_code, again.json()["code"]) == (409, "illegal_move")
        second = trade.own.step(f"{trade.orders}/returns/", trade.lines())
        assert second.json()["code"] == "already_returning"

    def test_keeps_the_goods_after_all(self, trade):
        number = trade.own.step(f"{trade.orders}/returns/", trade.lines()).json()["number"]
        assert trade.own.step(f"/returns/{number}/withdrawal/").json()["state"] == "closed"

    def test_at_the_last_instant_and_not_after(self, trade):
        trade.own.at = trade.order.window_ends_at
        late = trade.own.step(f"{trade.orders}/returns/", trade.lines())
        assert (late.status_code, late.json()["code"]) == (409, "return_window_closed")
        trade.own.at = trade.order.window_ends_at - timedelta(microseconds=1)
        assert trade.own.step(f"{trade.orders}/returns/", trade.lines()).status_code == 201


class TestShop:
    def returned(self, trade, **more):
        return a_return(trade.order, at=DELIVERED + timedelta(hours=1), **more)

    def test_receives_and_refunds_once(self, trade):
        found = self.returned(trade, posted=True)
        assert trade.shop.step(f"/returns/{found.number}/receipt/").json()["state"] == "received"
        key = a_key()
        first = trade.shop.post(f"/returns/{found.number}/refund/", key=key)
        assert first.json()["state"] == "refunded" and first.json()["refunded_at"]
        again = trade.shop.post(f"/returns/{found.number}/refund/", key=key)
        assert again.json() == first.json() and again["Idempotency-Replayed"] == "true"
        twice = trade.shop.step(f"/returns/{found.number}/refund/")
        assert (twice.status_code, twice.json()["code"]) == (409, "illegal_move")
        assert Order.objects.get(pk=trade.order.pk).refunded_minor == found.amount_minor
        (refund,) = trade.shop.get("/refunds/").json()["results"]
        assert (refund["order"], refund["purpose"]) == (trade.order.number, "return")
        assert refund["amount"] == {"minor": found.amount_minor, "currency": "CNY"}
        money = trade.shop.get(f"/orders/{trade.order.number}/refunds/").json()["money"]
        assert sum(each["amount"]["minor"] for each in money) == trade.order.total_minor

    def test_accepts_and_refuses_with_a_reason(self, trade):
        found = self.returned(trade, kind="quality")
        assert trade.shop.step(f"/returns/{found.number}/acceptance/").json()["state"] == "accepted"
        other = Trade()
        asked = a_return(other.order, at=DELIVERED + timedelta(hours=1), kind="quality")
        for reason in ("", "  ", None):
            answer = other.shop.step(f"/returns/{asked.number}/refusal/", {"reason": reason})
            assert answer.status_code in (400, 422) and answer.json()["field"] == "reason"
        told = other.shop.step(f"/returns/{asked.number}/refusal/", {"reason": "杯口没有裂痕"})
        assert told.json()["state"] == "refused" and "杯口" not in told.content.decode()

    def test_says_nothing_of_the_buyer(self, trade):
        self.returned(trade)
        text = trade.shop.get("/returns/").content.decode()
        assert "林" not in text and str(trade.buyer.subject_id) not in text

    def test_each_scope_and_seat_opens_its_own_part(self, trade):
        found = self.returned(trade, kind="quality")
        reads = Program(trade.member, merchant=trade.merchant, scopes=[Scope.RETURNS], at=THEN)
        assert reads.get("/returns/").status_code == 200
        assert reads.step(f"/returns/{found.number}/acceptance/").json()["code"] == "token_scope"
        clerk = a_member(trade.merchant, [Capability.READ])
        by_clerk = Program(clerk, merchant=trade.merchant, at=THEN)
        assert by_clerk.get("/returns/").status_code == 200
        for answer in (by_clerk.step(f"/returns/{found.number}/acceptance/"), by_clerk.get("/refunds/")):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        Membership.objects.filter(subject_id=trade.member.subject_id).update(ended_at=THEN)
        assert trade.shop.get("/returns/").status_code == 404
        assert Return.objects.get().state == "asked"


def test_foreign_and_absent_look_alike(trade):
    found = a_return(trade.order, at=DELIVERED + timedelta(hours=1))
    stranger = Program(a_buyer(), at=THEN)
    other_shop = a_merchant()
    rival = Program(a_member(other_shop), merchant=other_shop, at=THEN)
    calls = [
        (stranger, "get", "/orders/{order}/", None),
        (stranger, "get", "/orders/{order}/refunds/", None),
        (stranger, "post", "/orders/{order}/cancellation/", {}),
        (stranger, "post", "/orders/{order}/delivery/", {}),
        (stranger, "post", "/orders/{order}/return-quotes/", trade.lines()),
        (stranger, "post", "/orders/{order}/returns/", trade.lines()),
        (stranger, "get", "/checkouts/{payment}/", None),
        (stranger, "get", "/returns/{return}/", None),
        (stranger, "post", "/returns/{return}/parcel/", {"tracking_number": "SF1234567890"}),
        (stranger, "post", "/returns/{return}/withdrawal/", {}),
        (rival, "get", "/orders/{order}/refunds/", None),
        (rival, "post", "/orders/{order}/cancellation/", {}),
        (rival, "get", "/returns/{return}/", None),
        *(
            (rival, "post", f"/returns/{{return}}/{step}/", {})
            for step in ("acceptance", "receipt", "refund")
        ),
        (rival, "post", "/returns/{return}/refusal/", {"reason": "no"}),
    ]
    there = {"order": trade.order.number, "return": found.number, "payment": _payment(trade)}
    nowhere = {"order": "Z000000000", "return": "R000000000", "payment": "P000000000"}
    for program, method, path, body in calls:
        answers = [
            program.call(method, path.format(**names), body, key="" if method == "get" else a_key())
            for names in (there, nowhere)
        ]
        assert [each.status_code for each in answers] == [404, 404], path
        assert answers[0].json() == answers[1].json(), path
    for path in (
        "/orders/",
        "/returns/",
        "/refunds/",
        "/account/?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
    ):
        assert rival.get(f"{trade.shop.base}{path}").status_code == 404
    assert rival.get("/returns/").json()["results"] == rival.get("/refunds/").json()["results"] == []
    assert Return.objects.get().state == "accepted"


def _payment(trade):
    from payments.models import Payment

    return Payment.objects.get(pk=trade.order.payment_id).number
