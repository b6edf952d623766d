"""The ways a shop can be paid, by what its account is."""

from __future__ import annotations

from enum import StrEnum

from kernel.errors import N_


class PayoutChannel(StrEnum):
    """`BANK`: a bank account; the others: an account at a payment provider."""

    BANK = "bank"
    ALIPAY = "alipay"
    WECHATPAY = "wechatpay"
    STRIPE = "stripe"


CHANNEL_WORDS = {
    PayoutChannel.BANK: N_("Bank account"),
    PayoutChannel.ALIPAY: N_("Alipay account"),
    PayoutChannel.WECHATPAY: N_("WeChat Pay account (openid)"),
    PayoutChannel.STRIPE: N_("Connected Stripe account"),
}
