"""What an upheld appeal undoes of the shop's own standing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from merchants.appeal_lifecycle import About
from merchants.events import AppealDecided, MerchantStandingChanged
from merchants.lifecycle import MERCHANT
from merchants.models import Appeal, Merchant, MerchantMove
from merchants.moving import move
from outbox import bus


@transaction.atomic
def on_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """Give back what the decision took, unless a later one has changed the standing since."""
    if not event.upheld or event.about != About.STANDING:
        return
    merchant = Merchant.objects.locked(event.merchant_id)
    contested = MerchantMove.objects.get(pk=event.reference)
    newest = MerchantMove.objects.filter(merchant=merchant).order_by("-at", "-id").first()
    back = "reinstate" if contested.name == "close" else "restore"
    if newest != contested or not MERCHANT.allows(merchant.state, back):
        return
    appeal = Appeal.objects.get(pk=event.appeal_id)
    assert appeal.decided_by is not None
    move(
        merchant,
        back,
        reason=appeal.reasons,
        rule_id=contested.rule_id,
        actor=Actor.staff(appeal.decided_by),
        at=at,
        closed_at=None,
    )
    bus.publish(MerchantStandingChanged(merchant.pk, str(merchant.state), contested.rule_id), at=at)
