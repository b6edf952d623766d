"""The vendors' own libraries speak with our simulators, and read what they say: so both follow the protocol.

They aren't in the lock (one brings a second crypto library). To run this, install wechatpayv3,
python-alipay-sdk and stripe beside the project and put that folder into PYTHONPATH.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from kernel import clock
from kernel.money import Money
from payments.gateways.protocol import Trade, TradeState
from payments.gateways.transport import over_http
from payments.simulators import serving
from payments.simulators.books import TradeIs
from tests.builders.providers import SECRET, Practice, intent, pair, practice
from web.outgoing import Origin

pytestmark = pytest.mark.external
NUMBER = "PVV8J8S9R3G"


def at_work(name: str, settings: Any, folder: Any) -> Iterator[tuple[Practice, str]]:
    on = practice(name, settings, folder)
    with serving.served(on.simulator, now=clock.now) as url:
        for field in ("url", "bills_url"):
            if field in settings.PROVIDERS[name]:
                settings.PROVIDERS[name][field] = url
        settings.OUTGOING = frozenset({Origin.of(url, inside=True)})
        yield on, url


@pytest.fixture
def wechatpay(settings: Any, tmp_path: Any) -> Iterator[tuple[Practice, Any]]:
    sdk = pytest.importorskip("wechatpayv3", reason="the vendor's library isn't installed (see above)")
    for on, url in at_work("wechatpay", settings, tmp_path):
        made = sdk.WeChatPay(
            wechatpay_type=sdk.WeChatPayType.NATIVE,
            mchid="1900",
            private_key=pair("shop")[0].decode(),
            cert_serial_no="5157F0",
            apiv3_key=SECRET,
            appid="wx1",
            notify_url="https://anxin.example/hook",
            public_key=pair("wechatpay")[1].decode(),
            public_key_id="PUB_KEY_ID_0119",
        )
        made._core._gate_way = url
        yield on, made


@pytest.fixture
def alipay(settings: Any, tmp_path: Any) -> Iterator[tuple[Practice, Any]]:
    sdk = pytest.importorskip("alipay", reason="the vendor's library isn't installed (see above)")
    for on, url in at_work("alipay", settings, tmp_path):
        made = sdk.AliPay(
            appid="2021",
            app_notify_url="https://anxin.example/hook",
            app_private_key_string=pair("shop")[0].decode(),
            alipay_public_key_string=pair("alipay")[1].decode(),
            sign_type="RSA2",
        )
        made._gateway = f"{url}/gateway.do"
        yield on, made


@pytest.fixture
def stripe(settings: Any, tmp_path: Any) -> Iterator[tuple[Practice, Any, str]]:
    sdk = pytest.importorskip("stripe", reason="the vendor's library isn't installed (see above)")
    for on, url in at_work("stripe", settings, tmp_path):
        yield on, sdk, url


def asked(on: Practice) -> Any:
    """Our own adapter, over HTTP."""
    now = clock.now()
    request = on.gateway.ask(Trade(NUMBER, ""), at=now)
    return on.gateway.read_asked(over_http(replace(request, provider=on.gateway.name)), at=now)


class TestWeChatPay:
    def test_from_the_order_to_the_refund(self, wechatpay: tuple[Practice, Any]) -> None:
        on, sdk = wechatpay
        ends = (clock.now() + timedelta(minutes=30)).isoformat(timespec="seconds")
        status, said = sdk.pay(
            description="安心订单",
            out_trade_no=NUMBER,
            amount={"total": 12_345, "currency": "CNY"},
            time_expire=ends,
        )
        assert status == 200 and json.loads(said)["code_url"].startswith("weixin://")
        assert asked(on).state is TradeState.WAITING
        on.simulator.books.pay(NUMBER, at=clock.now())
        status, said = sdk.query(out_trade_no=NUMBER)
        assert status == 200 and json.loads(said)["trade_state"] == "SUCCESS"
        seen = asked(on)
        assert (seen.state, seen.amount) == (TradeState.PAID, Money(12_345))
        status, said = sdk.refund(
            transaction_id=seen.charge_id,
            out_refund_no="refund-1",
            amount={"refund": 45, "total": 12_345, "currency": "CNY"},
        )
        assert status == 200 and json.loads(said)["status"] == "SUCCESS"

    def test_its_library_reads_our_simulator_s_notices(self, wechatpay: tuple[Practice, Any]) -> None:
        on, sdk = wechatpay
        now = clock.now()
        on.hand_over(intent(now), now)
        sent = on.simulator.notice_of(on.simulator.books.pay(NUMBER, at=now), at=now)
        headers = {name.title(): value for name, value in sent.headers.items()}
        found = sdk.callback(headers, sent.body)
        assert found["event_type"] == "TRANSACTION.SUCCESS"
        assert found["resource"]["out_trade_no"] == NUMBER
        forged = on.simulator.notice_of(on.simulator.books.trades[NUMBER], at=now, by_stranger=True)
        assert not sdk.callback({n.title(): v for n, v in forged.headers.items()}, forged.body)


class TestAlipay:
    def test_from_the_page_to_the_refund(self, alipay: tuple[Practice, Any]) -> None:
        on, sdk = alipay
        ends = (clock.now() + timedelta(minutes=30)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        query = sdk.api_alipay_trade_page_pay(
            "安心订单", NUMBER, "123.45", return_url="https://anxin.example/back", time_expire=ends
        )
        trade = on.simulator.open_page(f"https://example/gateway.do?{query}", at=clock.now())
        trade.state, trade.paid_at = TradeIs.PAID, clock.now()
        assert sdk.api_alipay_trade_query(out_trade_no=NUMBER)["trade_status"] == "TRADE_SUCCESS"
        seen = asked(on)
        assert (seen.state, seen.amount) == (TradeState.PAID, Money(12_345))
        said = sdk.api_alipay_trade_refund("0.45", trade_no=seen.charge_id, out_request_no="refund-1")
        assert (said["code"], said["fund_change"]) == ("10000", "Y")

    def test_its_library_verifies_our_simulator_s_notices(self, alipay: tuple[Practice, Any]) -> None:
        on, sdk = alipay
        now = clock.now()
        on.hand_over(intent(now), now)
        sent = on.simulator.notice_of(on.simulator.books.pay(NUMBER, at=now), at=now)
        fields = dict(parse_qsl(sent.body.decode()))
        assert sdk.verify(fields, fields.pop("sign"))
        fields = dict(parse_qsl(sent.body.decode())) | {"total_amount": "1.00"}
        assert not sdk.verify(fields, fields.pop("sign"))


class TestStripe:
    def test_from_the_session_to_the_refund(self, stripe: tuple[Practice, Any, str]) -> None:
        on, sdk, url = stripe
        client = sdk.StripeClient("sk_test_1", base_addresses={"api": url})
        ends = int((clock.now() + timedelta(minutes=40)).timestamp())
        goods = {"currency": "cny", "unit_amount": 12_345, "product_data": {"name": "安心订单"}}
        facts = {
            "mode": "payment",
            "client_reference_id": NUMBER,
            "success_url": "https://anxin.example/back",
            "expires_at": ends,
            "line_items": [{"quantity": 1, "price_data": goods}],
        }
        made = client.v1.checkout.sessions.create(params=facts)
        assert made.status == "open"
        on.simulator.books.pay(NUMBER, at=clock.now())
        seen = client.v1.checkout.sessions.retrieve(made.id)
        assert seen.payment_status == "paid"
        told = {"payment_intent": seen.payment_intent, "amount": 45, "metadata": {"refund": "refund-1"}}
        assert client.v1.refunds.create(params=told).status == "succeeded"

    def test_its_library_reads_our_simulator_s_events(self, stripe: tuple[Practice, Any, str]) -> None:
        on, sdk, _url = stripe
        now = clock.now()
        on.hand_over(intent(now), now)
        sent = on.simulator.notice_of(on.simulator.books.pay(NUMBER, at=now), at=now)
        header = sent.headers["stripe-signature"]
        event = sdk.Webhook.construct_event(sent.body, header, "whsec_1")
        assert event["type"] == "payment_intent.succeeded"
        with pytest.raises(sdk.SignatureVerificationError):
            sdk.Webhook.construct_event(sent.body + b" ", header, "whsec_1")
