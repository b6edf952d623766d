"""Steps of shopping over HTTP, as a browser without scripts takes them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from deadlines.sweep import sweep_all
from kernel import clock
from kernel.ids import new_id as new_id
from orders.carriers import sandbox
from orders.models import Order, Return
from outbox import platform_clock, relay
from payments.models import Payment
from payments.sandbox import straight

RECIPIENT = {
    "name": "林未",
    "phone": "138 0013 8000",
    "address": "上海市徐汇区漕溪北路 88 号 6 幢 1204 室",
    "note": "",
}


def key() -> str:
    return uuid4().hex


def hidden(page: Any, name: str) -> str:
    """The value of a hidden input of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found, f"the page has no field {name}"
    return found.group(1)


def put_in_cart(browser: Client, listing: Any, quantity: int = 1) -> None:
    answer = browser.post(reverse("orders:cart-lines"), {"listing": listing.pk, "quantity": quantity})
    assert answer.status_code == 303, answer.content.decode()


def check_out(browser: Client, **changes: str) -> Any:
    """Fill in the checkout page and press the button; gives the answer."""
    return browser.post(reverse("orders:checkout"), form_of_checkout(browser, **changes))


def form_of_checkout(browser: Client, **changes: str) -> dict[str, str]:
    """The checkout page, filled in."""
    form = browser.get(reverse("orders:checkout"))
    assert form.status_code == 200
    return {
        **RECIPIENT,
        "seen_total": hidden(form, "seen_total"),
        "idempotency_key": hidden(form, "idempotency_key"),
        **changes,
    }


def buy(browser: Client, at: datetime, **changes: str) -> list[Order]:
    """Check out, and pay at the sandbox provider; gives the orders."""
    answer = check_out(browser, **changes)
    assert answer.status_code == 303, answer.content.decode()
    number = answer["Location"].rstrip("/").rpartition("/")[2]
    straight.pay(number, at=at)
    drain(at)
    return list(Order.objects.of_payment(Payment.objects.get(number=number).pk))


def ship(browser: Client, order: Order, tracking: str) -> None:
    address = reverse("orders:merchant-shipment", args=[order.merchant.slug, order.number])
    answer = browser.post(address, {"tracking_number": tracking, "idempotency_key": key()})
    assert answer.status_code == 303, answer.content.decode()


def carrier_says(tracking: str, kind: str, at: datetime, event_id: str = "") -> Any:
    """The carrier's signed event, by HTTP."""
    headers, body = sandbox.write(tracking_number=tracking, kind=kind, at=at, event_id=event_id)
    answer = Client().generic(
        "POST", reverse("orders:carrier-webhook"), body, "application/json", headers=headers
    )
    drain(at)
    return answer


def return_goods(browser: Client, order: Order, quantity: int = 1) -> Return:
    """Both steps of the wizard; gives the return."""
    line = order.lines.get()
    told = {"kind": "no_reason", "note": "", f"line_{line.pk.hex}": quantity}
    step = browser.post(reverse("orders:return-check", args=[order.number]), told)
    assert step.status_code == 200, step.content.decode()
    told["idempotency_key"] = hidden(step, "idempotency_key")
    answer = browser.post(reverse("orders:returns", args=[order.number]), told)
    assert answer.status_code == 303, answer.content.decode()
    return Return.objects.get(number=answer["Location"].rstrip("/").rpartition("/")[2])


def drain(at: datetime) -> None:
    with clock.frozen(at):
        relay.drain_all()


def time_passes(at: datetime) -> None:
    """Sweep and hand on, as of `at`, until nothing more is due."""
    with platform_clock.frozen(at):
        while sweep_all():
            relay.drain_all()


def later(at: datetime, **by: int) -> datetime:
    return at + timedelta(**by)
