"""The sandbox pays shops, and payers of its charges: how it ends is read from the account's last digit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from kernel.money import EXPONENTS
from payments.gateways import documents
from payments.gateways.protocol import Answer, NoticeKind
from payments.sandbox import interface, till
from payments.sandbox_models import SandboxPayout

# The last digit of an account that bounces, and of one that is paid late.
BOUNCES, LATE = "9", "8"
LATE_BY = timedelta(hours=1)


def payout(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """Pay a shop (202, the notice follows), or say what became of that (200); 404: it was never ordered.

    :raises ForgedNotice: when the caller isn't the shop
    """
    return _payout(interface.read(headers, body, at=at), at=at)


@transaction.atomic
def _payout(document: dict[str, Any], *, at: datetime) -> Answer:
    key = documents.text(document, "key")
    held = SandboxPayout.objects.filter(idempotency_key=key).first()
    to_payer = "charge" in document
    if not to_payer and "number" not in document:
        return Answer(404, b"{}") if held is None else Answer(200, _said(held, at))
    amount, currency = documents.whole(document, "amount"), documents.text(document, "currency", limit=3)
    if held is not None:
        same = (held.amount_minor, held.currency) == (amount, currency)
        return Answer(202, _said(held, at)) if same else Answer(409, b"{}")
    number = documents.text(document, "number")
    if to_payer and interface.charge_named(documents.text(document, "charge")) is None:
        return Answer(422, b"{}")
    if not key or not (number or to_payer) or amount <= 0 or currency not in EXPONENTS:
        return Answer(422, b"{}")
    bounces = number.endswith(BOUNCES)
    # Where it went isn't kept: the sandbox has no use for it.
    held = SandboxPayout.objects.create(
        idempotency_key=key,
        amount_minor=amount,
        currency=currency,
        paid=not bounces,
        reason="account_closed" if bounces else "",
        made_at=at,
        ready_at=at + LATE_BY if number.endswith(LATE) else at,
    )
    facts = {
        "kind": NoticeKind.PAYOUT.value,
        "payout": key,
        "amount": amount,
        "currency": currency,
        "created": at.isoformat(),
    }
    till.notify(facts, due_at=held.ready_at)
    return Answer(202, documents.write({"state": "pending", "reason": ""}))


def _said(held: SandboxPayout, at: datetime) -> bytes:
    ended = "paid" if held.paid else "failed"
    state = ended if at >= held.ready_at else "pending"
    return documents.write({"state": state, "reason": held.reason if state == "failed" else ""})
