"""The editor's part about documents: what the shop must hold to sell this, until when it does, what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from catalog import licensing
from catalog.completeness import Gap
from catalog.models import Listing
from catalog.schema import in_language, schema_of
from merchants.capabilities import Capability
from merchants.models import Membership

Part = dict[str, Any]


def part(
    listing: Listing, membership: Membership, *, locale: str, at: datetime
) -> tuple[list[Part], list[Gap]]:
    """Each document that the draft asks for, and what of it is missing as the reader can mend it."""
    demanded = licensing.demanded(listing)
    if not demanded:
        return [], []
    owner, papers = membership.can(Capability.OWNER), licensing.papers_of(membership.merchant, at=at)
    gaps = licensing.missing(schema_of(listing.category.schema), listing.draft, papers=papers)
    rows = [
        {
            "name": in_language(licensing.names_of(licence.kind), locale),
            "duty": licence.duty,
            "held": licence.kind in papers.held,
            "until": papers.held.get(licence.kind),
            "where": licensing.where(papers.slug, licence.kind) if owner else "",
        }
        for licence in demanded
    ]
    return rows, [gap if owner else replace(gap, where=f"#s-{licensing.SECTION}") for gap in gaps]
