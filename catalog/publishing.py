"""Putting an offer on sale: complete, frozen, committed to, findable; and taking it off again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.expressions import Func

from catalog import (
    certificates,
    licensing,
    offers,
    promise_law,
    promises,
    reduction_terms,
    reductions,
    screened,
    variants,
)
from catalog.completeness import Gap, assess
from catalog.contents import freeze, same, search_literal, shelf_facts, sort_key
from catalog.events import ListingPublished, ListingWithdrawn
from catalog.lifecycle import LISTING, ListingState
from catalog.models import Listing, ListingRevision
from catalog.moving import move
from catalog.pricing import note_prices
from catalog.schema import Schema, schema_of
from catalog.screening.finding import Finding
from evidence import log
from kernel.actor import Actor
from kernel.errors import N_, DomainError, Invalid
from kernel.ids import new_id
from kernel.money import Money
from merchants import access, limits
from merchants.models import Merchant
from outbox import bus
from privacy import commitments
from rulebook import current

LABEL, SOLD_IN, SECOND_HAND = "catalog.listing.publish", "CN", "second-hand"


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
    listing: Listing, draft: Mapping[str, Any], *, at: datetime
) -> tuple[Schema, dict[str, Any]]:
    """All that blocks but the wording; gives the schema and the content as it would be frozen.

    :raises ListingIncomplete: :raises ShopMayNotPublish: :raises IllegalMove: :raises NothingChanged:
    :raises TooManyListings: for the shop's grade or penalty :raises PrivateSellsUsedThings:
    """
    LISTING.target(listing.state, "publish")
    if not listing.merchant.may_publish:
        raise _stopped(listing.merchant)
    require_fitting_seller(listing.merchant, listing.category_id)
    if not listing.is_live:
        limits.require_room(listing.merchant, live=_live(listing), at=at)
    schema = schema_of(listing.category.schema)
    gaps = [
        *assess(schema, draft).gaps,
        *licensing.gaps(listing, draft, at=at),
        *reduction_terms.gaps(listing, draft, at=at),
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
    return schema, content


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
    listing = Listing.objects.locked(listing_id)
    offered = listing.draft if draft is None else draft
    schema, content = require_publishable(listing, offered, at=at)
    if found := screened.uncleared(listing, offered, at=at):
        raise WordingRefused(found)
    revision, was_live = _freeze(listing, content, actor=actor, at=at), listing.is_live
    reductions.follow_publication(listing, revision, was_live=was_live, at=at)
    _put_on_shelf(listing, revision, schema, actor=actor, at=at)
    variants.put_on_sale(listing, {UUID(each["id"]) for each in content["variants"]})
    note_prices(revision, at=at)
    log.queue(label=LABEL, reference=revision.pk, commitment=bytes(revision.commitment), at=at)
    fact = ListingPublished(
        listing.pk, listing.merchant_id, revision.pk, revision.number, revision.price_minor, revision.currency
    )
    bus.publish(fact, at=at)
    return revision


def _stopped(merchant: Merchant) -> ShopMayNotPublish:
    decision = access.standing_decision(merchant)
    if decision is None:
        return ShopMayNotPublish()
    return ShopStopped(state=merchant.state, reason=decision.reason, rule=decision.rule_id)


def _live(listing: Listing) -> int:
    return Listing.objects.filter(merchant_id=listing.merchant_id, state=ListingState.LIVE).count()


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


def _freeze(listing: Listing, content: dict[str, Any], *, actor: Actor, at: datetime) -> ListingRevision:
    newest = listing.revisions.order_by("-number").values_list("number", flat=True).first() or 0
    revision_id, merchant = new_id(), listing.merchant
    return ListingRevision.objects.create(
        pk=revision_id,
        listing=listing,
        number=newest + 1,
        content=content,
        price_minor=content["price_minor"],
        freight_minor=content["freight_minor"],
        currency=content["currency"],
        # The duties are those of the place where it is sold, wherever the seller sits.
        pack_version=current.pack(SOLD_IN, at).version,
        published_at=at,
        published_by=str(actor),
        commitment=commitments.commit(
            subject_id=merchant.subject_id,
            label=LABEL,
            reference=revision_id,
            payload={"listing": str(listing.pk), "number": newest + 1, "content": content},
        ),
    )


def _put_on_shelf(
    listing: Listing, revision: ListingRevision, schema: Schema, *, actor: Actor, at: datetime
) -> None:
    content = revision.content
    literal = search_literal(
        schema, content, shop=listing.merchant.display_name, code=listing.code, barcode=listing.barcode
    )
    move(
        listing,
        "publish",
        actor=actor,
        at=at,
        live_revision=revision,
        published_at=listing.published_at or at,
        shelf_price_minor=revision.all_in.minor,
        excludes_return=offers.shelf_exclusion(content),
        return_days=promises.return_days(content["terms"]),
        title_key=sort_key(content),
        certified=certificates.counts_for(listing),
        **shelf_facts(schema, content),
        search=Func(Value(literal), template="%(expressions)s::tsvector"),
    )
