"""The merchant's repairs and exchanges: answer, receive, take on, send, refund or refuse."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog import serial_handing
from kernel import clock
from kernel.errors import N_, DomainError
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders import claim_access
from orders.aftercare import claims, mending, photos
from orders.models import FaultClaim
from orders.models.claims import EXCHANGE
from orders.queries import FaultClaimQuerySet
from orders.states import ClaimState
from orders.web import claim_page, claim_view, order_page, portal_page
from orders.web.forms import RefusalForm
from orders.web.presenting import View
from orders.web.shipping_forms import TrackingForm
from privacy.web import stored_files
from web.http import Request
from web.idempotency import idempotent
from web.paging import paginate
from web.respond import page, redirect

TAB_WORDS = {"mine": N_("Waiting for you"), "open": N_("Open"), "all": N_("All")}


@never_cache
@require_safe
def listing(request: Request, slug: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    tab = request.GET.get("tab", "mine")
    paged = paginate(request, _found(membership, tab))
    clocks = order_page.next_clocks_of_returns(paged)
    context = {
        **portal_page.frame(membership),
        "tabs": portal_page.tabs(TAB_WORDS, tab),
        "paged": paged,
        "rows": [{**claim_view.row(each), "clock": clocks.get(each.pk)} for each in paged],
        "now": clock.now(),
    }
    return page(request, "orders/portal_claims.html", context)


def _found(membership: Membership, tab: str) -> FaultClaimQuerySet:
    found = claim_access.claims_of_merchant(membership).order_by("asked_at", "id")
    if tab == "mine":
        return found.waiting_for_merchant()
    return found.unfinished() if tab == "open" else found


@never_cache
@require_safe
def show(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    return _page(request, membership, claim_access.claim_for_merchant(membership, claim_number))


def _page(
    request: Request,
    membership: Membership,
    claim: FaultClaim,
    *,
    refusal: RefusalForm | None = None,
    form: TrackingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _shown(membership, claim, refusal, form)
    return page(request, "orders/portal_claim.html", context, status=status)


def _shown(
    membership: Membership, claim: FaultClaim, refusal: RefusalForm | None, form: TrackingForm | None
) -> View:
    now = clock.now()
    steps = _steps(claim) if membership.can(Capability.ORDERS) else {}
    return {
        **claim_page.context(claim, at=now, form=form, seat="member"),
        **portal_page.frame(membership),
        "fault": claim_access.fault_for_merchant(membership, claim, at=now),
        "refusal_form": refusal or RefusalForm(),
        **steps,
        "recipient": claim_access.recipient(membership, claim, at=now) if steps.get("may_send") else {},
    }


def _steps(claim: FaultClaim) -> View:
    """What the shop can do with it now."""
    return {
        "may_answer": claim.state == ClaimState.ASKED,
        "may_receive": claim.state in (ClaimState.ACCEPTED, ClaimState.POSTED),
        "may_inspect": claim.state == ClaimState.RECEIVED,
        "may_send": claim.state == ClaimState.IN_HAND,
        "has_codes": claim.remedy == EXCHANGE and serial_handing.has_codes([claim.line.listing_id]),
    }


def _opened(request: Request, slug: str, claim_number: str) -> tuple[Membership, FaultClaim]:
    membership = membership_for(request.actor, slug, needs=Capability.ORDERS)
    return membership, claim_access.claim_for_merchant(membership, claim_number)


def _done(request: Request, slug: str, claim_number: str) -> HttpResponse:
    return redirect(request, "orders:merchant-claim", slug, claim_number)


@never_cache
@require_safe
def photo(request: Request, slug: str, claim_number: str, photo_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug)
    claim = claim_access.claim_for_merchant(membership, claim_number)
    held = claim_access.photo_of(claim, photo_id)
    return stored_files.answer(held.file, purpose=photos.PURPOSE, actor=membership.actor, at=clock.now())


@require_POST
@idempotent
def acceptance(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership, claim = _opened(request, slug, claim_number)
    claims.accept(claim_id=claim.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, claim_number)


@require_POST
@idempotent
def receipt(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership, claim = _opened(request, slug, claim_number)
    claims.receive(claim_id=claim.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, claim_number)


@require_POST
@idempotent
def work(request: Request, slug: str, claim_number: str) -> HttpResponse:
    """The fault is real: repair it, or set other goods aside."""
    membership, claim = _opened(request, slug, claim_number)
    claims.take_on(claim_id=claim.pk, actor=membership.actor, at=clock.now())
    return _done(request, slug, claim_number)


@require_POST
@idempotent
def refund(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership, claim = _opened(request, slug, claim_number)
    mending.refund(claim_id=claim.pk, cause="merchant", actor=membership.actor, at=clock.now())
    return _done(request, slug, claim_number)


@require_POST
@idempotent
def parcel(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership, claim = _opened(request, slug, claim_number)
    form = TrackingForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data["tracking_number"]
        try:
            mending.send(claim_id=claim.pk, tracking_number=typed, actor=membership.actor, at=clock.now())
            return _done(request, slug, claim_number)
        except DomainError as refused:
            form.refuse(refused)
    return _page(request, membership, claim, form=form, status=422)


@require_POST
@idempotent
def refusal(request: Request, slug: str, claim_number: str) -> HttpResponse:
    membership, claim = _opened(request, slug, claim_number)
    form = RefusalForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            claims.refuse(claim_id=claim.pk, reason=reason, actor=membership.actor, at=clock.now())
            return _done(request, slug, claim_number)
        except DomainError as refused:
            form.refuse(refused)
    return _page(request, membership, claim, refusal=form, status=422)
