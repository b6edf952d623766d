"""Made to order, over HTTP: said before, reserved and nothing taken, confirmed and sent, or let go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from notifications.models import Letter
from orders.models import Order
from payments.models import Refund
from payments.sandbox import straight
from payments.sandbox_models import SandboxCharge
from tests.builders.people import a_buyer, a_member
from tests.builders.reserved import made_to_order, work
from tests.journeys import shopping

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=3)


def read(browser: Any, address: str, at: datetime = AT) -> str:
    with clock.frozen(at):
        answer = browser.get(address)
        assert answer.status_code == 200
        text: str = answer.content.decode()
        return text


def reserved(buyer: Any, listing: Any) -> Order:
    """Ordered on the check page, and reserved at the sandbox."""
    with clock.frozen(AT):
        shopping.put_in_cart(buyer.client, listing)
        answer = shopping.check_out(buyer.client)
        assert answer.status_code == 303, answer.content.decode()
        paying = read(buyer.client, answer["Location"])
        assert "现在只预留金额：店铺确认之前不会扣款。" in paying
        assert "店铺会先确认能否供货。" in paying
        straight.pay(answer["Location"].rstrip("/").rpartition("/")[2], at=AT)
        shopping.drain(AT)
    return Order.objects.get()


def of_shop(order: Order, name: str) -> str:
    return reverse(f"orders:{name}", args=[order.merchant.slug, order.number])


def test_reserved_confirmed_and_sent() -> None:
    buyer, listing = a_buyer(), made_to_order()
    order = reserved(buyer, listing)
    page = read(buyer.client, reverse("orders:order", args=[order.number]))
    assert "已预授权：等商家确认" in page and "只是预授权" in page
    assert order.number in read(buyer.client, reverse("orders:list") + "?tab=reserved")
    kinds = set(Letter.objects.values_list("kind", flat=True))
    assert "orders.order_reserved" in kinds and not SandboxCharge.objects.exists()
    member = a_member(order.merchant)
    with clock.frozen(LATER):
        answer = member.client.post(
            of_shop(order, "merchant-confirmation"), {"idempotency_key": shopping.key()}
        )
        assert answer.status_code == 303
    work(LATER)
    with clock.frozen(LATER):
        shopping.ship(member.client, order, "SF0000777001")
    order.refresh_from_db()
    assert (order.state, SandboxCharge.objects.get().amount_minor) == ("shipped", order.total_minor)
    page = read(buyer.client, reverse("orders:order", args=[order.number]), LATER)
    assert "商家已确认" in page


def test_the_buyer_cancels_before_the_shop_has_spoken() -> None:
    buyer = a_buyer()
    order = reserved(buyer, made_to_order())
    address = reverse("orders:cancellation", args=[order.number])
    assert "不需要退款" in read(buyer.client, address, LATER)
    with clock.frozen(LATER):
        answer = buyer.client.post(address, {"idempotency_key": shopping.key()})
        assert answer.status_code == 303
    work(LATER)
    order.refresh_from_db()
    assert order.state == "cancelled" and not Refund.objects.exists() and not SandboxCharge.objects.exists()
    assert "没有扣款：预授权的金额已释放。" in read(
        buyer.client, reverse("orders:order", args=[order.number]), LATER
    )
    assert Letter.objects.filter(kind="orders.order_let_go").count() == 1
