"""What everybody may see: a shop's credit with its why, the published standard, reviews of a listing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from credit import access, standards
from credit.web import presenting, telling
from kernel import clock
from merchants import access as merchants_access
from web import respond
from web.http import Request
from web.paging import Fetched, asked_for, paginate

REVIEWS_PER_PAGE = 10


@require_safe
def shop(request: Request, slug: str) -> HttpResponse:
    """Score, components, counts and history; members of the shop also see each case."""
    merchant, at = merchants_access.public_merchant(slug), clock.now()
    context = presenting.credit_page(merchant, at=at)
    context["history"] = presenting.history(access.gradings_of(merchant))
    membership = access.membership_or_nobody(request.actor, slug)
    if membership is not None:
        context["page"] = page = paginate(request, access.entries_of(membership))
        context["points"] = presenting.points(page.items, merchant, at=at)
    return respond.page(request, "credit/shop.html", context)


@require_safe
def summary(request: Request, slug: str) -> HttpResponse:
    """The why in a few lines, for other pages to embed."""
    merchant = merchants_access.public_merchant(slug)
    context = presenting.credit_page(merchant, at=clock.now())
    return respond.page(request, "credit/summary.html", context, fragment="summary")


@require_safe
def standard(request: Request) -> HttpResponse:
    """How credit is reckoned, in words, from the very data that reckons it."""
    context = presenting.standard_page(standards.in_force(clock.now()))
    return respond.page(request, "credit/standard.html", context)


@require_safe
def reviews(request: Request, listing_id: UUID) -> HttpResponse:
    """Newest first, with the means of each aspect and how the scores spread."""
    part = asked_for(request, REVIEWS_PER_PAGE)
    listing, found, rows = access.reviews_of_listing(listing_id, part)
    fetched = Fetched(part.start, rows, lambda other: access.reviews_of_listing(listing_id, other)[2])
    page = paginate(request, fetched, per_page=REVIEWS_PER_PAGE, total=found["number"])
    context = {
        **telling.figures(found),
        "listing": listing,
        "title": telling.title_of(listing),
        "page": page,
        "reviews": telling.told(page.items),
    }
    return respond.page(request, "credit/reviews.html", context, fragment="reviews")
