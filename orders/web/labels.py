"""The free way back for the buyer: a label, its sheet to print, and the carrier's visit."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.mandate_scopes import Scope
from kernel import clock
from kernel.actor import Actor
from kernel.errors import DomainError
from orders import access, claim_access
from orders.labels import access as label_access
from orders.labels import collecting, issuing
from orders.labels.issuing import Back
from orders.models import FaultClaim
from orders.web import claim_page, label_view, return_page
from orders.web.label_forms import CollectionForm
from web.http import Request
from web.idempotency import idempotent
from web.respond import page, redirect

RETURN, CLAIM = "return", "claim"


def _own(request: Request, kind: str, number: str) -> tuple[Actor, Back, dict[str, Any]]:
    """What goes back of this buyer's, and how use cases name it."""
    actor = access.buyer_of(request, scope=Scope.RETURNS)
    if kind == RETURN:
        found = access.return_for_buyer(actor, number)
        return actor, found, {"return_id": found.pk}
    claim = claim_access.claim_for_buyer(actor, number)
    return actor, claim, {"claim_id": claim.pk}


@require_POST
@idempotent
def make(request: Request, kind: str, number: str = "", claim_number: str = "") -> HttpResponse:
    actor, back, which = _own(request, kind, number or claim_number)
    issuing.issue(actor=actor, at=clock.now(), **which)
    return redirect(request, f"orders:{kind}-page", back.number)


@never_cache
@require_safe
def sheet(request: Request, kind: str, number: str = "", claim_number: str = "") -> HttpResponse:
    """The label to print, on A6 or with words on A4; it names the shop and nobody of the buyer's."""
    _actor, back, _which = _own(request, kind, number or claim_number)
    label = label_access.label_of(back)
    if label is None:
        return redirect(request, f"orders:{kind}-page", back.number)
    context = {
        "back": back,
        "label": label,
        "picture": label_view.picture(label),
        "to": access.goes_back_to(back, at=clock.now()),
        "small": request.GET.get("size") == "a6",
        "page_url": reverse(f"orders:{kind}-page", args=[back.number]),
    }
    return page(request, "orders/label_sheet.html", context)


@require_POST
@idempotent
def collection(request: Request, kind: str, number: str = "", claim_number: str = "") -> HttpResponse:
    """Book the visit, or move it to another time."""
    actor, back, which = _own(request, kind, number or claim_number)
    now = clock.now()
    form = label_view.a_form(back, at=now, data=request.POST)
    if form.is_valid():
        try:
            collecting.book(starts_at=form.starts_at, where=form.where, actor=actor, at=now, **which)
            return redirect(request, f"orders:{kind}-page", back.number)
        except DomainError as refusal:
            form.refuse(refusal)
    return _again(request, back, form)


def _again(request: Request, back: Back, form: CollectionForm) -> HttpResponse:
    now = clock.now()
    if isinstance(back, FaultClaim):
        shown = claim_page.context(back, at=now, fetched=form)
        return page(request, "orders/claim.html", shown, status=422)
    shown = return_page.context(back, at=now, fetched=form)
    return page(request, "orders/return.html", shown, status=422)


@require_POST
@idempotent
def collection_end(request: Request, kind: str, number: str = "", claim_number: str = "") -> HttpResponse:
    """Nobody has to come; the label stays."""
    actor, back, which = _own(request, kind, number or claim_number)
    collecting.cancel(actor=actor, at=clock.now(), **which)
    return redirect(request, f"orders:{kind}-page", back.number)
