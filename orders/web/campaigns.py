"""What the platform pays towards just now, with its rules, for everybody; and a coupon claimed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog import campaign_prices
from catalog.models import CampaignPrice
from catalog.schema import in_language
from catalog.web.presenting import cards
from kernel import clock
from kernel.errors import DomainError
from orders import access
from orders.campaigns import claiming, making, seeing
from orders.models import Campaign
from orders.web import campaign_words
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
        | {"cards": _cards(each, at)}
        for each in seeing.campaigns_to_see(at=at)
    ]
    return page(request, "orders/campaigns.html", {"rows": rows, "now": at})


def _row(campaign: Campaign) -> dict[str, Any]:
    locale = wording.locale()
    return {
        "campaign": campaign,
        "name": in_language(campaign.names, locale),
        "rules": in_language(campaign.rules, locale),
        "says": campaign_words.says(campaign),
        "payer": campaign_words.payer(campaign),
        "grade": campaign.least_grade,
        "spent": _spent(campaign),
    }


def _spent(campaign: Campaign) -> bool:
    """Nothing can be promised any more; what shops pay themselves never runs out."""
    if campaign.shop_permille == making.WHOLE:
        return False
    return campaign.left.minor < max(campaign.off_minor, 1)


def _cards(campaign: Campaign, at: datetime) -> list[dict[str, Any]]:
    """The goods that have its price now, each with what it costs at the checkout."""
    if not (campaign.is_of_goods and campaign.is_on(at)):
        return []
    listings, locale = seeing.goods_in(campaign, at=at), wording.locale()
    found = campaign_prices.held_by(campaign.pk, [each.pk for each in listings], at=at)
    shown = zip(listings, cards(listings, locale=locale, at=at), strict=True)
    return [card | _badge(found[each.pk]) for each, card in shown if each.pk in found]


def _badge(price: CampaignPrice) -> dict[str, Any]:
    told = {"percent": campaign_words.percent(price.off_permille)}
    return {"badge": _("%(percent)s %% off at the checkout") % told}


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
