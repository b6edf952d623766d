"""A shop's threshold offers and coupons in its portal: what there is, one made, one withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import DomainError
from kernel.money import Money
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.models import Membership
from orders.models import Promotion
from orders.promotions import offering, seeing
from orders.web import promotion_words
from orders.web.promotion_form import PromotionForm
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def promotions(request: Request, slug: str) -> HttpResponse:
    """Everybody who belongs may read; who keeps the listings makes one."""
    membership = membership_for(request.actor, slug)
    if request.method != "POST":
        return _page(request, membership, PromotionForm())
    membership.require(Capability.LISTINGS)
    form, at = PromotionForm(request.POST), clock.now()
    if not form.is_valid():
        return _page(request, membership, form)
    try:
        offering.make(
            merchant_id=membership.merchant_id, terms=form.terms(at=at), actor=membership.actor, at=at
        )
    except DomainError as refused:
        form.refuse(refused)
        return _page(request, membership, form)
    messages.success(request, _("Made. Buyers see it in the cart and on the shop's page of offers."))
    return redirect(request, "orders:merchant-promotions", slug)


@require_POST
def withdrawal(request: Request, slug: str, promotion_id: UUID) -> HttpResponse:
    membership = membership_for(request.actor, slug, needs=Capability.LISTINGS)
    try:
        offering.withdraw(
            promotion_id=promotion_id,
            merchant_id=membership.merchant_id,
            actor=membership.actor,
            at=clock.now(),
        )
        messages.success(
            request, _("Withdrawn. Coupons that were claimed and orders that were placed keep it.")
        )
    except offering.PromotionOver as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:merchant-promotions", slug)


def _page(request: Request, membership: Membership, form: PromotionForm) -> HttpResponse:
    at = clock.now()
    rows = [_row(each, at) for each in seeing.promotions_of(membership)]
    context = {
        "merchant": membership.merchant,
        "rows": rows,
        "form": form,
        "may_edit": membership.can(Capability.LISTINGS),
    }
    return page(request, "orders/portal_promotions.html", context, status=422 if form.errors else 200)


def _row(promotion: Promotion, at: datetime) -> dict[str, Any]:
    return {
        "promotion": promotion,
        "name": promotion_words.name_of(promotion),
        "says": promotion_words.says(promotion),
        "standing": _standing(promotion, at),
        "stands": promotion.withdrawn_at is None and promotion.ends_at > at,
        "value": Money(promotion.gift_minor or 0),
        "claimed": getattr(promotion, "claimed", 0),
        "used": getattr(promotion, "used", 0),
    }


def _standing(promotion: Promotion, at: datetime) -> str:
    if promotion.withdrawn_at is not None:
        return _("withdrawn")
    if promotion.ends_at <= at:
        return _("over")
    return _("to come") if promotion.starts_at > at else _("running")
