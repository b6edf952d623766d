"""Simulated providers with keys of their own, and the settings that lead our adapters to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificate

from kernel.money import Money
from payments.gateways.alipay import AlipayGateway
from payments.gateways.alipay_certificates import name_of
from payments.gateways.protocol import Handover, Intent, Request, Trade
from payments.gateways.rsa import Signer, Verifier
from payments.gateways.stripe import StripeGateway
from payments.gateways.wechatpay import WeChatPayGateway
from payments.simulators import keys
from payments.simulators.alipay import AlipaySimulator
from payments.simulators.stripe import StripeSimulator
from payments.simulators.wechatpay import WeChatPaySimulator

ORIGIN = "http://127.0.0.1:9"
SECRET = "k" * 32
NAMES = ("alipay", "wechatpay", "stripe")


@cache
def pair(whose: str) -> tuple[bytes, bytes]:
    """One pair for each name: a key of 2048 bits takes a moment to find."""
    return keys.new_pair()


@dataclass(frozen=True)
class Practice:
    """One provider: our adapter, the simulator behind it, and what a payer does there."""

    gateway: Any
    simulator: Any

    def call(self, request: Request, at: datetime) -> Any:
        return self.simulator.handle(request, at=at)

    def hand_over(self, made: Intent, at: datetime) -> Handover:
        """Begin an attempt and let the payer's browser arrive."""
        begun = self.gateway.begin(made, at=at)
        if isinstance(begun, Request):
            return self.gateway.read_begin(self.call(begun, at), at=at)
        self.simulator.open_page(begun.url, at=at)
        return begun

    def trade(self, made: Intent, at: datetime) -> Trade:
        return Trade(made.number, self.hand_over(made, at).reference)


def intent(at: datetime, number: str = "PVV8J8S9R3G", minor: int = 12_345, **changes: Any) -> Intent:
    facts = {
        "subject": "安心订单",
        "amount": Money(minor),
        "expires_at": at + timedelta(minutes=30),
        "return_url": "https://anxin.example/pay/back",
        "notice_url": "https://anxin.example/webhooks/payments/x",
        "key": f"begin-{number}",
    } | changes
    return Intent(number=number, **facts)


def files(folder: Path) -> Callable[[str, bytes], str]:
    def write(name: str, pem: bytes) -> str:
        path = folder / name
        path.write_bytes(pem)
        return str(path)

    return write


@cache
def certificates() -> dict[str, bytes]:
    """One root, and under it Alipay's certificate and the shop's."""
    root = keys.certificate(pair("root")[0], "Root R1")
    by = (root, pair("root")[0])
    return {
        "our_certificate_file": keys.certificate(pair("shop")[0], "shop", by=by),
        "their_certificate_file": keys.certificate(pair("alipay")[0], "alipay", by=by),
        "root_certificate_file": root,
    }


def _certified(simulator: AlipaySimulator, write: Callable[[str, bytes], str]) -> dict[str, str]:
    """Certificate mode on both sides; gives the settings' fields."""
    held = certificates()
    names = [name_of(load_pem_x509_certificate(pem)) for pem in held.values()]
    simulator.certificates = (names[0], names[2], names[1])
    return {field: write(field, pem) for field, pem in held.items()}


def practice(name: str, settings: Any, folder: Path, *, certified: bool = True) -> Practice:
    """`name`'s simulator and adapter, with `settings.PROVIDERS` leading from one to the other."""
    write = files(folder)
    (private, public), (theirs_private, theirs_public) = pair("shop"), pair(name)
    own, stranger = Signer.of(theirs_private), Signer.of(pair("stranger")[0])
    shared = {"private_key_file": write("ours", private), "their_key_file": write("theirs", theirs_public)}
    if name == "alipay":
        given = {"url": ORIGIN, "bills_url": ORIGIN, "app_id": "2021", "seller_id": "2088"} | shared
        simulator: Any = AlipaySimulator("2021", "2088", Verifier.of(public), own, stranger, ORIGIN)
        given |= _certified(simulator, write) if certified else {}
        made = Practice(AlipayGateway(), simulator)
    elif name == "wechatpay":
        given = shared | {
            "url": ORIGIN,
            "app_id": "wx1",
            "merchant_id": "1900",
            "serial": "5157F0",
            "secret": SECRET,
        }
        given["their_key_id"] = "PUB_KEY_ID_0119"
        simulator = WeChatPaySimulator(
            ORIGIN, "1900", "5157F0", Verifier.of(public), own, "PUB_KEY_ID_0119", SECRET.encode(), stranger
        )
        made = Practice(WeChatPayGateway(), simulator)
    else:
        given = {"url": ORIGIN, "secret_key": "sk_test_1", "webhook_secrets": "whsec_1,whsec_0"}
        made = Practice(StripeGateway(), StripeSimulator(ORIGIN, "sk_test_1", "whsec_1", f"{ORIGIN}/hook"))
    settings.PROVIDERS = {name: given}
    return made
