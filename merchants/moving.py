"""The only code that writes `Merchant.state`."""

from __future__ import annotations

from datetime import datetime

from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, Invalid
from merchants import parties
from merchants.lifecycle import MERCHANT, MerchantState
from merchants.models import Merchant, MerchantMove
from privacy import commitments


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = N_("Write the reason: the merchant reads it, and can appeal against it.")


def move(
    merchant: Merchant,
    name: str,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    rule_id: str = "",
    **changes: object,
) -> MerchantMove:
    """Make a move on a locked merchant, keep it as history, and queue its evidence leaf.

    :raises IllegalMove, ReasonMissing, PartyMayNotAct:
    """
    if not reason.strip():
        raise ReasonMissing
    parties.refuse_party(merchant_id=merchant.pk, actor=actor)
    came_from, merchant.state = merchant.state, MERCHANT.target(merchant.state, name)
    if merchant.state == MerchantState.CLOSED:
        changes |= {"closed_at": at, "closing_at": None}
    for field, value in changes.items():
        setattr(merchant, field, value)
    merchant.save(update_fields=["state", *changes])
    done = MerchantMove.objects.create(
        merchant=merchant,
        name=name,
        from_state=came_from,
        to_state=merchant.state,
        reason=reason.strip(),
        rule_id=rule_id,
        actor=str(actor),
        at=at,
    )
    leaf(
        merchant,
        name,
        {"move": str(done.pk), "to": str(merchant.state), "reason": done.reason, "rule": rule_id},
        at,
    )
    return done


def leaf(merchant: Merchant, name: str, payload: dict[str, object], at: datetime) -> None:
    """Queue the salted commitment to a fact about the merchant."""
    label = f"merchants.merchant.{name}"
    sealed = commitments.commit(
        subject_id=merchant.subject_id, label=label, reference=merchant.pk, payload=payload
    )
    log.queue(label=label, reference=merchant.pk, commitment=sealed, at=at)
