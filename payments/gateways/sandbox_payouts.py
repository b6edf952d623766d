"""The sandbox pays shops and payers, whatever their account is; see docs/payments-sandbox.md."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from kernel.errors import DomainError
from merchants.payout_channels import PayoutChannel
from payments.gateways import documents, sandbox_keys
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold
from payments.gateways.protocol import Answer, Request
from payments.gateways.sandbox import signed_request

STATES = {"pending": PaidOut.ACCEPTED, "paid": PaidOut.PAID, "failed": PaidOut.FAILED}


class SandboxPaymaster:
    name = "sandbox"
    channels = frozenset(PayoutChannel)
    lists_payouts = True
    repays_payers = True

    def is_able(self) -> bool:
        return True

    def order(self, order: PayoutOrder, *, at: datetime) -> Request:
        body = {
            "account": sandbox_keys.ACCOUNT,
            "amount": order.amount.minor,
            "channel": str(order.channel),
            "currency": order.amount.currency,
            "holder": order.holder,
            "key": order.key,
        } | ({"charge": order.charge_id} if order.charge_id else {"number": order.number})
        return signed_request(reverse("payments:sandbox_payouts"), body, at=at)

    def read_order(self, answer: Answer, *, at: datetime) -> PayoutTold:
        if answer.status == 404:
            return PayoutTold(PaidOut.UNKNOWN)
        if answer.status == 422:
            return PayoutTold(PaidOut.FAILED, "unfit")
        if answer.status not in (200, 202):
            return PayoutTold(PaidOut.AGAIN, str(answer.status))
        try:
            found = documents.read(answer.body)
            return PayoutTold(STATES[documents.text(found, "state")], documents.text(found, "reason"))
        except (DomainError, KeyError):
            return PayoutTold(PaidOut.AGAIN, "unreadable")

    def ask(self, order: PayoutOrder, *, at: datetime) -> Request:
        body = {"account": sandbox_keys.ACCOUNT, "key": order.key}
        return signed_request(reverse("payments:sandbox_payouts"), body, at=at)

    def read_asked(self, answer: Answer, order: PayoutOrder, *, at: datetime) -> PayoutTold:
        return self.read_order(answer, at=at)
