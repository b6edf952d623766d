"""Leaving the platform: what happens, the announcement, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from merchants import closing as leaving
from merchants.access import membership_for
from merchants.capabilities import Capability
from merchants.lifecycle import MERCHANT
from merchants.models import Membership
from web import respond
from web.http import Request
from web.step_up import proved_recently


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Request, slug: str) -> HttpResponse:
    """The member's door first: who isn't the owner finds nothing, proof or not."""
    owner = membership_for(request.actor, slug, needs=Capability.OWNER)
    if request.method == "POST":
        return _decided(request, owner=owner)
    context = {
        "merchant": owner.merchant,
        "may_close": MERCHANT.allows(owner.merchant.state, "close"),
        "rule": leaving.RULE,
        "now": clock.now(),
    }
    return respond.page(request, "merchants/closing.html", context)


@proved_recently
def _decided(request: Request, *, owner: Membership) -> HttpResponse:
    step = leaving.withdraw if "withdraw" in request.POST else leaving.announce
    step(merchant_id=owner.merchant_id, actor=owner.actor, at=clock.now())
    stays = "withdraw" in request.POST
    messages.success(
        request, _("The shop stays open.") if stays else _("Announced. It stands on your shop page now.")
    )
    return respond.redirect(request, "merchants:closing", owner.merchant.slug)
