"""How a merchant stands: effects written from above, and restrictions with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel.actor import Actor
from merchants.events import MerchantStandingChanged
from merchants.models import Merchant
from merchants.moving import move
from outbox import bus


@transaction.atomic
def write_effects(
    *,
    merchant_id: UUID,
    grade: str,
    score_permille: int | None,
    payout_delay_days: int,
    rule_id: str,
    at: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Merchant:
    """Write what credit resolved, so that lower floors can show and obey it.

    `facts` is what the gauge explains itself with: {"orders": int, "why": {locale: text},
    "parts": [{"label": {locale: text}, "permille": int, "weight": int}]}.
    :raises NotFound: no such merchant
    """
    merchant = Merchant.objects.locked(merchant_id)
    if merchant.grade != grade or merchant.grade_since is None:
        merchant.grade_since = at
    merchant.grade, merchant.score_permille = grade, score_permille
    merchant.payout_delay_days, merchant.grade_rule_id = payout_delay_days, rule_id
    fields = ["grade", "score_permille", "payout_delay_days", "grade_rule_id", "grade_since"]
    if facts is not None:
        merchant.credit_facts = dict(facts)
        fields.append("credit_facts")
    merchant.save(update_fields=fields)
    return merchant


def restrict(*, merchant_id: UUID, reason: str, rule_id: str, actor: Actor, at: datetime) -> Merchant:
    """Let the shop sell what is live and publish nothing new."""
    return _change("restrict", merchant_id=merchant_id, reason=reason, rule_id=rule_id, actor=actor, at=at)


def suspend(*, merchant_id: UUID, reason: str, rule_id: str, actor: Actor, at: datetime) -> Merchant:
    """Take the whole shop off sale."""
    return _change("suspend", merchant_id=merchant_id, reason=reason, rule_id=rule_id, actor=actor, at=at)


def restore(*, merchant_id: UUID, reason: str, rule_id: str = "", actor: Actor, at: datetime) -> Merchant:
    return _change("restore", merchant_id=merchant_id, reason=reason, rule_id=rule_id, actor=actor, at=at)


def close(*, merchant_id: UUID, reason: str, rule_id: str = "", actor: Actor, at: datetime) -> Merchant:
    return _change("close", merchant_id=merchant_id, reason=reason, rule_id=rule_id, actor=actor, at=at)


@transaction.atomic
def _change(
    name: str, *, merchant_id: UUID, reason: str, rule_id: str, actor: Actor, at: datetime
) -> Merchant:
    merchant = Merchant.objects.locked(merchant_id)
    move(merchant, name, reason=reason, rule_id=rule_id, actor=actor, at=at)
    bus.publish(MerchantStandingChanged(merchant.pk, str(merchant.state), rule_id), at=at)
    return merchant
