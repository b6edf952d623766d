"""Brands and chains of papers for tests, through the use cases."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kernel.actor import Actor
from merchants import brand_claims, documents
from merchants.brand_terms import Authorisation, Registration
from merchants.document_kinds import DocumentKind
from merchants.models import BrandClaim, BrandLink, Document, Merchant
from privacy import examining
from tests.builders.papers import DESK, a_paper

OWNER = "清川茶业有限公司"


def a_registration(**changes: Any) -> Registration:
    facts: dict[str, Any] = {
        "names": ("清川", "QINGCHUAN"),
        "owner": OWNER,
        "number": "12345678",
        "classes": (21, 30),
        "place": "CN",
        **changes,
    }
    return Registration(**facts)


def a_brand_claim(
    merchant: Merchant,
    *,
    at: datetime,
    hands: int = 1,
    links: int | None = None,
    verified: bool = True,
    until: date | None = date(2028, 6, 30),
    territory: tuple[str, ...] = ("CN",),
    categories: tuple[str, ...] = ("home", "food"),
    **registration: Any,
) -> BrandClaim:
    """A claim with its registration and, unless told otherwise, every link of it checked."""
    made = brand_claims.claim(
        merchant_id=merchant.pk,
        registration=a_registration(**registration),
        hands=hands,
        paper=a_paper(DocumentKind.TRADEMARK, valid_until=until),
        actor=Actor.system(),
        at=at,
    )
    for position in range(1, 1 + (hands if links is None else links)):
        grantee = "" if position == hands else f"第{position}级经销有限公司"
        brand_claims.authorise(
            claim_id=made.pk,
            merchant_id=merchant.pk,
            said=Authorisation(grantee, territory, categories),
            paper=a_paper(DocumentKind.BRAND_AUTHORISATION, valid_until=until),
            actor=Actor.system(),
            at=at,
        )
    for link in made.links.order_by("position"):
        examined(link, at=at)
        if verified:
            check(link, at=at)
    return BrandClaim.objects.select_related("brand", "merchant").get(pk=made.pk)


def examined(link: BrandLink, *, at: datetime) -> Document:
    document = newest(link)
    examining.examine(file_id=document.file_id, at=at)
    return document


def check(link: BrandLink, *, at: datetime) -> None:
    documents.verify(document_id=newest(link).pk, actor=DESK, at=at)


def newest(link: BrandLink) -> Document:
    return link.papers.order_by("-added_at", "-id").first().document  # type: ignore[union-attr]
