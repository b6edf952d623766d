"""Faulty goods go back at the shop's cost: the label, its sheet, the carrier's visit, over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kernel import clock
from orders import returns
from orders.carriers import sandbox
from orders.models import Collection, FaultClaim, Return, ReturnLabel
from payments import accounts, ledger
from tests.builders.aftercare import a_claim
from tests.builders.orders import LIN_WEI, a_return, an_order, drain, member_of
from tests.builders.people import a_buyer, a_member
from tests.builders.shops import a_listing
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
DELIVERED = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def people():  # type: ignore[no-untyped-def]
    """A delivered kettle of which the buyer said that it is faulty, and the shop agreed."""
    buyer = a_buyer()
    listing = a_listing(category="electronics")
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    made = a_return(order, at=DELIVERED, kind="quality")
    returns.accept(return_id=made.pk, actor=member_of(order), at=DELIVERED)
    drain(at=DELIVERED)
    return made, buyer.client, a_member(order.merchant).client


def press(client: Client, name: str, /, *args: str, at: datetime = DELIVERED, **told: str):  # type: ignore[no-untyped-def]
    with clock.frozen(at):
        answer = client.post(
            reverse(f"orders:{name}", args=args), {"idempotency_key": shopping.key(), **told}
        )
        drain(at=at)
        return answer


def seen(number: str, kind: str, *, at: datetime) -> int:
    """The carrier's signed event at its webhook."""
    headers, body = sandbox.write(tracking_number=number, kind=kind, at=at)
    with clock.frozen(at):
        answer = Client().post(
            reverse("orders:carrier-webhook"),
            body,
            content_type="application/json",
            headers=headers,
        )
        drain(at=at)
    return answer.status_code


def page_of(client: Client, made: Return, at: datetime = DELIVERED) -> str:
    with clock.frozen(at):
        return client.get(reverse("orders:return-page", args=[made.number])).content.decode()


def test_who_pays_is_said_with_the_sum_before_anything_is_asked_for() -> None:
    buyer = a_buyer()
    order = an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED)
    check = reverse("orders:return-check", args=[order.number])
    told = {f"line_{order.lines.get().pk.hex}": "1"}
    with clock.frozen(DELIVERED):
        free = buyer.client.post(check, {**told, "kind": "quality", "note": "壶盖裂了"}).content.decode()
        own = buyer.client.post(check, {**told, "kind": "no_reason"}).content.decode()
    assert "商家付 ¥9.00" in free and "商家付 ¥12.00" in free and "不用垫付" in free
    assert "参考价 ¥9.00" in own
    assert not Return.objects.exists()


def test_a_label_from_the_page_to_the_carriers_counter(people) -> None:  # type: ignore[no-untyped-def]
    made, buyer, shop = people
    assert "领取免费面单" in page_of(buyer, made) and "上门取件" in page_of(buyer, made)
    assert press(buyer, "return-label", made.number).status_code == 303
    label = ReturnLabel.objects.get()
    shown = page_of(buyer, made)
    assert label.tracking_number in shown and "<svg" in shown
    with clock.frozen(DELIVERED):
        for size in ("", "?size=a6"):
            address = reverse("orders:return-label-sheet", args=[made.number]) + size
            sheet = buyer.get(address)
            text = sheet.content.decode()
            assert sheet.status_code == 200 and label.tracking_number in text and "<svg" in text
            assert LIN_WEI.name not in text and "漕溪北路" not in text and LIN_WEI.phone not in text
        portal = reverse("orders:merchant-return", args=[made.order.merchant.slug, made.number])
        assert "快递扫描后才向你收费" in shop.get(portal).content.decode()
    assert ledger.balance(accounts.carrier("sandbox")).minor == 0
    assert seen(label.tracking_number, "collected", at=DELIVERED + HOUR) == 200
    assert seen(label.tracking_number, "delivered", at=DELIVERED + 30 * HOUR) == 200
    assert Return.objects.get().state == "received"
    assert ledger.balance(accounts.carrier("sandbox")).minor == 900
    with clock.frozen(DELIVERED + 31 * HOUR):
        assert "已向你收取 ¥9.00" in shop.get(portal).content.decode()


def test_a_visit_is_booked_moved_and_cancelled(people) -> None:  # type: ignore[no-untyped-def]
    made, buyer, _shop = people
    page = page_of(buyer, made)
    first, second = "2026-11-09T17:00:00+08:00", "2026-11-10T09:00:00+08:00"
    assert f'value="{first}"' in page and "2026-11-09T13:00" not in page
    where = {"name": LIN_WEI.name, "phone": LIN_WEI.phone, "address": LIN_WEI.address}
    assert press(buyer, "return-collection", made.number, time=first, **where).status_code == 303
    assert LIN_WEI.address in page_of(buyer, made) and "17:00–20:00" in page_of(buyer, made)
    assert press(buyer, "return-collection", made.number, time=second, **where).status_code == 303
    assert list(Collection.objects.order_by("starts_at").values_list("cause", flat=True)) == ["moved", ""]
    assert press(buyer, "return-collection-end", made.number).status_code == 303
    assert not Collection.objects.filter(ended_at=None).exists()
    assert Return.objects.get().state == "accepted"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("time", "2026-11-09T03:00:00+08:00"),
        ("time", "soon"),
        ("time", ""),
        ("phone", "x"),
        ("name", ""),
        ("address", ""),
        ("address", "远" * 201),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(people, field: str, wrong: str) -> None:  # type: ignore[no-untyped-def]
    made, buyer, _shop = people
    told = {
        "time": "2026-11-10T09:00:00+08:00",
        "name": "林未未",
        "phone": "138 0013 8001",
        "address": "上海市长宁区",
    }
    answer = press(buyer, "return-collection", made.number, **{**told, field: wrong})
    text = answer.content.decode()
    assert answer.status_code == 422 and 'class="err"' in text
    assert all(value in text for name, value in told.items() if name not in (field, "time"))
    assert not Collection.objects.exists() and not ReturnLabel.objects.exists()


def test_missed_by_the_carrier_costs_nothing_and_the_page_says_so(people) -> None:  # type: ignore[no-untyped-def]
    made, buyer, _shop = people
    where = {"name": LIN_WEI.name, "phone": LIN_WEI.phone, "address": LIN_WEI.address}
    press(buyer, "return-collection", made.number, time="2026-11-09T17:00:00+08:00", **where)
    late = DELIVERED + 8 * HOUR
    assert seen(ReturnLabel.objects.get().tracking_number, "not_collected", at=late) == 200
    assert "上次没人来取" in page_of(buyer, made, late)
    with clock.frozen(late):
        assert "快递没有上门取" in buyer.get(reverse("notifications:inbox")).content.decode()


def test_goods_to_be_repaired_go_the_same_way() -> None:
    buyer = a_buyer()
    listing = a_listing(category="electronics")
    order = an_order(listing=listing, subject_id=buyer.subject_id, delivered_at=DELIVERED)
    claim = a_claim(order, at=DELIVERED, state="accepted", remedy="repair")
    assert press(buyer.client, "claim-label", claim.number, at=DELIVERED + HOUR).status_code == 303
    label = ReturnLabel.objects.get()
    with clock.frozen(DELIVERED + HOUR):
        page = buyer.client.get(reverse("orders:claim-page", args=[claim.number])).content.decode()
        assert label.tracking_number in page
        sheet = buyer.client.get(reverse("orders:claim-label-sheet", args=[claim.number]))
        assert label.tracking_number in sheet.content.decode()
    assert seen(label.tracking_number, "in_transit", at=DELIVERED + 20 * HOUR) == 200
    assert FaultClaim.objects.get().state == "posted"


def test_the_buyer_who_pays_gets_no_label(people) -> None:  # type: ignore[no-untyped-def]
    buyer = a_buyer()
    made = a_return(an_order(subject_id=buyer.subject_id, delivered_at=DELIVERED), at=DELIVERED)
    page = page_of(buyer.client, made)
    assert "领取免费面单" not in page and "参考价 ¥9.00" in page
    assert press(buyer.client, "return-label", made.number).status_code == 422
    assert not ReturnLabel.objects.exists()


@pytest.mark.parametrize("who", ["another", "member", "nobody"])
@pytest.mark.parametrize("name", ["return-label", "return-collection", "return-collection-end"])
def test_is_the_buyers_own(people, who: str, name: str) -> None:  # type: ignore[no-untyped-def]
    made, _buyer, shop = people
    client = {"another": a_buyer().client, "member": shop, "nobody": Client()}[who]
    assert press(client, name, made.number).status_code == 404
    with clock.frozen(DELIVERED):
        assert client.get(reverse("orders:return-label-sheet", args=[made.number])).status_code == 404
    assert not ReturnLabel.objects.exists()
