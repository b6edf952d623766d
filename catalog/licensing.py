"""What a category lets be sold only by a shop that holds a licence: off sale when the licence ends."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext

from catalog.models import Listing
from catalog.schemas_by_version import schema_at
from catalog.taking_down import take_down
from kernel.actor import Actor
from kernel.errors import N_
from merchants import documents
from merchants.document_kinds import KIND_WORDS, DocumentKind

GONE = N_("The shop no longer holds a valid document for this: %(kind)s.")


def take_down_without(*, merchant_id: UUID, kind: str, at: datetime) -> int:
    """Everything live that demands the document goes off sale; nothing if another valid one is there."""
    if documents.holds(merchant_id, kind, at=at):
        return 0
    rows = Listing.objects.of_merchant(merchant_id).filter(state="live").select_related("live_revision")
    taken = 0
    for listing in rows.defer("search", "draft"):
        duty = _duty(listing, kind)
        if duty:
            with translation.override("zh-hans"):
                reason = gettext(GONE) % {"kind": gettext(KIND_WORDS[DocumentKind(kind)])}
            take_down(listing_id=listing.pk, reason=reason, rule_id=duty, actor=Actor.system(), at=at)
            taken += 1
    return taken


def _duty(listing: Listing, kind: str) -> str:
    """The duty for which what is on sale demands the document; empty where it doesn't."""
    content = listing.live_revision.content if listing.live_revision else {}
    if not content:
        return ""
    schema = schema_at(content["category"], content["schema_version"])
    found = [each.duty for each in schema.licences_for(content["attributes"]) if each.kind == kind]
    return found[0] if found else ""
