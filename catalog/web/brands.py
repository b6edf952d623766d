"""Brands of a shop: claimed link by link in the portal, and shown to everybody while the chain holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.web.brand_forms import (
    PLACE_WORDS,
    AuthorisationForm,
    RegistrationForm,
    RenewalForm,
    category_names,
)
from kernel import clock
from kernel.errors import DomainError, NotFound
from merchants import access as shops
from merchants import brand_chains, brand_claims
from merchants.access import membership_for
from merchants.appeal_lifecycle import About
from merchants.brand_chains import Chain, Link
from merchants.capabilities import Capability
from merchants.document_lifecycle import STATE_WORDS, DocumentState
from merchants.models import Membership
from web.forms import Form
from web.http import Request
from web.respond import page, redirect

TONES = {"handed_in": "info", "verified": "ok", "refused": "late", "expired": "late", "withdrawn": ""}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Request, slug: str) -> HttpResponse:
    """Every brand that the shop claims; claiming another one."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    post, day = request.method == "POST", brand_chains.today(clock.now())
    form = RegistrationForm(request.POST, request.FILES) if post else RegistrationForm()
    if post and form.is_valid() and (claim := _claim(membership, form)):
        messages.success(request, _("Handed in. Go on with the next link."))
        return redirect(request, "catalog:brand-claim", slug, claim)
    locale = get_language() or "zh-hans"
    found = brand_chains.of_shop(membership.merchant_id, day=day)
    context = {
        "merchant": membership.merchant,
        "form": form,
        "chains": [shown(each, locale=locale) for each in found],
    }
    return page(request, "catalog/brands.html", context, status=422 if form.errors else 200)


def _claim(membership: Membership, form: RegistrationForm) -> UUID | None:
    try:
        made = brand_claims.claim(
            merchant_id=membership.merchant_id,
            registration=form.registration(),
            hands=int(form.cleaned_data["hands"]),
            paper=form.proof(),
            actor=membership.actor,
            at=clock.now(),
        )
    except DomainError as refused:
        form.refuse(refused)
        return None
    return made.pk


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Request, slug: str, claim_id: UUID) -> HttpResponse:
    """One chain with each link's state; the next link is handed in here."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    found, locale = _of(membership, claim_id), get_language() or "zh-hans"
    form = None if found.complete else _next(request, found, category_names(locale))
    if form is not None and request.method == "POST" and form.is_valid():
        if _authorise(membership, found, form):
            messages.success(request, _("Handed in. We check it within two working days and write to you."))
            return redirect(request, "catalog:brand-claim", slug, claim_id)
    context = {"merchant": membership.merchant, "chain": shown(found, locale=locale), "form": form}
    return page(request, "catalog/brand_claim.html", context, status=422 if form and form.errors else 200)


def _next(request: Request, found: Chain, names: dict[str, str]) -> AuthorisationForm:
    before = found.links[-1].link
    said: dict[str, Any] = {
        "last": before.position + 2 == found.claim.length,
        "categories": before.categories,
        "names": names,
    }
    if request.method == "POST":
        return AuthorisationForm(request.POST, request.FILES, **said)
    return AuthorisationForm(**said)


def _authorise(membership: Membership, found: Chain, form: AuthorisationForm) -> bool:
    return _tried(
        form,
        lambda: brand_claims.authorise(
            claim_id=found.claim.pk,
            merchant_id=membership.merchant_id,
            said=form.authorisation(),
            by_person=bool(form.cleaned_data.get("by_person")),
            paper=form.proof(),
            actor=membership.actor,
            at=clock.now(),
        ),
    )


def _tried(form: Form, step: Any) -> bool:
    try:
        step()
    except DomainError as refused:
        form.refuse(refused)
    return not form.errors


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def renewal(request: Request, slug: str, claim_id: UUID, brandlink_id: UUID) -> HttpResponse:
    """Another paper for one link, before or after the old one ends."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    found = _of(membership, claim_id)
    if brandlink_id not in {each.link.pk for each in found.links}:
        raise NotFound
    form = RenewalForm(request.POST, request.FILES) if request.method == "POST" else RenewalForm()
    if request.method == "POST" and form.is_valid() and _renewed(membership, brandlink_id, form):
        messages.success(request, _("Handed in. We check it within two working days and write to you."))
        return redirect(request, "catalog:brand-claim", slug, claim_id)
    context = {"merchant": membership.merchant, "form": form, "claim": found.claim}
    return page(request, "catalog/brand_renewal.html", context, status=422 if form.errors else 200)


def _renewed(membership: Membership, link_id: UUID, form: RenewalForm) -> bool:
    return _tried(
        form,
        lambda: brand_claims.renew(
            link_id=link_id,
            merchant_id=membership.merchant_id,
            paper=form.proof(),
            actor=membership.actor,
            at=clock.now(),
        ),
    )


def _of(membership: Membership, claim_id: UUID) -> Chain:
    day = brand_chains.today(clock.now())
    return brand_chains.one_of_shop(claim_id, merchant_id=membership.merchant_id, day=day)


@require_POST
def end(request: Request, slug: str, claim_id: UUID) -> HttpResponse:
    """Take the claim back; the badge goes at once."""
    membership = membership_for(request.actor, slug, needs=Capability.OWNER)
    brand_claims.end(
        claim_id=claim_id, merchant_id=membership.merchant_id, actor=membership.actor, at=clock.now()
    )
    messages.success(request, _("Taken back. Your offers no longer say “brand direct” for it."))
    return redirect(request, "catalog:brands", slug)


@require_safe
def proof(request: Request, slug: str, claim_id: UUID) -> HttpResponse:
    """The chain as anybody may read it: link by link, who vouches, until when."""
    merchant, at, locale = shops.public_merchant(slug), clock.now(), get_language() or "zh-hans"
    found = brand_chains.public(merchant, claim_id, at=at)
    context = {"merchant": merchant, "chain": shown(found, locale=locale)}
    return page(request, "catalog/brand_proof.html", context)


def shown(found: Chain, *, locale: str) -> dict[str, Any]:
    """A chain as pages show it; people's names are nowhere in it."""
    names = category_names(locale)
    return {
        "claim": found.claim,
        "brand": found.claim.brand,
        "whole": found.whole,
        "complete": found.complete,
        "until": found.until,
        "categories": [names.get(each, each) for each in found.categories],
        "links": [_link(each, found, names) for each in found.links],
        "place": _(PLACE_WORDS[found.claim.brand.place]),
        "classes": ", ".join(map(str, found.claim.brand.classes)),
    }


def _link(each: Link, found: Chain, names: dict[str, str]) -> dict[str, Any]:
    newest = each.newest
    state = DocumentState(newest.state) if newest else DocumentState.HANDED_IN
    refusal = brand_chains.refusal_of(each) if state == DocumentState.REFUSED else None
    return {
        "link": each.link,
        "paper": each.paper,
        "newest": newest,
        "holds": each.holds,
        "from": _holder(found, each.link.position - 1),
        "to": _holder(found, each.link.position),
        "first": each.link.position == 0,
        "state": _(STATE_WORDS[state]),
        "tone": TONES[state],
        "refusal": refusal,
        "about": About.BRAND.value,
        "places": [_(PLACE_WORDS[code]) for code in each.link.territory],
        "categories": [names.get(slug, slug) for slug in each.link.categories],
    }


def _holder(found: Chain, position: int) -> str:
    """Who holds the right after the link in this place: the owner, a distributor, or the shop."""
    claim = found.claim
    if position == claim.length - 1:
        return claim.merchant.display_name
    if position <= 0:
        return claim.brand.owner or _("a private person, named in the register")
    return found.links[position].link.grantee or _("a private person")
