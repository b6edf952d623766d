"""Many parcels at once: checked first, sent row by row, part by part, and safe to begin again."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kernel import clock
from orders import bulk_rows, bulk_shipping
from orders.models import Order, ParcelLine, Shipment
from tests.builders.orders import ORDERED, an_order
from tests.builders.people import a_member
from tests.builders.shops import a_listing, a_merchant

pytestmark = pytest.mark.django_db
LATER = ORDERED + timedelta(hours=2)


@pytest.fixture
def shop(db):
    """A shop's member with its address, and a listing."""
    merchant = a_merchant()
    return a_member(merchant), reverse("orders:merchant-shipments", args=[merchant.slug]), a_listing(
        merchant=merchant, stock=20
    )  # fmt: skip


def post(member, address, **told):
    with clock.frozen(LATER):
        return member.client.post(address, told)


def codes(order, text, *, send=False):
    rows, actor = bulk_rows.from_text(text), a_member(order.merchant).actor
    if send:
        found = bulk_shipping.ship_rows(merchant_id=order.merchant_id, rows=rows, actor=actor, at=LATER)
    else:
        found = bulk_shipping.check(merchant_id=order.merchant_id, rows=rows)
    return [each.refusal.code if each.refusal else "before" if each.before else each.pieces for each in found]


class TestOverHTTP:
    def test_checks_first_and_sends_each_row_by_itself(self, shop):
        member, address, listing = shop
        first, second, foreign = an_order(listing=listing), an_order(listing=listing), an_order()
        good = f"{first.number} SF 1111 2222\n\n{second.number},SF33334444"
        text = f"{good}\n{foreign.number} SF55556666\nnonsense"
        checked = post(member, address, rows=text)
        assert checked.status_code == 200 and "发出 2 个包裹" in checked.content.decode()
        assert not Shipment.objects.filter(order__in=[first, second]).exists()
        sent = post(member, address, rows=text, step="send")
        assert sent.status_code == 200
        states = {order.pk: order.state for order in Order.objects.all()}
        assert states == {first.pk: "shipped", second.pk: "shipped", foreign.pk: "paid"}
        # What was wrong stands in the field again, what was sent doesn't.
        left = sent.content.decode().partition("<textarea")[2].partition("</textarea>")[0]
        assert foreign.number in left and first.number not in left
        again = post(member, address, rows=text, step="send").content.decode()
        assert "此前已寄出" in again and Shipment.objects.filter(order__in=[first, second]).count() == 2

    def test_a_workbook_with_parts(self, shop):
        member, address, listing = shop
        order = an_order(listing=listing, quantity=3)
        sku = order.lines.get().variant.sku
        book = openpyxl.Workbook()
        for row in (
            ["订单号", "运单号", "SKU", "数量"],
            [order.number, "SF10000001", sku, 1],
            [order.number, "SF10000002", sku, 2],
        ):
            book.active.append(row)
        held = io.BytesIO()
        book.save(held)
        upload = SimpleUploadedFile("parcels.xlsx", held.getvalue())
        checked = post(member, address, rows="", file=upload).content.decode()
        assert "发出 2 个包裹" in checked and not ParcelLine.objects.exists()
        lines = checked.partition('<textarea name="rows" hidden>')[2].partition("</textarea>")[0]
        post(member, address, rows=lines, step="send")
        found = {each.shipment.tracking_number: each.quantity for each in ParcelLine.objects.all()}
        assert found == {"SF10000001": 1, "SF10000002": 2}
        assert Order.objects.get(pk=order.pk).state == "shipped"

    @pytest.mark.parametrize(
        ("told", "says"),
        [
            ({"rows": ""}, "没有要寄的行"),
            ({"rows": "A SF1234567\n" * 501}, "500"),
            ({"rows": "", "file": SimpleUploadedFile("a.csv", b"name,price\n1,2\n")}, "order"),
            ({"rows": "", "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken")}, "xlsx"),
        ],
        ids=["nothing", "too many", "other columns", "damaged"],
    )
    def test_refused_whole(self, shop, told, says):
        member, address, _listing = shop
        answer = post(member, address, **told, step="send")
        assert answer.status_code == 422 and says in answer.content.decode()
        assert not Shipment.objects.exists()


class TestRows:
    def test_each_row_says_what_is_wrong(self):
        order = an_order()
        text = (
            f"{order.number} SF11112222\n{order.number} SF99998888\nA0000000000 SF11113333\n{order.number} 12"
        )
        # The second finds nothing left, because the first takes all.
        wanted = [1, "nothing_to_send", "order_unknown", "tracking_number_invalid"]
        assert codes(order, text) == wanted and not Shipment.objects.exists()
        assert codes(order, text, send=True) == wanted

    def test_parts(self):
        order = an_order(listing=a_listing(), quantity=3)
        sku = order.lines.get().variant.sku
        number = order.number
        text = f"{number},SF10000001,{sku},2\n{number},SF10000002,{sku},2\n{number},SF10000003,{sku},x"
        assert codes(order, text) == [2, "pieces_out_of_range", "pieces_unreadable"]
        assert codes(order, f"{number},SF10000004,NOBODY,1") == ["sku_not_in_order"]
        # One wrong row keeps its whole parcel back.
        text = f"{number},SF10000005,{sku},1\n{number},SF10000005,NOBODY,1"
        assert codes(order, text, send=True) == ["row_of_same_parcel", "sku_not_in_order"]
        assert not Shipment.objects.exists()

    def test_begun_again_it_goes_on(self):
        order = an_order(listing=a_listing(), quantity=3)
        sku = order.lines.get().variant.sku
        text = f"{order.number},SF10000001,{sku},1\n{order.number},SF10000002"
        assert codes(order, text.splitlines()[0], send=True) == [1]
        assert codes(order, text, send=True) == ["before", 2]
        assert codes(order, text, send=True) == ["before", "before"]
        assert order.lines.get().sent_quantity == 3 and order.shipments.count() == 2

    def test_another_shops_number_is_taken(self):
        order, other = an_order(), an_order(shipped=True)
        taken = other.shipments.get().tracking_number
        assert codes(order, f"{order.number} {taken}", send=True) == ["tracking_number_taken"]
        assert Order.objects.get(pk=order.pk).state == "paid"
