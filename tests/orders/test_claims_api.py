"""Repairs, exchanges and the free way back over HTTP for programs, the buyer's and the shop's."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.token_scopes import Scope
from orders.models import Collection, FaultClaim, ReturnLabel
from tests.builders.aftercare import FAULT, a_claim
from tests.builders.labels import faulty, seen
from tests.builders.orders import LIN_WEI, ORDERED, a_return, a_tracking_number, an_order
from tests.builders.people import a_buyer, a_member
from tests.builders.programs import Program, a_key
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
THEN = DELIVERED + timedelta(hours=1)


class Trade:
    """A delivered order of two kettles under warranty, its buyer's program and its shop's."""

    def __init__(self):
        self.buyer = a_buyer(at=ORDERED - timedelta(days=1))
        listing = a_listing(category="electronics")
        self.order = an_order(
            listing=listing, quantity=2, delivered_at=DELIVERED, subject_id=self.buyer.subject_id
        )
        self.line = str(self.order.lines.get().pk)
        self.own = Program(self.buyer, at=THEN)
        self.merchant = listing.merchant
        self.shop = Program(a_member(self.merchant), merchant=self.merchant, at=THEN)
        self.claims = f"/orders/{self.order.number}/lines/{self.line}/claims/"
        self.asked = {"remedy": "repair", "quantity": 1, "fault": FAULT}


@pytest.fixture
def trade(db):
    return Trade()


class TestClaims:
    def test_an_exchange_from_both_sides(self, trade):
        told = trade.own.get(f"/orders/{trade.order.number}/lines/{trade.line}/remedies/").json()
        assert [one["remedy"] for one in told] == ["refund", "exchange", "repair"]
        assert {one["postage_payer"] for one in told} == {"trader"}
        made = trade.own.post(trade.claims, {**trade.asked, "remedy": "exchange"}, key=a_key())
        assert made.status_code == 201
        number = made.json()["number"]
        ours, theirs = f"/fault-claims/{number}", f"/fault-claims/{number}"
        steps = (
            (trade.shop, f"{theirs}/acceptance/", {}, "accepted"),
            (trade.own, f"{ours}/parcel/", {"tracking_number": a_tracking_number()}, "posted"),
            (trade.shop, f"{theirs}/receipt/", {}, "received"),
            (trade.shop, f"{theirs}/taking-on/", {}, "in_hand"),
            (trade.shop, f"{theirs}/parcel/", {"tracking_number": a_tracking_number()}, "sent"),
            (trade.own, f"{ours}/receipt/", {}, "done"),
        )
        for program, path, body, state in steps:
            answer = program.post(path, body, key=a_key())
            assert (answer.status_code, answer.json()["state"]) == (200, state), path
        assert trade.own.get("/fault-claims/").json()["total"] == 1
        assert trade.shop.get("/fault-claims/?state=done").json()["results"][0]["number"] == number
        assert FAULT not in trade.shop.get(f"{theirs}/").content.decode()

    def test_the_same_key_asks_once(self, trade):
        key = a_key()
        first, again = (trade.own.post(trade.claims, trade.asked, key=key) for _ in range(2))
        assert first.json() == again.json() and again["Idempotency-Replayed"] == "true"
        assert FaultClaim.objects.count() == 1
        other = trade.own.post(trade.claims, {**trade.asked, "quantity": 2}, key=key)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")

    @pytest.mark.parametrize(
        ("change", "status", "field"),
        [
            ({"remedy": "refund"}, 400, "remedy"),
            ({"quantity": 0}, 400, "quantity"),
            ({"quantity": 3}, 422, "quantity"),
            ({"fault": ""}, 400, "fault"),
            ({"fault": "坏" * 501}, 400, "fault"),
            ({"extra": 1}, 400, "extra"),
            ({"repeats": "00000000-0000-0000-0000-000000000001"}, 422, "repeats"),
        ],
    )
    def test_bad_input_is_named_and_writes_nothing(self, trade, change, status, field):
        answer = trade.own.post(trade.claims, {**trade.asked, **change}, key=a_key())
        assert answer.status_code == status and field in answer.content.decode()
        assert not FaultClaim.objects.exists()

    def test_refused_and_withdrawn(self, trade):
        claim = a_claim(trade.order, at=DELIVERED)
        refused = trade.shop.post(f"/fault-claims/{claim.number}/refusal/", {"reason": "进水"}, key=a_key())
        assert refused.json()["state"] == "refused"
        withdrawn = trade.own.post(f"/fault-claims/{claim.number}/withdrawal/", {}, key=a_key())
        assert withdrawn.json()["state"] == "closed"
        late = trade.own.post(f"/fault-claims/{claim.number}/withdrawal/", {}, key=a_key())
        assert late.status_code == 409

    def test_is_their_own_and_needs_its_scope(self, trade):
        claim = a_claim(trade.order, at=DELIVERED)
        path = f"/fault-claims/{claim.number}/"
        assert Program(a_buyer(), at=THEN).get(path).status_code == 404
        elsewhere = a_listing(category="electronics").merchant
        assert Program(a_member(elsewhere), merchant=elsewhere, at=THEN).get(path).status_code == 404
        narrow = Program(trade.buyer, at=THEN, scopes=(Scope.OWN_ORDERS,))
        assert narrow.get(path).status_code == 403


class TestTheWayBack:
    def test_a_label_and_a_visit_of_a_return(self, trade):
        made = faulty(trade.order)
        path = f"/returns/{made.number}"
        told = trade.own.get(f"{path}/way-back/").json()
        assert (told["postage_payer"], told["tracking_number"], told["visit"]) == ("trader", "", None)
        assert (told["price_minor"], told["collected_minor"]) == (900, 1200)
        label = trade.own.post(f"{path}/label/", {}, key=a_key())
        number = ReturnLabel.objects.get().tracking_number
        assert (label.status_code, label.json()["tracking_number"]) == (200, number)
        where = {"name": LIN_WEI.name, "phone": LIN_WEI.phone, "address": LIN_WEI.address}
        booked = {"starts_at": told["times"][0]["starts_at"], **where}
        visit = trade.own.post(f"{path}/collection/", booked, key=a_key())
        assert visit.json()["visit"] == told["times"][0]
        assert LIN_WEI.address not in visit.content.decode()
        ended = trade.own.post(f"{path}/collection/end/", {}, key=a_key())
        assert ended.json()["visit"] is None and Collection.objects.get().cause == "cancelled"
        seen(number, "collected", at=THEN + timedelta(hours=2))
        assert trade.own.get(f"{path}/way-back/").json()["used_at"] is not None

    def test_of_goods_to_be_repaired(self, trade):
        claim = a_claim(trade.order, at=DELIVERED - timedelta(hours=12), state="accepted", remedy="repair")
        path = f"/fault-claims/{claim.number}"
        told = trade.own.post(f"{path}/label/", {}, key=a_key()).json()
        assert told["tracking_number"] == ReturnLabel.objects.get(claim=claim).tracking_number
        assert trade.own.get(f"{path}/way-back/").json() == told

    def test_refuses_a_label_at_the_buyers_cost(self, trade):
        made = a_return(trade.order, at=DELIVERED)
        answer = trade.own.post(f"/returns/{made.number}/label/", {}, key=a_key())
        assert (answer.status_code, answer.json()["code"]) == (422, "no_free_label")
        assert trade.own.get(f"/returns/{made.number}/way-back/").json()["times"] == []

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"starts_at": "2026-11-09T03:00:00+08:00"}, 422),
            ({"starts_at": "soon"}, 400),
            ({"phone": "x"}, 422),
            ({"address": ""}, 400),
            ({"floor": "3"}, 400),
        ],
    )
    def test_bad_input_books_nothing(self, trade, change, status):
        made = faulty(trade.order)
        good = {
            "starts_at": "2026-11-10T09:00:00+08:00",
            "name": "林未",
            "phone": "13800138000",
            "address": "上海",
        }
        answer = trade.own.post(f"/returns/{made.number}/collection/", {**good, **change}, key=a_key())
        assert answer.status_code == status
        assert not Collection.objects.exists()
