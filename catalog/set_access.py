"""The only door to sets for pages, carts and the API: absent and foreign look the same."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from catalog.models import Listing, ShopSet
from kernel.errors import NotFound
from merchants.models import Membership


def sets_of(membership: Membership) -> Sequence[ShopSet]:
    """The member's own shop's sets, those on sale first."""
    return list(ShopSet.objects.of_merchant(membership.merchant_id)[:200])


def set_for(membership: Membership, set_id: UUID) -> ShopSet:
    """:raises NotFound: another shop's or absent"""
    row = ShopSet.objects.of_merchant(membership.merchant_id).filter(pk=set_id).first()
    if row is None:
        raise NotFound
    return row


def public_set(set_id: UUID) -> ShopSet:
    """A set, whatever its state now.

    :raises NotFound:
    """
    rows = ShopSet.objects.select_related("live_revision", "merchant")
    row = rows.filter(pk=set_id, live_revision__isnull=False).first()
    if row is None:
        raise NotFound
    return row


def members_of(sets: Sequence[ShopSet]) -> dict[UUID, Listing]:
    """The listings in these sets with offer, shop and pieces; one statement."""
    ids = {row["listing"] for each in sets if each.live_revision for row in each.live_revision.members}
    return {row.pk: row for row in Listing.objects.with_offer().defer("search", "draft").filter(pk__in=ids)}


def on_sale_for_sets(membership: Membership) -> Sequence[Listing]:
    """What the member's own shop could put into a set, by title."""
    rows = Listing.objects.live().of_merchant(membership.merchant_id).with_offer().defer("search", "draft")
    return list(rows.order_by("title_key", "id")[:300])
