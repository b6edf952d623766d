"""Over real connections: the loop carries notices and orders between two sides that only talk HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kernel import clock
from kernel.money import Money
from payments import escrow, refunds, tasks
from payments.gateways.protocol import Request
from payments.gateways.transport import over_http
from payments.models import ProviderCall, SandboxDelivery
from payments.sandbox import till
from tests.builders.money import SYSTEM, a_payment, references
from web.outgoing import Origin


def calls(settings: Any, url: str) -> None:
    settings.LOOPBACK_URL = url
    settings.OUTGOING = frozenset({Origin.of(url, inside=True)})


def choose(number: str, at: datetime) -> None:
    order = till.Order(number, 10_000, "CNY", at, "/")
    till.choose(order, till.Choice.PAY, at=at)


@pytest.mark.django_db(transaction=True)
def test_paid_and_refunded_through_the_loop(live_server: Any, settings: Any) -> None:
    calls(settings, live_server.url)
    at = datetime.now(UTC)
    payment = a_payment(10_000, at=at)
    choose(payment.number, at)
    with clock.frozen(at):
        assert tasks.step() == 1
        payment.refresh_from_db()
        assert payment.state == "captured"
        order = references(payment)[0]
        made = refunds.refund(reference=order, amount=Money(4_000), purpose="r", actor=SYSTEM, at=at)
        # The order goes out, and the notice about it comes in, in one round.
        assert tasks.step() == 2
    made.refresh_from_db()
    assert made.state == "paid" and escrow.balance(order) == Money(6_000)


@pytest.mark.django_db
def test_when_the_other_side_is_down_everything_waits(settings: Any) -> None:
    calls(settings, "http://127.0.0.1:9")
    at = datetime.now(UTC)
    payment = a_payment(10_000, at=at)
    choose(payment.number, at)
    with clock.frozen(at):
        assert tasks.step() == 1
        assert tasks.step() == 0
    waiting = SandboxDelivery.objects.get()
    assert (waiting.delivered_at, waiting.attempts, waiting.last_answer) == (None, 1, "0")
    assert waiting.due_at > at and not ProviderCall.objects.exists()


@pytest.mark.parametrize("path", ["http://elsewhere/", "//elsewhere/", "@elsewhere", ""])
def test_an_address_is_never_taken_from_data(path: str, settings: Any) -> None:
    calls(settings, "http://127.0.0.1:9")
    if path.startswith("/"):
        assert over_http(Request(path, b"")).status == 0
    else:
        with pytest.raises(ValueError, match="not a path"):
            over_http(Request(path, b""))
