"""A private person who sells used things, and what it sells; made through the use cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from catalog.drafting import create_listing
from catalog.models import Listing
from catalog.publishing import publish
from kernel.actor import Actor
from kernel.ids import new_id
from merchants.models import Merchant
from outbox import relay
from tests.builders.applications import admitted, handed_in
from tests.builders.examples import example
from tests.builders.people import a_buyer
from tests.builders.shops import ADMITTED, LISTED, the_catalogue


def a_private_person(*, at: datetime = ADMITTED, applicant_id: UUID | None = None) -> Merchant:
    """Admitted, and no trader."""
    the_catalogue()
    applicant = applicant_id or a_buyer("沈禾").subject_id
    # The register answers by the sandbox's rule; its answers are taken in as the outbox is drained.
    said = {"declaration": "used", "legal_name": "沈禾"}
    made = handed_in(applicant_id=applicant, at=at, kind="private", facts=said)
    relay.drain_all()
    admitted(made.merchant, at=at)
    return Merchant.objects.get(pk=made.merchant_id)


def a_used_thing(
    merchant: Merchant,
    *,
    at: datetime = LISTED,
    live: bool = True,
    promises: tuple[str, ...] = (),
    stock: int = 1,
    **changes: Any,
) -> Listing:
    """A used camera on sale."""
    actor = Actor.member(new_id(), merchant.pk)
    draft = {**example("second-hand").complete, "terms": {"promises": list(promises)}, **changes}
    listing = create_listing(
        merchant_id=merchant.pk, category="second-hand", changes=draft, actor=actor, at=at, stock=stock
    )
    if live:
        publish(listing_id=listing.pk, actor=actor, at=at)
    return Listing.objects.select_related("merchant", "live_revision").get(pk=listing.pk)
