"""The door to a shop's service points for its portal: foreign and absent look the same."""

from __future__ import annotations

from uuid import UUID

from catalog.models import Listing
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import ServicePoint
from orders.queries import only_row


def points_of_merchant(membership: Membership) -> list[ServicePoint]:
    """Its open service points, by name."""
    membership.require(Capability.READ)
    return list(ServicePoint.objects.of_merchant(membership.merchant_id))


def point_for_merchant(membership: Membership, point_id: UUID) -> ServicePoint:
    """:raises NotFound: also when it belongs to another merchant, or is closed"""
    return only_row(ServicePoint.objects.of_merchant(membership.merchant_id), pk=point_id)


def codes_of(point: ServicePoint) -> list[str]:
    """The shop's codes of the goods that are there; none where everything is."""
    rows = Listing.objects.of_merchant(point.merchant_id).filter(pk__in=point.listings)
    return list(rows.order_by("code").values_list("code", flat=True))
