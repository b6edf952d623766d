"""Stripe pays shops by a transfer to their connected account; Stripe sends it on to their bank.

Source: docs.stripe.com/api/transfers (create, list by transfer_group, events transfer.*), read 2026-11. A
transfer is made or refused at once; sent back later it is "reversed".
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from merchants.payout_channels import PayoutChannel
from payments.gateways.paying import PaidOut, PayoutOrder, PayoutTold
from payments.gateways.protocol import Answer, Request, TurnedDown, Unclear
from payments.gateways.stripe import StripeGateway

# Our own balance with it runs dry for a while: asked again with the same key.
AGAIN = ("balance_insufficient", "lock_timeout", "rate_limit")


class StripePaymaster:
    name = "stripe"
    channels = frozenset({PayoutChannel.STRIPE})
    lists_payouts = True
    repays_payers = False

    def __init__(self, gateway: StripeGateway) -> None:
        self._gateway = gateway

    def is_able(self) -> bool:
        return True

    def order(self, order: PayoutOrder, *, at: datetime) -> Request:
        fields = {
            "amount": str(order.amount.minor),
            "currency": order.amount.currency.lower(),
            "destination": order.number,
            "transfer_group": order.key,
            "metadata[payout]": order.key,
        }
        return self._gateway.post("/v1/transfers", fields, key=f"payout-{order.key}")

    def read_order(self, answer: Answer, *, at: datetime) -> PayoutTold:
        try:
            return _told(self._gateway.read(answer))
        except Unclear:
            return PayoutTold(PaidOut.AGAIN)
        except TurnedDown as refusal:
            state = PaidOut.AGAIN if str(refusal) in AGAIN else PaidOut.FAILED
            return PayoutTold(state, str(refusal)[:60])

    def ask(self, order: PayoutOrder, *, at: datetime) -> Request:
        return self._gateway.get(f"/v1/transfers?transfer_group={quote(order.key, safe='')}&limit=10")

    def read_asked(self, answer: Answer, order: PayoutOrder, *, at: datetime) -> PayoutTold:
        try:
            rows = self._gateway.read(answer)["data"]
        except (Unclear, TurnedDown):
            return PayoutTold(PaidOut.AGAIN)
        found = [one for one in rows if (one.get("metadata") or {}).get("payout") == order.key]
        return _told(found[0]) if found else PayoutTold(PaidOut.UNKNOWN)


def _told(transfer: dict[str, Any]) -> PayoutTold:
    if transfer.get("object") != "transfer":
        return PayoutTold(PaidOut.AGAIN)
    back = transfer.get("reversed") is True
    return PayoutTold(PaidOut.FAILED, "reversed") if back else PayoutTold(PaidOut.PAID)
