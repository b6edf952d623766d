"""Appeals for tests: against a restriction that was lifted again."""

from __future__ import annotations

from datetime import datetime

from kernel.actor import Actor
from kernel.ids import new_id
from merchants import appeals, standing
from merchants.models import Appeal, Merchant, MerchantMove
from tests.privacy.pictures import a_jpeg_upload


def an_appeal(merchant: Merchant, *, at: datetime, text: str = "新的证件在附件里。") -> Appeal:
    """With a file; the shop trades."""
    staff = Actor.staff(new_id())
    standing.restrict(merchant_id=merchant.pk, reason="证件过期", rule_id="x", actor=staff, at=at)
    decision = MerchantMove.objects.get(merchant=merchant, name="restrict")
    standing.restore(merchant_id=merchant.pk, reason="先恢复", actor=staff, at=at)
    return appeals.file(
        merchant_id=merchant.pk,
        about="standing",
        reference=decision.pk,
        text=text,
        uploads=[a_jpeg_upload()],
        actor=Actor.member(new_id(), merchant.pk),
        at=at,
    )
