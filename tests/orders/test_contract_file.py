"""The contract as a file: revision, price, rights with their rules, parcels, and who got which data."""

from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from kernel.money import Money
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_buyer
from tests.builders.pickup import a_pickup
from tests.builders.promotions import a_promotion
from tests.builders.shops import a_listing

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(days=3)


def test_it_is_whole_and_the_buyers_alone() -> None:
    buyer, listing = a_buyer(), a_listing(price="200.00", freight="10.00")
    a_promotion(listing.merchant)
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=ORDERED + timedelta(days=2))
    address = reverse("orders:contract", args=[order.number])
    with clock.frozen(LATER):
        page = buyer.client.get(address).content.decode()
        answer = buyer.client.get(f"{address}?format=json")
        assert a_buyer().client.get(f"{address}?format=json").status_code == 404
    told = answer.json()
    (line,) = told["lines"]
    assert "attachment" in answer["Content-Disposition"] and told["schema"] == "anxin.contract.1"
    assert line["revision"]["id"] == str(order.lines.get().revision_id)
    assert (line["each"], line["paid"], told["total"]) == ("200.00", "170.00", "180.00")
    assert (
        [each["amount"] for each in told["taken_off"]]
        == ["30.00"]
        == [each["amount"] for each in line["taken_off"]]
    )
    rules = {right["rule"] for right in line["rights"]}
    assert "cn.return.window" in rules and all(rules)
    parcel = order.outward_parcels[0]
    assert [each["number"] for each in told["parcels"]] == [parcel.tracking_number]
    assert told["parcels"][0]["holds"] == [{"line": 1, "quantity": 1}]
    who = [row["who"] for row in told["shared_with"]]
    assert len(who) == 3 and order.merchant.legal_name in who[0] and who[2] == "模拟快递"
    assert all(name in page for name in who) and parcel.tracking_number in page
    assert order.total == Money(18000)


def test_what_is_picked_up_names_its_point_and_nobody_s_address() -> None:
    buyer = a_buyer()
    order = a_pickup(a_listing(), subject_id=buyer.subject_id, ready=True)
    address = reverse("orders:contract", args=[order.number])
    with clock.frozen(LATER):
        page = buyer.client.get(address).content.decode()
        told = buyer.client.get(f"{address}?format=json").json()
    assert told["delivery"] == {"way": "pickup", "within_days": None, "point": order.point_told}
    assert (told["buyer"]["address"], told["parcels"], told["freight"]) == ("", [], "0.00")
    assert told["shared_with"][0]["what"] == "订单内容、姓名、电话" and len(told["shared_with"]) == 2
    assert "在 徐汇店 自提" in page and f"<dd>{order.recipient}</dd>" in page
