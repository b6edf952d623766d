"""Pictures: the public files, the shop's collection, and which of them a listing shows."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from catalog import access, pictures, showing
from catalog.contents import LANGUAGES
from catalog.models import Listing
from catalog.picture_making import WIDTHS
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants.access import membership_for
from merchants.capabilities import Capability
from web.errors import sentence
from web.http import Request
from web.paging import paginate
from web.respond import page, redirect

MOST_AT_ONCE = 20
_NAME = re.compile(rf"([0-9a-f]{{32}})-({'|'.join(map(str, WIDTHS))})\.webp", re.ASCII)


@require_safe
def show(request: HttpRequest, name: str) -> FileResponse:
    """A public picture; the same address always has the same pixels, so browsers keep it."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise NotFound
    try:
        file = default_storage.open(pictures.path_of(UUID(hex=found[1]), int(found[2])))
    except FileNotFoundError:
        raise NotFound from None
    answer = FileResponse(file, content_type="image/webp")
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@require_safe
def collection(request: Request, slug: str) -> HttpResponse:
    """All pictures of the shop, found by the name of their file."""
    membership = membership_for(request.actor, slug)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    context = {
        "merchant": membership.merchant,
        "page": paginate(request, access.pictures_of(membership).named(text), per_page=40),
        "text": text,
        "may_edit": membership.can(Capability.LISTINGS),
        "most": MOST_AT_ONCE,
    }
    return page(request, "catalog/pictures.html", context)


@require_POST
def addition(request: Request, slug: str) -> HttpResponse:
    """Take files into the collection; a refused one stops no other."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    taken = 0
    for upload in request.FILES.getlist("files")[:MOST_AT_ONCE]:
        try:
            pictures.add(
                merchant_id=membership.merchant_id, upload=upload, actor=membership.actor, at=clock.now()
            )
            taken += 1
        except DomainError as refused:
            messages.error(request, sentence(refused))
    _say_taken(request, taken)
    return redirect(request, "catalog:pictures", slug)


def _say_taken(request: Request, taken: int) -> None:
    if taken:
        said = ngettext(
            "%(n)s picture is in your collection.", "%(n)s pictures are in your collection.", taken
        )
        messages.success(request, said % {"n": taken})
    elif not request.FILES:
        messages.error(request, _("Choose at least one picture first."))


@require_POST
def removal(request: Request, slug: str, picture_id: str) -> HttpResponse:
    """Give up a picture that nothing shows."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    picture = access.picture_for(membership, picture_id)
    try:
        pictures.remove(
            merchant_id=membership.merchant_id, picture_id=picture.pk, actor=membership.actor, at=clock.now()
        )
        messages.success(request, _("The picture is gone."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "catalog:pictures", slug)


@require_POST
def of_listing(request: Request, slug: str, key: str) -> HttpResponse:
    """What was written beside the pictures is saved first, then files are added or one is moved."""
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    listing, at = access.listing_for(membership, key), clock.now()
    images = _pressed(_described(listing, request.POST), request.POST.get("do", ""))
    images += _chosen(images, request.POST.getlist("own"))
    images, refusals = showing.add_files(
        listing=listing,
        images=images,
        uploads=request.FILES.getlist("files")[:MOST_AT_ONCE],
        actor=membership.actor,
        at=at,
    )
    try:
        showing.arrange(listing_id=listing.pk, images=images, actor=membership.actor, at=at)
        messages.success(request, _("The pictures are saved in the draft."))
    except DomainError as refused:
        refusals.append(refused)
    _say_refused(request, refusals)
    return redirect(request, reverse("catalog:listing", args=[slug, listing.pk]) + "#s-pictures")


def _say_refused(request: Request, refusals: list[DomainError]) -> None:
    for each in refusals:
        messages.error(request, sentence(each))


def _described(listing: Listing, posted: QueryDict) -> list[dict[str, Any]]:
    """The draft's pictures with the words that were sent for them; an older form changes no other's."""
    found = []
    for image in listing.draft.get("images") or []:
        alt = dict(image.get("alt") or {})
        for locale in LANGUAGES:
            if (text := posted.get(f"alt {image['src']} {locale}")) is not None:
                alt[locale] = text.strip()[:200]
        found.append({**image, "alt": {locale: text for locale, text in alt.items() if text}})
    return found


def _pressed(images: list[dict[str, Any]], do: str) -> list[dict[str, Any]]:
    """Buttons name the picture by its source: pressing one twice moves or removes no other."""
    verb, _space, source = do.partition(" ")
    index = next((at for at, each in enumerate(images) if each["src"] == source), None)
    if index is None:
        return images
    if verb == "remove":
        return [each for each in images if each["src"] != source]
    return showing.moved(images, index, -1 if verb == "front" else 1)


def _chosen(images: list[dict[str, Any]], sources: list[str]) -> list[dict[str, Any]]:
    there = {each["src"] for each in images}
    return [{"src": source, "alt": {}, "mat": "sand"} for source in sources if source not in there]
