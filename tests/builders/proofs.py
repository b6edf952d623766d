"""Certificates and independent evaluations for tests, made through the use cases."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalog import certificates, evaluations
from catalog.models import Certificate, Evaluation, Listing
from catalog.proof_kinds import EvaluatorKind, Scheme
from kernel.actor import Actor
from kernel.ids import new_id
from merchants.models import Merchant
from outbox import relay
from tests.builders.shops import LISTED
from tests.privacy.pictures import a_jpeg_upload

DESK = Actor.staff(new_id())
NUMBER = "2026010907000001"
LAST_DAY = date(2027, 1, 20)

FINDING = evaluations.Finding(
    evaluator="上海市消费者权益保护委员会",
    evaluator_kind=EvaluatorKind.ASSOCIATION,
    result="十项全部合格，保温 6 小时后 61 ℃。",
    method="GB/T 29606，样品三件，市场购买。",
    scope="480 ml 款，2026 年 9 月批次",
    tested_on=date(2026, 10, 20),
    source_url="https://example.com/report",
)


def a_paper(**changes: Any) -> certificates.Paper:
    facts = {
        "scheme": Scheme.CCC,
        "number": NUMBER,
        "issuer": "中国质量认证中心",
        "check_url": "https://example.com/check",
        "valid_until": LAST_DAY,
        "file": a_jpeg_upload("3c.jpg"),
        **changes,
    }
    return certificates.Paper(**facts)


def a_certificate(
    shop: Merchant, *, listing: Listing | None = None, verified: bool = True, **changes: Any
) -> Certificate:
    """Handed in by the shop and, unless `verified` is off, compared by staff."""
    held = certificates.hand_in(
        merchant_id=shop.pk,
        listing_id=listing.pk if listing else None,
        paper=a_paper(**changes),
        actor=Actor.system(),
        at=LISTED,
    )
    relay.drain_all()
    if verified:
        certificates.verify(certificate_id=held.pk, actor=DESK, at=LISTED)
    return Certificate.objects.get(pk=held.pk)


def an_evaluation(listing: Listing) -> Evaluation:
    return evaluations.enter(listing_id=listing.pk, finding=FINDING, actor=DESK, at=LISTED)
