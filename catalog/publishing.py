"""Putting an offer on sale: complete, frozen, committed to, findable; and taking it off again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from catalog import licensing, promise_law, reduction_terms, reductions, screened, warranty
from catalog.completeness import Gap, assess
from catalog.contents import freeze, same
from catalog.events import ListingWithdrawn
from catalog.going_on_sale import Ready, put_on_sale
from catalog.lifecycle import LISTING
from catalog.models import Listing, ListingRevision
from catalog.moving import move
from catalog.schema import Schema, schema_of
from catalog.screening.finding import Finding
from catalog.shop_now import ShopNow
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid, NotFound
from kernel.money import Money
from merchants import access, limits
from merchants.models import Merchant
from outbox import bus

SECOND_HAND = "second-hand"


class ListingIncomplete(Invalid):
    """Every gap is in `gaps`, each with its field, label and the duty that asks for it."""

    code = "listing_incomplete"
    message = N_("This can't go on sale yet: %(count)s things that buyers have a right to know are missing.")

    def __init__(self, gaps: Sequence[Gap]) -> None:
        listed = [
            {"field": gap.field, "label": gap.label, "duty": gap.duty, **permitted(gap), **_remedy(gap)}
            for gap in gaps
        ]
        super().__init__(count=len(gaps), gaps=listed)
        self.gaps = list(gaps)


def permitted(gap: Gap) -> dict[str, int]:
    """What would do, where a gap is a sum that is too high."""
    most = dict(gap.params).get("most")
    return {"permitted_minor": most.minor} if isinstance(most, Money) else {}


def _remedy(gap: Gap) -> dict[str, str]:
    """Where it is put right, if the offer itself lacks nothing."""
    return {"where": gap.where} if gap.where else {}


class ShopMayNotPublish(DomainError):
    code = "shop_may_not_publish"
    message = N_("The shop can't put goods on sale now: it's not admitted yet, or it's restricted.")


class ShopStopped(ShopMayNotPublish):
    """The platform restricted or suspended the shop: why, and under which rule."""

    message = N_("The shop can't put anything new on sale: %(reason)s (%(rule)s)")


class PrivateSellsUsedThings(DomainError):
    code = "private_sells_used_things"
    message = N_(
        "You sell as a private person, and that is for used things of your own. To sell new goods, register."
    )
    status = 422


class NothingChanged(DomainError):
    code = "nothing_changed"
    message = N_("The draft is the same as what is on sale, so there is nothing to publish.")


class WordingRefused(Invalid):
    """What screening found and nobody has passed: `findings`, each with field, span, words and rule."""

    code = "listing_wording"
    message = N_("This can't go on sale like this: %(count)s passages break a rule or have to be read first.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(count=len(findings), findings=[each.as_data() for each in findings])
        self.findings = list(findings)


def require_publishable(
    listing: Listing, draft: Mapping[str, Any], *, at: datetime, shop: ShopNow | None = None
) -> Ready:
    """All that blocks but the wording; gives the content as it would be frozen.

    `shop` saves asking for the shop's licences and numbers again, where several are handed in.

    :raises ListingIncomplete: :raises ShopMayNotPublish: :raises IllegalMove: :raises NothingChanged:
    :raises TooManyListings: for the shop's grade or penalty :raises PrivateSellsUsedThings:
    """
    LISTING.target(listing.state, "publish")
    shop = shop or ShopNow(listing.merchant, at=at)
    if not listing.merchant.may_publish:
        raise _stopped(listing.merchant)
    require_fitting_seller(listing.merchant, listing.category_id)
    if not listing.is_live:
        limits.require_room(listing.merchant, live=shop.live, at=at)
    schema = schema_of(listing.category.schema)
    gaps = [
        *assess(schema, draft).gaps,
        *_licences(schema, draft, shop),
        *reduction_terms.gaps(listing, draft, at=at),
        *warranty.gaps(schema, draft, at=at),
    ]
    if gaps:
        raise ListingIncomplete(gaps)
    own = (draft.get("terms") or {}).get("promises") or []
    promise_law.require_returns_above(own, category=listing.category_id, at=at)
    content = freeze(schema, draft, listing_id=listing.pk, code=listing.code, barcode=listing.barcode)
    if listing.merchant.is_private_person:
        content["seller"] = str(listing.merchant.seller_kind)
    if listing.is_live and listing.live_revision and same(listing.live_revision.content, content):
        raise NothingChanged
    return Ready(listing, schema, content)


def _licences(schema: Schema, draft: Mapping[str, Any], shop: ShopNow) -> list[Gap]:
    """No statement where nothing is demanded."""
    if not licensing.demanded_by(schema, draft):
        return []
    return licensing.missing(schema, draft, papers=shop.papers)


def require_fitting_seller(merchant: Merchant, category: str) -> None:
    """:raises PrivateSellsUsedThings: a private person offers anything but second-hand goods"""
    if merchant.is_private_person and category != SECOND_HAND:
        raise PrivateSellsUsedThings


@transaction.atomic
def publish(
    *, listing_id: UUID, actor: Actor, at: datetime, draft: Mapping[str, Any] | None = None
) -> ListingRevision:
    """Freeze the draft (or the one that staff have passed) as a revision and put it on sale.

    :raises ListingIncomplete: with every gap :raises ShopMayNotPublish: :raises IllegalMove: suspended
    :raises WordingRefused: with every finding :raises NothingChanged: it is on sale exactly so
    """
    listing = Listing.objects.locked_in([listing_id]).get(listing_id)
    if listing is None:
        raise NotFound
    offered = listing.draft if draft is None else draft
    ready = require_publishable(listing, offered, at=at)
    if found := screened.uncleared(listing, offered, at=at):
        raise WordingRefused(found)
    return put_on_sale([ready], actor=actor, at=at)[0]


def _stopped(merchant: Merchant) -> ShopMayNotPublish:
    decision = access.standing_decision(merchant)
    if decision is None:
        return ShopMayNotPublish()
    return ShopStopped(state=merchant.state, reason=decision.reason, rule=decision.rule_id)


@transaction.atomic
def withdraw(*, listing_id: UUID, actor: Actor, at: datetime) -> Listing:
    """Take an offer off sale; orders keep their revision.

    :raises IllegalMove: it isn't on sale
    """
    listing = Listing.objects.locked(listing_id)
    move(listing, "withdraw", actor=actor, at=at)
    reductions.withdraw(listing, at=at)
    bus.publish(ListingWithdrawn(listing.pk, listing.merchant_id), at=at)
    return listing
