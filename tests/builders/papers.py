"""Documents of shops for tests: handed in through the use case, with numbers that can be true."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from kernel.actor import Actor
from kernel.ids import new_id
from merchants import documents, numbers
from merchants.document_kinds import DocumentKind
from merchants.models import Document, Merchant
from outbox import relay
from tests.privacy.pictures import a_jpeg_upload

_numbers = count(1)
DESK = Actor.staff(new_id())


def a_credit_code() -> str:
    first = f"91110000MA{next(_numbers):07d}"
    return first + numbers.credit_code_check(first)


def a_number(kind: DocumentKind) -> str:
    match kind:
        case DocumentKind.BUSINESS_LICENCE:
            return a_credit_code()
        case DocumentKind.IDENTITY_CARD:
            return "110101199003070011"
        case DocumentKind.FOOD_BUSINESS:
            return "JY11101010000001"
        case DocumentKind.FOOD_PRODUCTION:
            return "SC10111010100001"
    return f"NO-{next(_numbers)}"


def a_paper(kind: DocumentKind = DocumentKind.FOOD_BUSINESS, **changes: Any) -> documents.Paper:
    facts = {
        "number": a_number(kind),
        "file": a_jpeg_upload("证件.jpg"),
        "issuer": "市场监督管理局",
        "valid_until": date(2028, 6, 30),
        **changes,
    }
    return documents.Paper(kind=kind, **facts)


def a_document(
    *,
    merchant: Merchant,
    at: datetime,
    kind: DocumentKind = DocumentKind.FOOD_BUSINESS,
    verified: bool = True,
    **changes: Any,
) -> Document:
    """Handed in, examined and, unless told otherwise, checked by the desk."""
    made = documents.hand_in(
        merchant_id=merchant.pk, paper=a_paper(kind, **changes), actor=Actor.system(), at=at
    )
    relay.drain_all()
    if verified:
        documents.verify(document_id=made.pk, actor=DESK, at=at)
    return Document.objects.select_related("file", "back", "merchant").get(pk=made.pk)
