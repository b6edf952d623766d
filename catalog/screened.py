"""What screening says about a listing as it is drafted: its words, its twins, what its shop may sell."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from catalog import brand_direct, offers
from catalog.lifecycle import ListingState
from catalog.models import Listing, Submission
from catalog.screening import duplicates
from catalog.screening.engine import alarms, make, screen
from catalog.screening.finding import Finding, Text
from catalog.screening.ruleset import by_id
from catalog.screening.texts import texts_of
from catalog.shop_now import ShopNow
from catalog.submission_lifecycle import SubmissionState


def content_hash(draft: Mapping[str, Any]) -> str:
    """Names exactly this draft: a decision about it counts for nothing else."""
    plain = json.dumps(draft, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def wording(texts: Iterable[Text], *, category: str, held: Callable[[], Container[str]]) -> list[Finding]:
    """What is found in these texts, given the documents that the shop holds; asks for them only at need."""
    found = list(screen(texts, category=category))
    needed = {by_id()[each.rule_id].licence for each in found} - {""}
    if not needed:
        return found
    kinds = held()
    return [each for each in found if by_id()[each.rule_id].licence not in kinds]


def findings_of(
    listing: Listing, draft: Mapping[str, Any], *, at: datetime, shop: ShopNow | None = None
) -> list[Finding]:
    """Everything found in this draft of the listing, the gravest first."""
    asked = shop or ShopNow(listing.merchant, at=at)
    found = wording(texts_of(draft), category=listing.category_id, held=lambda: asked.papers.held)
    return [
        *found,
        *brand_direct.doubts(listing, draft, at=at, known=asked.brands),
        *_twins(listing, draft, asked),
    ]


def uncleared(listing: Listing, draft: Mapping[str, Any], *, at: datetime) -> list[Finding]:
    """The findings that keep the draft from going live: none where a person has passed exactly this."""
    found = alarms(findings_of(listing, draft, at=at))
    return [] if found and cleared(listing, draft) else found


def cleared(listing: Listing, draft: Mapping[str, Any]) -> bool:
    """Whether staff have read exactly this draft and let it pass."""
    return (listing.pk, content_hash(draft)) in passed_by_staff([listing.pk])


def passed_by_staff(listing_ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """What staff have read and let pass, as (listing, `content_hash`)."""
    rows = Submission.objects.filter(
        listing_id__in=listing_ids, state=SubmissionState.PUBLISHED, moves__name="approve"
    )
    return set(rows.order_by().values_list("listing_id", "content_hash"))


def says_the_same(listing: Listing, draft: Mapping[str, Any]) -> bool:
    """Whether the words and pictures are those that are on sale, so that only sums have changed.

    What the shop took off sale counts, too, and what a document that ran out took off; what the platform
    suspended is read again.
    """
    if listing.live_revision is None or not (listing.is_live or _off_sale_as_it_was(listing)):
        return False
    live = listing.live_revision.content
    same_pictures = (draft.get("images") or []) == (live.get("images") or [])
    return same_pictures and texts_of(draft) == texts_of(live)


def _off_sale_as_it_was(listing: Listing) -> bool:
    newest = listing.moves.order_by("-at", "-id").values_list("name", flat=True).first()
    return listing.state == ListingState.WITHDRAWN and newest in ("withdraw", "take_down")


def _twins(listing: Listing, draft: Mapping[str, Any], shop: ShopNow) -> list[Finding]:
    title = offers.title(draft, "zh-hans")
    if not title:
        return []
    language = offers.title_language(draft, "zh-hans")
    others = shop.titles(listing.category_id, besides=listing.pk)
    if any(duplicates.same_offer(title, other) for other in others):
        text = Text(f"title_{language}", title)
        return [make(by_id()[duplicates.RULE], text, 0, len(title))]
    return []
