"""The only door to listings for pages and the API: absent and foreign look the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import QuerySet

from catalog.lifecycle import ListingState
from catalog.models import (
    BulkChange,
    Category,
    Certificate,
    FreightTemplate,
    ImportLine,
    ImportRun,
    Listing,
    ListingMove,
    ListingReport,
    ListingRevision,
    Picture,
    Placement,
    SchemaChange,
    Submission,
    Variant,
)
from catalog.queries import ImportRunQuerySet, ListingQuerySet, PictureQuerySet
from kernel.errors import NotFound
from merchants.capabilities import Capability
from merchants.models import Membership, Merchant


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def key_of(text: str) -> UUID:
    """An id from an address.

    :raises NotFound: it is none
    """
    return _key(text)


def public_category(slug: str) -> Category:
    """:raises NotFound:"""
    row = Category.objects.select_related("department").filter(pk=slug).first()
    if row is None:
        raise NotFound
    return row


def categories() -> Sequence[Category]:
    """All of them, in the order of the shelf with their departments, without their schemas."""
    rows = Category.objects.select_related("department").defer("schema")
    return list(rows.order_by("department__position", "position", "slug"))


def public_listing(key: str) -> Listing:
    """A listing that was ever on sale, whatever its state now.

    :raises NotFound: never published, or no such listing
    """
    rows = Listing.objects.with_offer().defer("search", "draft")
    return rows.get_or_not_found(pk=_key(key), live_revision__isnull=False)


def public_revision(key: str, number: int) -> ListingRevision:
    """A frozen revision; it stays readable after the listing changed or left.

    :raises NotFound:
    """
    rows = ListingRevision.objects.select_related("listing__merchant").defer(
        "listing__search", "listing__draft"
    )
    row = rows.filter(listing_id=_key(key), number=number).first()
    if row is None:
        raise NotFound
    return row


def listings_of(membership: Membership) -> ListingQuerySet:
    """The member's own shop's listings, for its index."""
    return Listing.objects.of_merchant(membership.merchant_id).defer("search")


def live_of(merchant: Merchant) -> int:
    """How many of the shop's listings are on sale."""
    return Listing.objects.of_merchant(merchant.pk).filter(state=ListingState.LIVE).count()


def listing_for(membership: Membership, key: str, *, needs: Capability = Capability.READ) -> Listing:
    """A listing of the member's own shop, with its category, stock and live revision.

    :raises NotFound: another shop's, absent, or not allowed that much
    """
    membership.require(needs)
    rows = listings_of(membership).select_related("category", "live_revision").with_pieces()
    return rows.get_or_not_found(pk=_key(key))


def variants_of(listing: Listing) -> Sequence[Variant]:
    return list(Variant.objects.of_listing(listing.pk))


def variant_of(listing: Listing, variant_id: UUID) -> Variant:
    """:raises NotFound: none of this listing's"""
    return Variant.objects.of_listing(listing.pk).get_or_not_found(pk=variant_id)


def revisions_of(listing: Listing) -> Sequence[ListingRevision]:
    return list(ListingRevision.objects.of_listing(listing.pk)[:50])


def last_suspension(listing: Listing) -> ListingMove | None:
    """Why the platform took it off sale."""
    return ListingMove.objects.filter(listing=listing, name="suspend").order_by("-at", "-id").first()


def taken_down(listing: Listing) -> ListingMove | None:
    """Why the platform keeps it off sale now: a suspension, or a duty that wasn't met any more."""
    newest = ListingMove.objects.filter(listing=listing).order_by("-at", "-id").first()
    if listing.state == "suspended":
        return last_suspension(listing)
    return newest if newest is not None and newest.name == "take_down" and not listing.is_live else None


def revision_of(listing: Listing, number: int) -> ListingRevision:
    """:raises NotFound: no version of that number"""
    row = ListingRevision.objects.filter(listing=listing, number=number).first()
    if row is None:
        raise NotFound
    return row


def pictures_of(membership: Membership) -> PictureQuerySet:
    """The member's own shop's pictures, the newest first."""
    return Picture.objects.of_merchant(membership.merchant_id)


def picture_for(membership: Membership, key: str) -> Picture:
    """:raises NotFound: another shop's, removed or absent"""
    row = pictures_of(membership).filter(pk=_key(key)).first()
    if row is None:
        raise NotFound
    return row


def any_variant(key: str) -> tuple[Listing, UUID]:
    """A variant for the command line, by its own id or by that of a listing that has only one.

    :raises NotFound: absent, or a listing of which several can be bought
    """
    wanted = _key(key)
    there = list(Variant.objects.select_related("listing__live_revision").filter(pk=wanted)[:1])
    if not there:
        there = list(Variant.objects.of_listing(wanted).select_related("listing__live_revision")[:2])
    if len(there) != 1:
        raise NotFound
    return there[0].listing, there[0].pk


def imports_of(membership: Membership) -> ImportRunQuerySet:
    """The files that the member's own shop sent, the newest first."""
    return ImportRun.objects.of_merchant(membership.merchant_id)


def import_for(membership: Membership, key: str) -> ImportRun:
    """:raises NotFound: another shop's, forgotten or absent"""
    row = imports_of(membership).select_related("merchant").filter(pk=_key(key)).first()
    if row is None:
        raise NotFound
    return row


def lines_of(run: ImportRun, result: str = "") -> QuerySet[ImportLine]:
    """The report's lines in the file's order, or those that ended so."""
    lines = ImportLine.objects.filter(run=run).order_by("number")
    return lines.filter(result=result) if result else lines


def gaps_of(run: ImportRun) -> Iterator[Sequence[Sequence[str]]]:
    """What each row that stayed a draft lacks: (field, duty)."""
    lines = ImportLine.objects.filter(run=run).exclude(gaps=[])
    return lines.values_list("gaps", flat=True).iterator(2000)


def schema_changes_of(category: str) -> Sequence[SchemaChange]:
    """The newest changes of what a category demands, for staff."""
    return list(SchemaChange.objects.filter(category_id=category).order_by("-begun_at", "-id")[:20])


def submission_of(listing: Listing, key: str) -> Submission:
    """:raises NotFound: none of this listing"""
    row = Submission.objects.filter(listing=listing, pk=_key(key)).first()
    if row is None:
        raise NotFound
    return row


def newest_submission(listing: Listing) -> Submission | None:
    """The last one that was handed in."""
    return Submission.objects.of_listing(listing.pk).first()


def certificates_of(membership: Membership) -> Sequence[Certificate]:
    """The member's own shop's certificates, the newest first."""
    rows = Certificate.objects.filter(merchant_id=membership.merchant_id).select_related("listing")
    return list(rows.order_by("-handed_in_at", "-id")[:200])


def goods_on_sale(membership: Membership, text: str, *, chosen: str, most: int) -> list[Listing]:
    """What meets the text, by title; before it the one that was chosen already, if it is still on sale."""
    rows = listings_of(membership).of_state("live")
    try:
        kept = list(rows.filter(pk=UUID(chosen)))
    except ValueError:
        kept = []
    found = rows.matching_text(text).order_by("working_title", "id")[:most]
    return list({each.pk: each for each in (*kept, *found)}.values())


def listing_of_code(membership: Membership, code: str) -> UUID:
    """:raises NotFound: the member's own shop has no listing of that code"""
    return listings_of(membership).get_or_not_found(code=code).pk


def codes_of(membership: Membership, *, most: int) -> list[tuple[str, str]]:
    """Code and working title of the shop's newest listings."""
    rows = listings_of(membership).order_by("-created_at", "id")
    return list(rows.values_list("code", "working_title")[:most])


def bulk_change_for(membership: Membership, key: str) -> BulkChange:
    """:raises NotFound: another shop's or absent"""
    rows = BulkChange.objects.filter(merchant_id=membership.merchant_id).select_related("merchant")
    row = rows.filter(pk=_key(key)).first()
    if row is None:
        raise NotFound
    return row


def placed_listing(placement_id: UUID) -> UUID:
    """:raises NotFound: no such paid place"""
    row = Placement.objects.filter(pk=placement_id).values_list("listing_id", flat=True).first()
    if row is None:
        raise NotFound
    return row


def freight_templates_of(membership: Membership) -> Sequence[FreightTemplate]:
    """The member's own shop's, by name."""
    return list(FreightTemplate.objects.of_merchant(membership.merchant_id))


def freight_templates_of_shop(merchant_id: UUID) -> Sequence[FreightTemplate]:
    """For the choices of its editor."""
    return list(FreightTemplate.objects.of_merchant(merchant_id))


def freight_template_for(membership: Membership, template_id: UUID) -> FreightTemplate:
    """:raises NotFound: another shop's, removed or absent"""
    row = FreightTemplate.objects.of_merchant(membership.merchant_id).filter(pk=template_id).first()
    if row is None:
        raise NotFound
    return row


def listings_using(template: FreightTemplate) -> int:
    return Listing.objects.using_template(template.pk).count()


def report_of(number: str) -> ListingReport:
    """:raises NotFound: nobody was given this number"""
    rows = ListingReport.objects.select_related("revision").defer("words", "contact")
    row = rows.filter(number=number[:12]).first()
    if row is None:
        raise NotFound
    return row
