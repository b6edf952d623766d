"""What a shop takes off just now, for everybody; and a coupon claimed."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import DomainError
from merchants.access import public_merchant
from orders import access
from orders.promotions import claiming, seeing
from orders.web import promotion_words
from web import errors
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect

RATE = "claim_coupon"


@never_cache
@require_safe
def shop_promotions(request: Request, slug: str) -> HttpResponse:
    """Its threshold offers, and its coupons with a button for those that one may still claim."""
    merchant, at = public_merchant(slug), clock.now()
    may_claim, actor = access.who_may_claim(request)
    mine = seeing.coupons_claimed(actor, merchant.pk)
    rows = [
        {
            "promotion": each,
            "name": promotion_words.name_of(each),
            "says": promotion_words.says(each),
            "is_coupon": each.is_coupon,
            "claimed": mine.get(each.pk, 0),
            "claimable": may_claim and each.is_coupon and mine.get(each.pk, 0) < each.each,
        }
        for each in seeing.promotions_on(merchant.pk, at=at)
    ]
    return page(request, "orders/shop_promotions.html", {"merchant": merchant, "rows": rows})


@require_POST
def claim(request: Request, slug: str, promotion_id: UUID) -> HttpResponse:
    """Claim one coupon; a visitor becomes a guest, as by putting something into the cart."""
    if not request.user.is_authenticated and not ratelimit.consume(request, action=RATE):
        return errors.too_many(request)
    merchant, at = public_merchant(slug), clock.now()
    promotion = seeing.promotion_on_shelf(merchant.pk, promotion_id)
    actor = access.shopper_made(request, at=at)
    assert actor.subject_id is not None
    try:
        claiming.claim(promotion_id=promotion.pk, subject_id=actor.subject_id, actor=actor, at=at)
        messages.success(request, _("The coupon is yours. It waits for you at the checkout."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    if request.POST.get("go") == "cart":
        return redirect(request, "orders:cart")
    return redirect(request, "orders:shop-promotions", slug)
