"""Repair or exchange for the buyer: ask, post, confirm, withdraw, demand other goods."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import access, claim_access
from orders.aftercare import asking, mending, photos
from orders.aftercare import claims as claiming
from orders.models import FaultClaim, Order, OrderLine
from orders.web import claim_page, claim_view, label_view, presenting
from orders.web.claim_forms import ClaimForm
from orders.web.presenting import View
from orders.web.shipping_forms import TrackingForm
from privacy.web import stored_files
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect


@never_cache
@require_safe
def new(request: Request, number: str, line_id: UUID) -> HttpResponse:
    """What may be asked for this item today, each with its rule and who pays the freight."""
    order = access.order_for_buyer(access.buyer_of(request, scope=Scope.RETURNS), number)
    line = asking.line_of(order, line_id)
    return page(request, "orders/claim_new.html", _offer(order, line))


def _offer(order: Order, line: OrderLine, data: QueryDict | None = None) -> View:
    now = clock.now()
    known = [each for each in claim_access.claims_of(order) if each.line_id == line.pk]
    offered = claim_view.choices(order, line, known, at=now)
    fixes = [one for one in offered if one["kind"] != "refund"]
    return {
        "order": order,
        "line": line,
        "thing": presenting.thing_of(line),
        "choices": fixes,
        "refund_url": claim_view.refund_url(order, offered),
        "carriage": label_view.payer_words(order, "trader", at=now),
        "running": next((each for each in known if each.is_open), None),
        "worth": asking.worth(order, line, 1) if fixes else None,
        "form": ClaimForm(
            data,
            most=line.returnable_quantity,
            remedies=[(one["kind"], one["label"]) for one in fixes],
            earlier=claim_view.earlier(known),
        ),
        "now": now,
    }


@require_POST
@idempotent
def ask(request: Request, number: str, line_id: UUID) -> HttpResponse:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    order = access.order_for_buyer(actor, number)
    offer = _offer(order, asking.line_of(order, line_id), request.POST)
    form: ClaimForm = offer["form"]
    if form.is_valid():
        try:
            made = _ask(request, order, line_id, form, actor)
            return redirect(request, "orders:claim-page", made.number)
        except DomainError as refusal:
            form.refuse(refusal)
    return page(request, "orders/claim_new.html", offer, status=422)


def _ask(request: Request, order: Order, line_id: UUID, form: ClaimForm, actor: Actor) -> FaultClaim:
    at, given = clock.now(), form.cleaned_data
    repeats = given.get("repeats")
    shown = photos.receive(request.FILES.getlist("files"), subject_id=order.subject_id, actor=actor, at=at)
    return claiming.ask(
        order_id=order.pk,
        line_id=line_id,
        quantity=given["quantity"],
        remedy=given["remedy"],
        fault=given["fault"],
        repeats_id=UUID(repeats) if repeats else None,
        shown=shown,
        actor=actor,
        at=at,
    )


@never_cache
@require_safe
def show(request: Request, claim_number: str) -> HttpResponse:
    _actor, claim = _own(request, claim_number)
    return page(request, "orders/claim.html", claim_page.context(claim, at=clock.now()))


def _own(request: Request, claim_number: str) -> tuple[Actor, FaultClaim]:
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    return actor, claim_access.claim_for_buyer(actor, claim_number)


@never_cache
@require_safe
def photo(request: Request, claim_number: str, photo_id: UUID) -> HttpResponse:
    actor, claim = _own(request, claim_number)
    held = claim_access.photo_of(claim, photo_id)
    return stored_files.answer(held.file, purpose=photos.PURPOSE, actor=actor, at=clock.now())


@require_POST
@idempotent
def parcel(request: Request, claim_number: str) -> HttpResponse:
    actor, claim = _own(request, claim_number)
    form, now = TrackingForm(request.POST), clock.now()
    if form.is_valid():
        typed = form.cleaned_data["tracking_number"]
        try:
            claiming.post(claim_id=claim.pk, tracking_number=typed, actor=actor, at=now)
            return redirect(request, "orders:claim-page", claim_number)
        except DomainError as refusal:
            form.refuse(refusal)
    return page(request, "orders/claim.html", claim_page.context(claim, at=now, form=form), status=422)


@require_POST
@idempotent
def withdrawal(request: Request, claim_number: str) -> HttpResponse:
    actor, claim = _own(request, claim_number)
    claiming.withdraw(claim_id=claim.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:claim-page", claim_number)


@require_POST
@idempotent
def receipt(request: Request, claim_number: str) -> HttpResponse:
    actor, claim = _own(request, claim_number)
    mending.confirm(claim_id=claim.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:claim-page", claim_number)


@require_POST
@idempotent
def exchange(request: Request, claim_number: str) -> HttpResponse:
    """Other goods instead of a repair that takes too long."""
    actor, claim = _own(request, claim_number)
    mending.demand_exchange(claim_id=claim.pk, actor=actor, at=clock.now())
    return redirect(request, "orders:claim-page", claim_number)
