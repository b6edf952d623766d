"""The sandbox's bank: a payer asks a charge back there, the shop answers, the bank decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from payments.gateways import documents
from payments.gateways.protocol import Answer, DisputeIs, NoticeKind
from payments.sandbox import interface, till
from payments.sandbox_models import SandboxCharge, SandboxDispute

TIME_TO_ANSWER = timedelta(days=7)
ENDED = (DisputeIs.WON, DisputeIs.LOST)


@transaction.atomic
def dispute(charge: SandboxCharge, amount_minor: int, *, at: datetime) -> SandboxDispute:
    """The payer asks `amount_minor` of a charge back; the shop is told that something changed."""
    made = SandboxDispute.objects.create(
        charge=charge,
        amount_minor=amount_minor,
        state=DisputeIs.TO_ANSWER,
        answer_by=at + TIME_TO_ANSWER,
        opened_at=at,
    )
    _tell(made, at=at)
    return made


@transaction.atomic
def decide(dispute_id: UUID, *, won: bool, at: datetime) -> SandboxDispute:
    """The bank's word; a dispute that ended stays as it is."""
    held = SandboxDispute.objects.select_for_update().select_related("charge").get(pk=dispute_id)
    if held.state not in ENDED:
        held.state = DisputeIs.WON if won else DisputeIs.LOST
        held.save(update_fields=["state"])
        _tell(held, at=at)
    return held


def answer(headers: Mapping[str, str], body: bytes, *, at: datetime) -> Answer:
    """What a dispute is now; with an answer in the document, after taking that in. 404: there is none.

    :raises ForgedNotice: when the caller isn't the shop
    """
    return _answer(interface.read(headers, body, at=at), at=at)


@transaction.atomic
def _answer(document: dict[str, object], *, at: datetime) -> Answer:
    try:
        pk = UUID(hex=documents.text(document, "dispute").removeprefix("dp_"))
    except ValueError:
        return Answer(404, b"{}")
    held = SandboxDispute.objects.select_for_update().select_related("charge").filter(pk=pk).first()
    if held is None:
        return Answer(404, b"{}")
    if "contested" in document and held.state == DisputeIs.TO_ANSWER:
        held.state = DisputeIs.ANSWERED if document["contested"] is True else DisputeIs.LOST
        held.save(update_fields=["state"])
        _tell(held, at=at)
    found = {
        "dispute": str(held),
        "charge": till.charge_id(held.charge_id),
        "amount": held.amount_minor,
        "currency": held.charge.currency,
        "state": held.state,
        "answer_by": int(held.answer_by.timestamp()),
    }
    return Answer(200, documents.write(found))


def _tell(held: SandboxDispute, *, at: datetime) -> None:
    facts = {
        "kind": NoticeKind.DISPUTE.value,
        "payment": held.charge.payment_number,
        "charge": till.charge_id(held.charge_id),
        "dispute": str(held),
        "amount": held.amount_minor,
        "currency": held.charge.currency,
        "created": at.isoformat(),
    }
    till.notify(facts, due_at=at)
