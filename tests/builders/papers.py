"""Documents of shops for tests: handed in through the use case, with numbers that can be true."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kernel.actor import Actor
from kernel.ids import new_id
from merchants import documents, numbers
from merchants.document_kinds import DocumentKind
from merchants.models import Document, Merchant
from privacy import examining

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


def a_scan(name: str = "证件.pdf") -> SimpleUploadedFile:
    """The smallest document that can be handed in; nothing of it has to be decoded or made anew."""
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")


def a_paper(kind: DocumentKind = DocumentKind.FOOD_BUSINESS, **changes: Any) -> documents.Paper:
    facts = {
        "number": a_number(kind),
        "file": a_scan("证件.pdf"),
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
    for file_id in filter(None, (made.file_id, made.back_id)):
        examining.examine(file_id=file_id, at=at)
    if verified:
        documents.verify(document_id=made.pk, actor=DESK, at=at)
    return Document.objects.select_related("file", "back", "merchant").get(pk=made.pk)
