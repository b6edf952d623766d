"""The providers we know, by name."""

from __future__ import annotations

from kernel.errors import NotFound
from merchants.payout_channels import PayoutChannel
from payments.gateways.alipay import AlipayGateway
from payments.gateways.alipay_holds import AlipayAuthoriser
from payments.gateways.alipay_payouts import AlipayPaymaster
from payments.gateways.authorising import Authoriser
from payments.gateways.paying import Paymaster
from payments.gateways.protocol import Gateway
from payments.gateways.sandbox import SandboxGateway
from payments.gateways.sandbox_holds import SandboxAuthoriser
from payments.gateways.sandbox_payouts import SandboxPaymaster
from payments.gateways.stripe import StripeGateway
from payments.gateways.stripe_holds import StripeAuthoriser
from payments.gateways.stripe_payouts import StripePaymaster
from payments.gateways.wechatpay import WeChatPayGateway
from payments.gateways.wechatpay_payouts import WeChatPayPaymaster

_ALIPAY, _WECHATPAY, _STRIPE = AlipayGateway(), WeChatPayGateway(), StripeGateway()
_SANDBOX = SandboxGateway()
_ALL: tuple[Gateway, ...] = (_ALIPAY, _WECHATPAY, _STRIPE, _SANDBOX)
_PAYING: tuple[Paymaster, ...] = (
    AlipayPaymaster(_ALIPAY),
    WeChatPayPaymaster(_WECHATPAY),
    StripePaymaster(_STRIPE),
    SandboxPaymaster(),
)
PAYMASTERS: dict[str, Paymaster] = {one.name: one for one in _PAYING}
# Who can reserve first. WeChat Pay isn't here: its products that we use take the money at once.
_RESERVING: tuple[Authoriser, ...] = (
    AlipayAuthoriser(_ALIPAY),
    StripeAuthoriser(_STRIPE),
    SandboxAuthoriser(_SANDBOX),
)
AUTHORISERS: dict[str, Authoriser] = {one.name: one for one in _RESERVING}
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


def paymaster(name: str) -> Paymaster:
    """:raises NotFound:"""
    try:
        return PAYMASTERS[name]
    except KeyError:
        raise NotFound() from None


def paying_out(channel: PayoutChannel | None = None, currency: str = "CNY") -> list[Paymaster]:
    """Those that can pay a sum in `currency` into an account of that channel here (None: of any)."""
    return [
        one
        for one in PAYMASTERS.values()
        if gateway(one.name).is_offered()
        and one.is_able()
        and currency in gateway(one.name).currencies
        and (channel is None or channel in one.channels)
    ]


def offered_gateway(name: str, currency: str) -> Gateway:
    """:raises NotFound: also for one that isn't offered here or can't take that currency"""
    found = gateway(name)
    if found not in offered(currency):
        raise NotFound()
    return found
