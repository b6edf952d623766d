"""The providers we know, by name."""

from __future__ import annotations

from kernel.errors import NotFound
from payments.gateways.alipay import AlipayGateway
from payments.gateways.protocol import Gateway
from payments.gateways.sandbox import SandboxGateway
from payments.gateways.stripe import StripeGateway
from payments.gateways.wechatpay import WeChatPayGateway

_ALL: tuple[Gateway, ...] = (AlipayGateway(), WeChatPayGateway(), StripeGateway(), SandboxGateway())
GATEWAYS: dict[str, Gateway] = {gateway.name: gateway for gateway in _ALL}


def gateway(name: str) -> Gateway:
    """:raises NotFound:"""
    try:
        return GATEWAYS[name]
    except KeyError:
        raise NotFound() from None


def offered(currency: str) -> list[Gateway]:
    """Those that payers may choose here for a sum in `currency`."""
    return [one for one in GATEWAYS.values() if one.is_offered() and currency in one.currencies]


def paying_out() -> list[Gateway]:
    """Those that shops can be paid through."""
    return [one for one in GATEWAYS.values() if one.is_offered() and one.pays_out]


def paying_gateway(name: str) -> Gateway:
    """:raises NotFound: also for one that pays no shops"""
    found = gateway(name)
    if found not in paying_out():
        raise NotFound()
    return found


def offered_gateway(name: str, currency: str) -> Gateway:
    """:raises NotFound: also for one that isn't offered here or can't take that currency"""
    found = gateway(name)
    if found not in offered(currency):
        raise NotFound()
    return found
