"""Brands of shops: chains of papers, serial codes of their goods, and a code that came with an order."""

from __future__ import annotations

from datetime import timedelta

from catalog import serial_batches
from demo import applications
from demo.script import Step
from demo.stage import Stage
from merchants import brand_claims, documents
from merchants.brand_terms import Authorisation, Registration
from merchants.document_kinds import DocumentKind
from merchants.models import BrandClaim
from orders import serial_codes
from orders.models import OrderLine


def claim(stage: Stage, step: Step) -> None:
    """The shop's own mark (no hands between), or one it was authorised for by its owner."""
    facts, slug = step.facts, step.facts["shop"]
    merchant_id, hands = stage.get(f"shop:{slug}"), facts["hands"]
    made = brand_claims.claim(
        merchant_id=merchant_id,
        registration=Registration(**facts["mark"], place="CN"),
        hands=hands,
        paper=_paper(stage, DocumentKind.TRADEMARK, "TRADE MARK", facts["mark"]["number"]),
        actor=stage.member(slug),
        at=stage.at,
    )
    if hands:
        brand_claims.authorise(
            claim_id=made.pk,
            merchant_id=merchant_id,
            said=Authorisation("", ("CN",), tuple(facts["categories"])),
            paper=_paper(stage, DocumentKind.BRAND_AUTHORISATION, "AUTHORISATION", f"SQ-{step.key}"),
            actor=stage.member(slug),
            at=stage.at,
        )
    stage.call(f"brand:{step.key}", made.pk)


def _paper(stage: Stage, kind: DocumentKind, title: str, number: str) -> documents.Paper:
    return documents.Paper(
        kind=kind,
        number=number,
        file=applications.scan(title, number),
        valid_until=stage.ends.date() + timedelta(days=900),
    )


def check(stage: Stage, step: Step) -> None:
    """Staff compared every paper of the chain with its register."""
    held = BrandClaim.objects.get(pk=stage.get(f"brand:{step.key}"))
    for link in held.links.order_by("position"):
        paper = link.papers.order_by("-added_at", "-id").first()
        assert paper is not None
        documents.verify(document_id=paper.document_id, actor=stage.reviewer(), at=stage.at)


def take_in_codes(stage: Stage, step: Step) -> None:
    slug = step.key.partition("/")[0]
    serial_batches.take_in(
        merchant_id=stage.get(f"shop:{slug}"),
        listing_id=stage.get(f"goods:{step.key}"),
        lines=step.facts["codes"],
        actor=stage.member(slug),
        at=stage.at,
    )


def hand_out_code(stage: Stage, step: Step) -> None:
    """With the newest of these goods that are on their way out of the shop."""
    slug = step.key.partition("/")[0]
    lines = OrderLine.objects.filter(listing_id=stage.get(f"goods:{step.key}"), order__state="paid")
    for line in lines.order_by("-order__placed_at")[:1]:
        serial_codes.hand_out(
            order_id=line.order_id,
            line_id=line.pk,
            code=step.facts["code"],
            actor=stage.member(slug),
            at=stage.at,
        )
