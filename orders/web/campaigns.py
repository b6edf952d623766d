"""What the platform pays towards just now, with its rules, for everybody; and a coupon claimed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.schema import in_language
from kernel import clock
from kernel.errors import DomainError
from orders import access
from orders.campaigns import claiming, seeing, taking_off
from orders.models import Campaign
from orders.web import promotion_words
from rulebook import wording
from web.errors import sentence
from web.http import Request
from web.respond import page, redirect


@never_cache
@require_safe
def listing(request: Request) -> HttpResponse:
    """Those that are on, and those that are to come."""
    at = clock.now()
    may_claim, actor = access.who_may_claim(request)
    mine = seeing.campaigns_claimed(actor)
    rows = [
        _row(each)
        | {"mine": each.pk in mine, "on": may_claim and each.is_on(at), "waits": each.starts_at > at}
        for each in seeing.campaigns_to_see(at=at)
    ]
    return page(request, "orders/campaigns.html", {"rows": rows, "now": at})


def _row(campaign: Campaign) -> dict[str, Any]:
    locale = wording.locale()
    return {
        "campaign": campaign,
        "name": in_language(campaign.names, locale),
        "rules": in_language(campaign.rules, locale),
        "says": promotion_words.of_offer(taking_off.offer_of(campaign, campaign.pk)),
        "grade": campaign.least_grade,
        "spent": campaign.left.minor < campaign.off_minor,
    }


@require_POST
def claim(request: Request, campaign_id: UUID) -> HttpResponse:
    """Claim one coupon; a visitor becomes a guest, as by putting something into the cart."""
    at = clock.now()
    found = seeing.campaign_to_see(campaign_id)
    actor = access.shopper_made(request, at=at)
    assert actor.subject_id is not None
    try:
        claiming.claim(campaign_id=found.pk, subject_id=actor.subject_id, actor=actor, at=at)
        messages.success(request, _("The coupon is yours. It comes off by itself at the checkout."))
    except DomainError as refused:
        messages.error(request, sentence(refused))
    return redirect(request, "orders:campaigns")
