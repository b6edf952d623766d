"""The sandbox reserves: set aside at its till, then taken (all or a part) or let go by a signed call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from payments.gateways import documents
from payments.gateways.protocol import Answer, NoticeKind
from payments.sandbox import interface, till
from payments.sandbox_models import SandboxCharge, SandboxDelivery, SandboxHold

HELD, CAPTURED, RELEASED = "held", "captured", "released"


@transaction.atomic
def hold(order: till.Order, *, more: int, due_at: datetime, at: datetime) -> SandboxDelivery | None:
    """Set aside what the payer agreed to, once; the shop is told at `due_at`. None: it was told before."""
    made, new = SandboxHold.objects.get_or_create(
        payment_number=order.payment,
        defaults={
            "amount_minor": order.amount_minor + more,
            "currency": order.currency,
            "state": HELD,
            "held_at": at,
        },
    )
    return till.notify(_facts(made, NoticeKind.AUTHORISED, at), due_at=due_at) if new else None


def call(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """What a reservation is in; with `take`, after taking so much of it (0: letting it go).

    404: there is none. 409: it is over, or another sum was taken. 422: more than is reserved.
    :raises ForgedNotice: when the caller isn't the shop
    """
    return _call(interface.read(headers, body, at=at), at=at)


@transaction.atomic
def _call(document: dict[str, Any], *, at: datetime) -> Answer:
    number = documents.text(document, "payment")
    held = SandboxHold.objects.select_for_update().filter(payment_number=number).first()
    if held is None:
        return Answer(404, b"{}")
    if "take" in document:
        amount = documents.whole(document, "take")
        if amount > held.amount_minor:
            return Answer(422, b"{}")
        if not _take(held, amount, at=at):
            return Answer(409, b"{}")
    return Answer(200, documents.write(_told(held)))


def _take(held: SandboxHold, amount: int, *, at: datetime) -> bool:
    """False: it ended otherwise before."""
    if held.state != HELD:
        charge = SandboxCharge.objects.filter(payment_number=held.payment_number, copy=0).first()
        return amount == (charge.amount_minor if charge else 0)
    if not amount:
        let_go(held, at=at)
        return True
    held.state = CAPTURED
    held.save(update_fields=["state"])
    till.notify(till.captured(_charge(held, amount, at=at)), due_at=at)
    return True


def let_go(held: SandboxHold, *, at: datetime) -> None:
    """The shop doesn't want it, or (in tests) the bank doesn't wait any longer."""
    held.state = RELEASED
    held.save(update_fields=["state"])
    till.notify(_facts(held, NoticeKind.RELEASED, at), due_at=at)


def _charge(held: SandboxHold, amount: int, *, at: datetime) -> SandboxCharge:
    return SandboxCharge.objects.create(
        payment_number=held.payment_number,
        copy=0,
        amount_minor=amount,
        currency=held.currency,
        taken_at=at,
    )


def _told(held: SandboxHold) -> dict[str, Any]:
    charge = SandboxCharge.objects.filter(payment_number=held.payment_number, copy=0).first()
    return {
        "hold": str(held),
        "state": held.state,
        "amount": charge.amount_minor if charge else held.amount_minor,
        "charge": till.charge_id(charge.pk) if charge else "",
        "currency": held.currency,
    }


def _facts(held: SandboxHold, kind: NoticeKind, at: datetime) -> dict[str, Any]:
    return {
        "kind": kind.value,
        "payment": held.payment_number,
        "authorisation": str(held),
        "amount": held.amount_minor,
        "currency": held.currency,
        "created": at.isoformat(),
    }
