"""The sandbox's interface for shops: refunds and the day's statement, both signed by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from payments.gateways import documents, sandbox_keys, signing
from payments.gateways.protocol import Answer, ForgedNotice, NoticeKind
from payments.sandbox import till
from payments.sandbox_models import SandboxCharge, SandboxPayout, SandboxRefund


def read(headers: Mapping[str, str], body: bytes, *, at: datetime) -> dict[str, Any]:
    """The shop's document. :raises ForgedNotice: when the caller isn't the shop"""
    signing.verify(headers, body, secrets=sandbox_keys.secrets(sandbox_keys.API), at=at)
    document = documents.read(body)
    if document.get("account") != sandbox_keys.ACCOUNT:
        raise ForgedNotice()
    return document


def refund(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """Take an order to give money back: 202 with the notice to follow, 422 when it can't be.

    :raises ForgedNotice: when the caller isn't the shop
    """
    return _refund(read(headers, body, at=at), at=at)


@transaction.atomic
def _refund(document: dict[str, Any], *, at: datetime) -> Answer:
    key, amount = documents.text(document, "key"), documents.whole(document, "amount")
    charge = charge_named(documents.text(document, "charge"))
    known = SandboxRefund.objects.filter(idempotency_key=key).first()
    if known is not None:
        same = (known.amount_minor, known.charge_id) == (amount, charge and charge.pk)
        state = "paid" if known.paid else "failed"
        return Answer(202, documents.write({"state": state})) if same else Answer(409, b"{}")
    if charge is None or document.get("currency") != charge.currency or not 0 < amount <= _left(charge):
        return Answer(422, b"{}")
    made = SandboxRefund.objects.create(
        idempotency_key=key,
        charge=charge,
        amount_minor=amount,
        currency=charge.currency,
        paid=not charge.refunds_fail,
        made_at=at,
    )
    kind = NoticeKind.REFUND_PAID if made.paid else NoticeKind.REFUND_FAILED
    till.notify(
        {
            "kind": kind.value,
            "payment": charge.payment_number,
            "charge": till.charge_id(charge.pk),
            "refund": key,
            "amount": amount,
            "currency": charge.currency,
            "created": at.isoformat(),
        },
        due_at=at,
    )
    return Answer(202, b"{}")


def payment(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """What became of a payment: 200 with its first charge, 404 while nothing was taken.

    :raises ForgedNotice: when the caller isn't the shop
    """
    number = documents.text(read(headers, body, at=at), "payment")
    charge = SandboxCharge.objects.filter(payment_number=number, copy=0).first()
    if charge is None:
        return Answer(404, b"{}")
    line = _line("charge", "", charge.amount_minor, charge.currency)
    return Answer(200, documents.write({**line, "charge": till.charge_id(charge.pk)}))


def charge_named(text: str) -> SandboxCharge | None:
    try:
        pk = UUID(hex=text.removeprefix("ch_"))
    except ValueError:
        return None
    return SandboxCharge.objects.select_for_update().filter(pk=pk).first()


def _left(charge: SandboxCharge) -> int:
    given = charge.refunds.filter(paid=True).aggregate(minor=Sum("amount_minor"))["minor"]
    return charge.amount_minor - int(given or 0)


def statement(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """All charges, paid refunds and payouts of one UTC day.

    :raises ForgedNotice: when the caller isn't the shop
    """
    document = read(headers, body, at=at)
    try:
        start = datetime.combine(date.fromisoformat(documents.text(document, "day")), time(), UTC)
    except ValueError:
        return Answer(422, b"{}")
    span = (start, start + timedelta(days=1))
    charges = SandboxCharge.objects.filter(taken_at__gte=span[0], taken_at__lt=span[1])
    refunds = SandboxRefund.objects.filter(made_at__gte=span[0], made_at__lt=span[1], paid=True)
    lines = [
        _line("charge", till.charge_id(c.pk), c.amount_minor, c.currency) for c in charges.order_by("id")
    ]
    gone = SandboxPayout.objects.filter(ready_at__gte=span[0], ready_at__lt=span[1], paid=True)
    lines += [_line("payout", p.idempotency_key, -p.amount_minor, p.currency) for p in gone.order_by("id")]
    lines += [_line("refund", r.idempotency_key, -r.amount_minor, r.currency) for r in refunds.order_by("id")]
    return Answer(200, documents.write({"lines": lines}))


def _line(kind: str, key: str, amount: int, currency: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "amount": amount, "currency": currency}
