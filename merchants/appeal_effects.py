"""What an upheld appeal undoes of the shop's own standing, and of the proof of a brand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from kernel.actor import Actor
from merchants import documents
from merchants.appeal_lifecycle import About
from merchants.document_lifecycle import DocumentState
from merchants.events import AppealDecided, MerchantStandingChanged
from merchants.lifecycle import MERCHANT
from merchants.models import Appeal, Document, DocumentMove, Merchant, MerchantMove
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


@transaction.atomic
def on_proof_appeal_decided(event: AppealDecided, *, at: datetime) -> None:
    """The paper counts after all, unless it ended or was taken back since."""
    if not event.upheld or event.about != About.BRAND:
        return
    contested = DocumentMove.objects.get(pk=event.reference)
    document = Document.objects.locked(contested.document_id)
    day = documents.today(document.merchant, at)
    if document.state != DocumentState.REFUSED or (document.valid_until and document.valid_until < day):
        return
    appeal = Appeal.objects.get(pk=event.appeal_id)
    assert appeal.decided_by is not None
    actor = Actor.staff(appeal.decided_by)
    documents.reinstate(document_id=document.pk, reason=appeal.reasons, actor=actor, at=at)
